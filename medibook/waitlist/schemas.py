"""The shapes that enter and leave the waiting list."""

from datetime import date, datetime, time
from enum import IntEnum, StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from medibook.kernel.money import Money
from medibook.people.schemas import PersonCard


class EntryState(StrEnum):
    """What has become of somebody's wish."""

    WAITING = "waiting"
    BOOKED = "booked"
    LEFT = "left"
    REMOVED = "removed"
    ENDED = "ended"


class OfferState(StrEnum):
    """What has become of an offer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    OVERRIDDEN = "overridden"


class RoundState(StrEnum):
    """How it went on with a freed time.

    Open: somebody is asked, or will be when the night is over. Refilled: somebody took it. Exhausted:
    nobody is left to ask. Gone: it was taken in another way, or is too near by now.
    """

    OPEN = "open"
    REFILLED = "refilled"
    EXHAUSTED = "exhausted"
    GONE = "gone"


class Cause(StrEnum):
    """Why there is a time to offer."""

    FREED = "freed"
    OPENING = "opening"


class PassReason(StrEnum):
    """Why somebody who ranks before was not asked."""

    TOO_SHORT = "too-short"
    OTHER_TIME = "other-time"
    NOT_EARLIER = "not-earlier"
    TOO_NEAR = "too-near"
    ASKED_BEFORE = "asked-before"
    OUT_OF_REACH = "out-of-reach"
    BOOKED_ELSEWHERE = "booked-elsewhere"
    ENOUGH_VISITS = "enough-visits"
    OTHER_OFFER = "other-offer"
    BUSY_THEN = "busy-then"


class Step(StrEnum):
    """A row of an entry's history."""

    JOINED = "joined"
    REORDERED = "reordered"
    BOOKED = "booked"
    LEFT = "left"
    REMOVED = "removed"
    ENDED = "ended"


class Priority(IntEnum):
    """How urgent it is, as the front desk has judged it: higher goes first."""

    NORMAL = 0
    SOON = 1
    URGENT = 2


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class NewEntry(_Shape):
    """What somebody waits for: a visit type or a specialty, whom, when.

    Days and times of day are on the wall of wherever the visit is; both dates are included. No
    ``weekdays``: any; no ``practitioner_ids``: whoever offers it. ``replaces_id`` is a visit of theirs
    that is kept until an earlier time is accepted.
    """

    service_id: UUID | None = None
    specialty_id: UUID | None = None
    practitioner_ids: tuple[UUID, ...] = ()
    city: str = Field(default="", max_length=80)
    weekdays: frozenset[int] = frozenset()
    not_before: time | None = None
    not_after: time | None = None
    first_day: date | None = Field(default=None, description="None: from today on")
    last_day: date | None = Field(default=None, description="None: as long as one can book ahead")
    replaces_id: UUID | None = None
    for_patient: UUID | None = None


class JoinPage(_Shape):
    """What somebody is about to wait for; ``what`` is the visit type's or the specialty's name."""

    wish: NewEntry
    what: str
    practitioner_name: str
    people: tuple[PersonCard, ...] = ()
    patient_name: str = Field(default="", description="of the visit that an earlier time replaces")
    replaces_start: datetime | None = None
    replaces_zone: str = ""


class OfferCard(_Shape):
    """A time that is offered to somebody who waits, and kept for them until it expires."""

    offer_id: UUID
    entry_id: UUID
    patient_id: UUID
    patient_name: str
    practitioner_id: UUID
    practitioner_name: str
    service_name: str
    is_video: bool
    location_name: str
    location_address: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    fee: Money | None
    state: OfferState
    offered_at: datetime
    expires_at: datetime
    asked_with: int = Field(default=1, description="how many were asked at once")
    another_was_first: bool = False
    replaces_start: datetime | None = Field(default=None, description="of the visit that would go")
    replaces_zone: str = ""
    appointment_id: UUID | None = None


class EntryCard(_Shape):
    """Somebody's wish as they see it; ``position`` 1 is next, 0 when they wait no longer."""

    entry_id: UUID
    patient_id: UUID
    patient_name: str
    wish: NewEntry
    service_name: str
    specialty_name: str
    practitioner_names: tuple[str, ...]
    since: datetime
    state: EntryState
    position: int = 0
    offer: OfferCard | None = None
    last_offer: OfferCard | None = None
    replaces_start: datetime | None = None
    replaces_zone: str = ""
    appointment_id: UUID | None = None
    priority: Priority = Priority.NORMAL
    priority_reason: str = ""
    version: int = 1


class StoryLine(_Shape):
    """One step of a freed time's story: who was asked and what became of it, or who was passed and why."""

    at: datetime
    entry_id: UUID
    patient_name: str
    priority: Priority
    since: datetime
    offer_state: OfferState | None = None
    expires_at: datetime | None = None
    asked_with: int = 1
    another_was_first: bool = False
    passed_because: PassReason | None = None
    override_reason: str = ""


class RoundCard(_Shape):
    """A freed time and how it went on, as the front desk sees it."""

    round_id: UUID
    practitioner_id: UUID
    practitioner_name: str
    location_name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    cause: Cause
    state: RoundState
    freed_at: datetime
    ended_at: datetime | None
    next_at: datetime | None
    offer_id: UUID | None = None
    story: tuple[StoryLine, ...] = ()


class Refilled(_Shape):
    """How many freed times somebody from the list took, and how long that took, over some days."""

    freed: int
    refilled: int
    middle_minutes: int | None = Field(description="half of them were taken within so many")
    minutes: tuple[int, ...] = ()
