"""When to look at a visit next, and which visits a reminder has named."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from medibook.kernel.db import instant


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
