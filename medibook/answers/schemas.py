"""What a link shows before anything is done, and what can be done with it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from medibook.notifications.schemas import MessageState
from medibook.notifications.schemas.links import Action


class Stand(StrEnum):
    """How the subject of a link stands, as far as its reader need know."""

    BOOKED = "booked"
    CONFIRMED = "confirmed"
    REQUESTED = "requested"
    OFFERED = "offered"
    TO_BE_CALLED = "to-be-called"
    CANCELLED = "cancelled"
    CANCELLED_BY_CLINIC = "cancelled-by-clinic"
    OVER = "over"
    WAITLIST_OFFERED = "waitlist-offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    GONE = "gone"
    TAKEN = "taken"
    LEFT = "left"


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OfferedTime(_Shape):
    """A time that can be taken; ``note`` is a msgid: how it differs from the visit that was agreed."""

    offer_id: UUID
    starts_at: datetime
    zone: str
    note: str = ""


class Answer(_Shape):
    """What a link opens: no surname, no practitioner, no visit type, no reason.

    ``actions`` are those of the link that are possible now; ``is_late``: the clinic's cut-off for moving
    and cancelling has passed; ``is_away``: the visit cannot be, and the clinic is finding another time;
    ``is_shared``: others are asked at the same time.
    """

    first_name: str
    starts_at: datetime
    zone: str
    stand: Stand
    actions: tuple[Action, ...]
    is_late: bool = False
    times: tuple[OfferedTime, ...] = ()
    answer_until: datetime | None = None
    is_away: bool = False
    is_shared: bool = False


class TimeToMoveTo(_Shape):
    """A free time; ``place`` is named only when it is not where the visit was to be."""

    starts_at: datetime
    zone: str
    place: str = ""
    comes_twice: bool = False


class DayToMoveTo(_Shape):
    """A day of the wall with its free times; it may have none."""

    day: date
    times: tuple[TimeToMoveTo, ...]


class TimesToMoveTo(_Shape):
    """Some days, of those from ``first_day`` to ``last_day`` that can be booked at all.

    ``next_free``: the first day with a free time after those that are shown.
    """

    days: tuple[DayToMoveTo, ...]
    first_day: date
    last_day: date
    next_free: date | None = None


class Said(_Shape):
    """What was said with a link's form: claims, each judged by whoever acts on it.

    ``starts_at``: when the visit begins as its reader has seen it.
    """

    starts_at: datetime | None = None
    to: datetime | None = None
    offer_id: UUID | None = None


class ConversationLine(_Shape):
    """One SMS of a conversation; of ours, how far it has come, and what is in the way."""

    is_ours: bool
    text: str
    at: datetime
    state: MessageState | None = None
    problem: str = ""


class PersonOnLine(_Shape):
    """A patient whose number it may be, with when their visits to come begin, each in its zone."""

    patient_id: UUID
    name: str
    birth_date: date
    visits: tuple[tuple[datetime, str], ...]


class ConversationCard(_Shape):
    """A conversation by SMS that waits for somebody; ``version`` rises with every message."""

    conversation_id: UUID
    number: str
    waits_since: datetime
    has_stopped: bool
    version: int
    lines: tuple[ConversationLine, ...]
    people: tuple[PersonOnLine, ...]
