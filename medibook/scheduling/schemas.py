"""The shapes that enter and leave the scheduling room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, field_validator

from medibook.clinic.schemas import Closed
from medibook.kernel.intervals import Interval

_YEARS = range(1970, 9000)  # a day before and a year after are still dates


class BookingMode(StrEnum):
    """Whether a chosen time is booked at once or asked for."""

    INSTANT = "instant"
    REQUEST = "request"


class TimeOffKind(StrEnum):
    """Why a practitioner is away."""

    DAY_OFF = "day-off"
    BLOCKED = "blocked"


class Reason(StrEnum):
    """Why a time cannot be booked, in the order in which one says it."""

    PAST = "past"
    TOO_SOON = "too-soon"
    TOO_FAR = "too-far"
    SKIPPED = "skipped"
    CLOSED = "closed"
    OTHER_HOURS = "other-hours"
    NOT_HERE = "not-here"
    HOLIDAY = "holiday"
    OFF_GRID = "off-grid"
    TIME_OFF = "time-off"
    TAKEN = "taken"
    HELD = "held"
    BUFFER = "buffer"
    OWN_VISIT = "own-visit"
    NO_ROOM = "no-room"
    DAY_FULL = "day-full"
    OFTEN_ENOUGH = "often-enough"


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HoursRow(_Shape):
    """One from–until of the week, on the location's wall clock; closing 00:00 is midnight."""

    weekday: int
    opens: time
    closes: time
    location_id: UUID
    valid_from: date | None = None
    valid_until: date | None = None


class NewTimeOff(_Shape):
    """Days off (whole days) or a blocked time on one day, on the wall clock of ``zone``."""

    kind: TimeOffKind
    first_day: date
    last_day: date
    starts: time | None = None
    ends: time | None = None
    zone: str
    reason: str = ""


class TimeOffRow(_Shape):
    """A day off or blocked time as its practitioner sees it."""

    time_off_id: UUID
    kind: TimeOffKind
    starts_at: datetime
    ends_at: datetime
    reason: str


class DayHours(_Shape):
    """The hours of one date, which it has instead of those of its weekday."""

    day: date
    hours: tuple[HoursRow, ...]


class Schedule(_Shape):
    """All that a practitioner has said about their time."""

    practitioner_id: UUID
    booking_mode: BookingMode
    hours: tuple[HoursRow, ...]
    time_off: tuple[TimeOffRow, ...]
    version: int
    days: tuple[DayHours, ...] = ()
    daily_limit: int | None = None


class HoursPreview(_Shape):
    """What a weekly table would do, before it is kept.

    ``times_now`` and ``times_then`` are the bookable times of the usual visit type in the week that
    begins with ``week``; ``outside`` the booked visits that would fall outside and do not today.
    """

    week: date
    times_now: int
    times_then: int
    outside: int


class SlotWish(_Shape):
    """The time that somebody chose: the identity of a slot."""

    practitioner_id: UUID
    service_id: UUID
    starts_at: datetime

    @field_validator("starts_at")
    @classmethod
    def _can_be_reckoned_with(cls, value: datetime) -> datetime:
        if value.year not in _YEARS:
            raise ValueError("no clinic is open in that year")
        return value

    @property
    def address(self) -> str:
        """The slot in a link; :meth:`from_address` reads it back."""
        epoch = int(self.starts_at.timestamp())
        return f"{self.practitioner_id.hex}.{self.service_id.hex}.{epoch}"

    @classmethod
    def from_address(cls, text: str) -> "SlotWish | None":
        """Read a slot from a link; None when it is not one (a link may be cut, or made up)."""
        try:
            practitioner, service, epoch = text.split(".")
            starts_at = datetime.fromtimestamp(int(epoch), UTC)
            return cls(
                practitioner_id=UUID(hex=practitioner),
                service_id=UUID(hex=service),
                starts_at=starts_at,
            )
        except (ValueError, OverflowError, OSError):
            return None


