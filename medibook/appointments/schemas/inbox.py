"""The shapes of the requests inbox."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from medibook.appointments.schemas import AppointmentCard, DayRow


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Beside(StrEnum):
    """What stands in a practitioner's day beside the time that somebody asks for."""

    VISIT = "visit"
    REQUEST = "request"
    HELD = "held"
    AWAY = "away"
    ASKED = "asked"


class Stand(_Shape):
    """One stretch of the day around a request, half-open, UTC; ``who`` is a patient's name, or ""."""

    what: Beside
    starts_at: datetime
    ends_at: datetime
    who: str = ""


class Clash(StrEnum):
    """What speaks against a time that was free when it was asked for."""

    AWAY = "away"
    CLOSED = "closed"


class RequestCard(_Shape):
    """A request with all that helps to answer it."""

    row: DayRow
    asked_at: datetime
    earlier_visits: int = Field(
        description="of this patient with this practitioner, that took place"
    )
    around: tuple[Stand, ...] = Field(description="before and after the time on its day, in order")
    clashes: tuple[Clash, ...] = ()


class Outcome(StrEnum):
    """What became of a request or of an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    OFFER_TAKEN = "offer-taken"
    OFFER_DECLINED = "offer-declined"
    OFFER_LAPSED = "offer-lapsed"


class AnsweredRequest(_Shape):
    """A request that waits no longer: what became of it, and when."""

    visit: AppointmentCard
    outcome: Outcome
    answered_at: datetime


class Inbox(_Shape):
    """What awaits the practitioner's answer, what awaits the patients', and what was answered lately."""

    waiting: tuple[RequestCard, ...]
    offered: tuple[AppointmentCard, ...]
    lately: tuple[AnsweredRequest, ...]
