"""Opening hours, time off, holds, and the one table of busy time that the database guards."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from medibook.kernel.db import Table, enum_column, instant
from medibook.scheduling.schemas import BookingMode, TimeOffKind


class ResourceKind(StrEnum):
    """What can be busy."""

    PRACTITIONER = "practitioner"
    PATIENT = "patient"
    ROOM = "room"


class SourceKind(StrEnum):
    """What makes it busy."""

    APPOINTMENT = "appointment"
    HOLD = "hold"


class PractitionerSchedule(SQLModel, table=True):
    """How a practitioner wants to be booked."""

    __tablename__ = "practitioner_schedule"

    practitioner_id: UUID = Field(foreign_key="practitioner.id", primary_key=True)
    booking_mode: BookingMode = Field(
        default=BookingMode.INSTANT, sa_type=enum_column(BookingMode), nullable=False
    )
    version: int = Field(
        default=1, description="rises with every change of hours, days off or mode"
    )
    daily_limit: int | None = Field(
        default=None, description="visits a day that they want at most; None: as the clinic says"
    )


class AvailableTime(Table, table=True):
    """Opening hours at a location, on the wall clock of its zone: of every week, or of one date.

    A date that has rows of its own has these instead of those of its weekday.
    """

    __tablename__ = "available_time"

    practitioner_id: UUID = Field(foreign_key="practitioner.id", index=True)
    location_id: UUID = Field(foreign_key="location.id")
    zone: str = Field(max_length=40, description="IANA; on whose wall the hours are meant")
    weekday: int = Field(description="0 is Monday")
    opens: time
    closes: time = Field(description="00:00 is midnight at the end of the day")
    valid_from: date | None = None
    valid_until: date | None = Field(default=None, description="the last day, inclusive")
    on_date: date | None = Field(default=None, description="only on this date, instead of the week")


class TimeOff(Table, table=True):
    """A day off or a blocked time; half-open, UTC; the reason is private to the practice."""

    __tablename__ = "time_off"
    __table_args__ = (
        sa.Index("ix_time_off_practitioner_id_starts_at", "practitioner_id", "starts_at"),
    )

    practitioner_id: UUID = Field(foreign_key="practitioner.id")
    kind: TimeOffKind = Field(sa_type=enum_column(TimeOffKind), nullable=False)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    reason: str = Field(default="", max_length=200)


class Hold(Table, table=True):
    """A time that is kept for one person until it expires (FHIR busy-tentative).

    One with an ``offer_of_…`` is kept by the clinic, which offers it: the patient does not hold it, and
    cannot let it go or extend it as their own.
    """

    __tablename__ = "hold"

    practitioner_id: UUID = Field(foreign_key="practitioner.id", index=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    service_id: UUID = Field(foreign_key="service.id")
    location_id: UUID = Field(foreign_key="location.id")
    room_id: UUID | None = Field(default=None, foreign_key="room.id")
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    expires_at: datetime = instant(index=True)
    created_at: datetime = instant()
    moves_appointment_id: UUID | None = Field(
        default=None, description="the visit that would move here"
    )
    offer_of_appointment_id: UUID | None = Field(
        default=None, index=True, description="the request for which this time is offered instead"
    )
    offer_of_waitlist_id: UUID | None = Field(
        default=None, index=True, description="the waiting list's offer that this time is kept for"
    )
    offer_of_absence_id: UUID | None = Field(
        default=None,
        index=True,
        description="the case for which this time is offered while a practitioner is away",
    )


# No row of busy time is longer, migration 0002 makes the database refuse it. A look for what reaches
# into a window says so: without an earliest start, all that somebody ever had is gone through.
LONGEST_BUSY = timedelta(days=1)


class BusyTime(Table, table=True):
    """When a practitioner, room or patient is taken; the database refuses overlaps.

    The guard is not declared here: PostgreSQL has an EXCLUDE constraint, SQLite two triggers, all
    named ``busy_time_no_overlap``, laid by migration 0002. A row with ``overbooked_by`` is outside
    it. The practitioner's row includes the service's buffers.
    """

    __tablename__ = "busy_time"
    __table_args__ = (
        sa.Index(
            "ix_busy_time_resource_id_starts_at_ends_at", "resource_id", "starts_at", "ends_at"
        ),
        sa.Index("ix_busy_time_source_id", "source_id"),
        sa.CheckConstraint("starts_at < ends_at", name="forward"),
    )

    resource_kind: ResourceKind = Field(sa_type=enum_column(ResourceKind), nullable=False)
    resource_id: UUID
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    source_kind: SourceKind = Field(sa_type=enum_column(SourceKind), nullable=False)
    source_id: UUID
    overbooked_by: UUID | None = Field(default=None, foreign_key="user_account.id")
