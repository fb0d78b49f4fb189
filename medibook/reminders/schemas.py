"""The shapes that enter and leave the reminders room."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from medibook.appointments.schemas import AppointmentCard
from medibook.clinic.schemas import ServiceCard
from medibook.notifications.schemas import LedgerLine


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


class Span(StrEnum):
    """In what the time until the next visit is counted."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class FollowUpState(StrEnum):
    """FHIR R4's status of a CommunicationRequest, as far as a follow-up needs it."""

    ACTIVE = "active"
    COMPLETED = "completed"
    REVOKED = "revoked"


class FollowUpEnd(StrEnum):
    """Why a follow-up is over; the words stand in the ledger of its messages."""

    BOOKED = "a visit is booked"
    TOLD = "told"
    TAKEN_BACK = "taken back"
    NOT_WANTED = "not wanted"
    SET_ANEW = "set anew"
    NOBODY = "nobody can be told"
    NOT_OFFERED = "no longer offered"
    NOT_SENT = "nothing has left"


class FollowUpStage(StrEnum):
    """How a follow-up stands, as people read it."""

    PLANNED = "planned"
    TOLD = "told"
    BOOKED = "booked"
    ENDED = "ended"


class NewFollowUp(_Shape):
    """When somebody should come again after a visit, and for what; None: for the same."""

    number: int
    span: Span
    service_id: UUID | None = None


class FollowUpCard(_Shape):
    """A follow-up as its patient and the clinic's people see it."""

    follow_up_id: UUID
    patient_id: UUID
    patient_name: str
    practitioner_name: str
    practitioner_slug: str
    service_id: UUID
    service_name: str
    after_id: UUID = Field(description="the visit after which it was set")
    due_on: date = Field(description="on the wall of the visit's place")
    stage: FollowUpStage
    end: FollowUpEnd | None
    problem: str = Field(default="", description="what kept the message from leaving, if it did")
    may_restore: bool = False


class FollowUpPage(_Shape):
    """A page of follow-ups."""

    rows: tuple[FollowUpCard, ...]
    has_more: bool


class FollowUpSheet(_Shape):
    """What is planned after a visit, and what can be chosen from; ``told`` is of what was set last."""

    visit: AppointmentCard
    may_set: bool
    services: tuple[ServiceCard, ...]
    follow_ups: tuple[FollowUpCard, ...]
    told: tuple[LedgerLine, ...]
