"""When to look at a visit next, which visits a reminder has named, and who should come again when."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from medibook.kernel.db import Table, enum_column, instant
from medibook.reminders.schemas import FollowUpEnd, FollowUpState


class ReminderPlan(SQLModel, table=True):
    """A visit whose reminders are still to come; written with the booking, gone with the last of them."""

    __tablename__ = "reminder_plan"

    appointment_id: UUID = Field(foreign_key="appointment.id", primary_key=True)
    since: datetime = instant()
    look_at: datetime = instant(index=True)
    told_hours: int | None = Field(
        default=None, description="reminders of so many hours before it, and more, are written"
    )


class RemindedVisit(SQLModel, table=True):
    """A visit that a reminder names; the reminder's messages have its id as their fact."""

    __tablename__ = "reminded_visit"

    reminder_id: UUID = Field(primary_key=True)
    appointment_id: UUID = Field(foreign_key="appointment.id", primary_key=True, index=True)
    version: int = Field(description="of the visit, when the reminder was written")
    mark: str = Field(max_length=64, description="what the reminder says of the visit")
    hours: int = Field(description="which of the policy's reminders")
    written_at: datetime = instant()


_ACTIVE = sa.text("state = 'active'")
_UNTOLD = sa.text("state = 'active' AND told_at IS NULL")


class FollowUp(Table, table=True):
    """Somebody should come again: whom to ask to book when, with whom and for what; never why.

    The database itself lets one be active for a patient, a practitioner and a visit type.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        sa.Index(
            "uq_follow_up_active",
            "patient_id",
            "practitioner_id",
            "service_id",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        # What every booking asks, and the heartbeat.
        sa.Index("ix_follow_up_patient_id_practitioner_id", "patient_id", "practitioner_id"),
        sa.Index("ix_follow_up_state_send_at", "state", "send_at"),
        # Of these there are few, however many have been asked over the years.
        sa.Index(
            "ix_follow_up_untold",
            "send_at",
            sqlite_where=_UNTOLD,
            postgresql_where=_UNTOLD,
        ),
        sa.Index("ix_follow_up_practitioner_id_send_at", "practitioner_id", "send_at"),
    )

    patient_id: UUID = Field(foreign_key="patient.id")
    practitioner_id: UUID = Field(foreign_key="practitioner.id")
    service_id: UUID = Field(foreign_key="service.id")
    after_id: UUID = Field(foreign_key="appointment.id", description="the visit that it follows")
    due_on: date = Field(description="on the wall of the visit's place")
    zone: str = Field(max_length=40, description="IANA; of the visit's place")
    send_at: datetime = instant()
    state: FollowUpState = Field(
        default=FollowUpState.ACTIVE, sa_type=enum_column(FollowUpState), nullable=False
    )
    written_at: datetime | None = instant(nullable=True)
    told_at: datetime | None = instant(nullable=True)
    closed_at: datetime | None = instant(nullable=True)
    closed_because: FollowUpEnd | None = Field(
        default=None, sa_type=enum_column(FollowUpEnd), nullable=True
    )
    settled_by: UUID | None = Field(
        default=None,
        foreign_key="appointment.id",
        index=True,
        description="the visit that was booked; when it falls away, this lives again",
    )
    set_by: UUID = Field(foreign_key="user_account.id")
    created_at: datetime = instant()
    version: int = 1