# A tuple, not a model: a month of times is hundreds of them, and a model takes ten times as long to make.
class FreeTime(NamedTuple):
    """A free time as it is offered; ``comes_twice`` marks the hour that daylight saving repeats."""

    practitioner_id: UUID
    service_id: UUID
    location_id: UUID
    starts_at: datetime
    ends_at: datetime
    zone: str
    comes_twice: bool = False


class HeldSlot(_Shape):
    """A time that is kept for one patient, or taken for them by the clinic.

    ``outside_hours`` and ``overbooks`` say what the clinic has overridden: the opening hours, and
    the practitioner or room that somebody else has already. ``is_taken``: nobody else can have it,
    for its own hold has it and only waits for the visit.
    """

    hold_id: UUID
    practitioner_id: UUID
    patient_id: UUID
    service_id: UUID
    location_id: UUID
    starts_at: datetime
    ends_at: datetime
    zone: str
    expires_at: datetime
    moves_appointment_id: UUID | None = None
    offer_of_appointment_id: UUID | None = None
    offer_of_waitlist_id: UUID | None = None
    offer_of_absence_id: UUID | None = None
    room_id: UUID | None = None
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)
    outside_hours: bool = False
    overbooks: tuple[UUID, ...] = ()
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class StaffTerms:
    """How the clinic itself takes a time: without notice, horizon and grid, and as it says here.

    ``length`` other than the visit type's, a ``room_id`` and a ``location_id`` of their own choice;
    ``moves`` is the visit that goes there. ``outside_hours``: also when closed or away. With an
    ``overbook_reason`` the time may be taken already, and the day full.
    """

    length: timedelta | None = None
    room_id: UUID | None = None
    overbook_reason: str = ""
    moves: UUID | None = None
    location_id: UUID | None = None
    outside_hours: bool = False


Fact = str | int | datetime | timedelta | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands against a time, in the patient's words and, for who may know, the staff's.

    Both are msgids whose places ``facts`` fill; instants are shown on the wall of ``zone``, where the
    time ``asked`` for is. ``for_staff`` is empty for everybody but the front desk and the
    practitioner, and ``reason`` and ``facts`` then hold nothing that tells of others.
    """

    reason: Reason
    for_patient: str
    for_staff: str = ""
    asked: datetime | None = None
    zone: str = "UTC"
    facts: Mapping[str, Fact] = field(default_factory=dict)


class TimeAnswer(_Shape):
    """What one hears who asks for a time on the wall: what stands against it, and what is near it.

    Nothing against it: it is free. Of a reading that comes twice, it is the one that is free, or else
    the first.
    """

    starts_at: datetime
    zone: str
    obstacles: tuple[Obstacle, ...]
    nearest: tuple[FreeTime, ...] = ()


class BoardDay(_Shape):
    """One day of the board, with its free times; the day is the date on the location's wall."""

    day: date
    times: tuple[FreeTime, ...]


class SlotBoard(_Shape):
    """The free times of one practitioner and service over some days, also those without any.

    ``first_day`` and ``last_day`` are the days that can be booked at all; ``next_free`` is the first
    free time after the days that are shown.
    """

    practitioner_id: UUID
    service_id: UUID
    days: tuple[BoardDay, ...]
    zones: tuple[str, ...]
    next_free: FreeTime | None = None
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class OpenStretch:
    """Some time of a practitioner at a location."""

    time: Interval
    location_id: UUID
    zone: str


@dataclass(frozen=True, slots=True)
class Workday:
    """What the front desk sees of one practitioner's day; why somebody is away is theirs to say.

    ``free`` is what visits, buffers, holds, absences and closures leave of ``hours``. ``taken`` is the
    time of each visit with its buffers.
    """

    hours: tuple[OpenStretch, ...] = ()
    free: tuple[OpenStretch, ...] = ()
    away: tuple[Interval, ...] = ()
    closed: tuple[Closed, ...] = ()
    held: tuple[Interval, ...] = ()
    taken: Mapping[UUID, Interval] = field(default_factory=dict)
    overbooked: frozenset[UUID] = frozenset()
