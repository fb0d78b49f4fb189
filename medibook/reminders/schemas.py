"""The shapes that enter and leave the reminders room."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Plan(_Shape):
    """When to look at a visit next, and which of its reminders have been written.

    ``since``: the visit is at its time since then. ``told_hours``: reminders of so many hours before
    it, and more, are done with.
    """

    appointment_id: UUID
    since: datetime
    told_hours: int | None


class Named(_Shape):
    """A visit that a reminder names, as it stood when the reminder was written."""

    reminder_id: UUID
    appointment_id: UUID
    version: int
    mark: str
    hours: int
