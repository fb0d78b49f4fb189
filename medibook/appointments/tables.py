"""Visits, the series they may belong to, and their history."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from medibook.appointments.schemas import AppointmentStatus
from medibook.kernel.db import Table, enum_column, instant


class Appointment(Table, table=True):
    """A visit: the instant in UTC, and the wall time and zone that were promised."""

    __tablename__ = "appointment"
    __table_args__ = (
        sa.Index("ix_appointment_practitioner_id_starts_at", "practitioner_id", "starts_at"),
        sa.Index("ix_appointment_patient_id_starts_at", "patient_id", "starts_at"),
        # The front desk's day, at one place and at all of them.
        sa.Index("ix_appointment_location_id_starts_at", "location_id", "starts_at"),
        sa.Index("ix_appointment_starts_at", "starts_at"),
        sa.CheckConstraint("starts_at < ends_at", name="forward"),
    )

    reference: str = Field(max_length=9, unique=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    practitioner_id: UUID = Field(foreign_key="practitioner.id")
    service_id: UUID = Field(foreign_key="service.id")
    location_id: UUID = Field(foreign_key="location.id")
    room_id: UUID | None = Field(default=None, foreign_key="room.id")
    status: AppointmentStatus = Field(
        sa_type=enum_column(AppointmentStatus), nullable=False, index=True
    )
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    wall_start: str = Field(
        max_length=16, description="what the wall clock will say: 2026-11-24T10:30"
    )
    zone: str = Field(max_length=40)
    reason: str = Field(default="", max_length=500)
    fee_minor: int
    fee_currency: str = Field(max_length=3)
    cancel_until: datetime = instant()
    late_cancel_allowed: bool = False
    booked_by: UUID = Field(foreign_key="user_account.id")
    override_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    lapses_at: datetime | None = instant(nullable=True, index=True)
    cancelled_by_patient: bool | None = None
    cancel_reason: str = Field(default="", max_length=300)
    created_at: datetime = instant()
    # When the patient said that they will come at this time.
    confirmed_at: datetime | None = instant(nullable=True)
    version: int = 1


class BookingKey(Table, table=True):
    """A booking attempt's own key: whoever sends it again gets the first answer (I5)."""

    __tablename__ = "booking_key"
    __table_args__ = (sa.UniqueConstraint("user_id", "key"),)

    user_id: UUID = Field(foreign_key="user_account.id")
    key: str = Field(max_length=64)
    appointment_id: UUID = Field(foreign_key="appointment.id")


class AppointmentSeries(Table, table=True):
    """Visits that repeat: the rule as it was agreed, on the wall of the first visit's location."""

    __tablename__ = "appointment_series"
    __table_args__ = (sa.UniqueConstraint("booked_by", "booking_key"),)

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    practitioner_id: UUID = Field(foreign_key="practitioner.id", index=True)
    service_id: UUID = Field(foreign_key="service.id")
    rule: str = Field(max_length=80, description="RFC 5545: FREQ=WEEKLY;BYDAY=TU;COUNT=12")
    wall_start: str = Field(
        max_length=16, description="the first visit as it was wished: 2026-11-24T10:30"
    )
    zone: str = Field(max_length=40, description="IANA; on whose wall the rule is meant")
    booked_by: UUID = Field(foreign_key="user_account.id")
    booking_key: str = Field(max_length=64)
    last_key: str = Field(default="", max_length=64, description="of the last change: I5")
    created_at: datetime = instant()
    version: int = Field(default=1, description="rises with every change of several visits")


class SeriesVisit(SQLModel, table=True):
    """A visit's place in its series, and what the series says of its time.

    A visit whose own wall time is another was moved alone, or had to be replaced when it was booked.
    """

    __tablename__ = "series_visit"
    __table_args__ = (sa.UniqueConstraint("series_id", "place"),)

    appointment_id: UUID = Field(foreign_key="appointment.id", primary_key=True)
    series_id: UUID = Field(foreign_key="appointment_series.id")
    place: int = Field(
        description="1 is the first date of the rule; a place that was skipped has none"
    )
    wall_start: str = Field(max_length=16, description="2026-12-01T10:30")
    version: int = Field(default=1, description="the series' version that last changed this visit")


class AppointmentChange(Table, table=True):
    """A row of history: who changed what, when, and why; never updated or deleted."""

    __tablename__ = "appointment_change"

    appointment_id: UUID = Field(foreign_key="appointment.id", index=True)
    version: int
    at: datetime = instant()
    by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    by_role: str = Field(max_length=16)
    from_status: str = Field(default="", max_length=24)
    to_status: str = Field(max_length=24)
    from_start: datetime | None = instant(nullable=True)
    to_start: datetime = instant()
    from_end: datetime | None = instant(nullable=True)
    to_end: datetime | None = instant(nullable=True)
    from_practitioner_id: UUID | None = Field(
        default=None, description="with whom it was before, when it has gone to somebody else"
    )
    reason: str = Field(default="", max_length=300)
