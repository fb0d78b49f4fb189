"""What a clinic says about a practitioner's time, as plain values: the input of every rule here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.scheduling.rules.seconds import Span
from medibook.scheduling.schemas import Reason

__all__ = [
    "MIDNIGHT",
    "BookingPolicy",
    "ImpossibleHours",
    "Plan",
    "Reason",
    "RoomTime",
    "Slot",
    "WeeklyHours",
]

MIDNIGHT = time(0)


class ImpossibleHours(ValueError):  # noqa: N818 - named by what happened
    """Opening hours or a policy that no clinic can keep; the sentence says which and why."""


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Open every week on this day between two readings of the clock on the clinic's wall.

    With ``on_date``: open on that date alone, which then has none of the hours of its weekday.
    ``weekday`` 0 is Monday. ``closes`` at 00:00 means midnight at the end of the day. The validity
    includes both of its dates. Hours over midnight are two rules, until 00:00 and from 00:00: a
    rule that closes before it opens is refused, since half of all people who type one mean noon.

    Raises:
        ImpossibleHours: no such weekday, closing not after opening, seconds, or a validity that
            ends before it starts.
    """

    weekday: int
    opens: time
    closes: time
    valid_from: date | None
    valid_until: date | None
    location_id: UUID
    zone: str
    on_date: date | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            message = f"weekdays go from 0, Monday, to 6, Sunday: {self.weekday}"
            raise ImpossibleHours(message)
        for reading in (self.opens, self.closes):
            if reading.tzinfo or reading.second or reading.microsecond:
                message = f"opening hours are whole minutes on the wall, without zone: {reading}"
                raise ImpossibleHours(message)
        if self.closes <= self.opens and self.closes != MIDNIGHT:
            message = f"closing comes after opening: {self.opens:%H:%M} to {self.closes:%H:%M}"
            raise ImpossibleHours(message)
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            message = f"hours valid from {self.valid_from} cannot end on {self.valid_until}"
            raise ImpossibleHours(message)


@dataclass(frozen=True, slots=True)
class BookingPolicy:
    """When one may book: not within the notice, not beyond the horizon, so many a day.

    ``grid`` is the distance between two offered starts on the wall clock. A start exactly at the
    notice or exactly at the horizon is still offered. ``daily_limit`` is the practitioner's,
    ``patient_daily_limit`` how often one patient may see them in a day; None means no limit.
    """

    minimum_notice: timedelta
    horizon: timedelta
    grid: timedelta
    daily_limit: int | None = None
    patient_daily_limit: int | None = None

    def __post_init__(self) -> None:
        if self.grid < timedelta(minutes=1) or self.grid % timedelta(minutes=1):
            message = f"the grid is one or more whole minutes: {self.grid}"
            raise ImpossibleHours(message)
        if self.minimum_notice < timedelta(0) or self.horizon < timedelta(0):
            message = "notice and horizon cannot be negative"
            raise ImpossibleHours(message)


class RoomTime(NamedTuple):
    """A room that the visit could be in, when it is taken, and when it is out of order."""

    room_id: UUID
    location_id: UUID
    busy: tuple[Span, ...] = ()
    out_of_order: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides one practitioner's free time for one patient and one service.

    ``busy`` is whatever occupies the practitioner: appointments with their buffers and the holds of
    others. ``own`` is what the patient has elsewhere; only the visit itself may not touch it.
    ``closed`` says when a location is shut for everybody.
    ``rooms`` are those that the visit could be in, or None when it needs no room; ``offered_at`` the
    locations where the visit type is offered, or None for all. ``booked_per_day`` counts the
    practitioner's visits by the date on the wall of the location, ``own_per_day`` those of this
    patient among them. Where two rules offer the same instant, the earlier in ``hours`` wins.
    """

    hours: tuple[WeeklyHours, ...]
    time_off: tuple[Span, ...]
    busy: tuple[Span, ...]
    policy: BookingPolicy
    booked_per_day: Mapping[date, int] = field(default_factory=dict)
    own: tuple[Span, ...] = ()
    own_per_day: Mapping[date, int] = field(default_factory=dict)
    closed: Mapping[UUID, tuple[Span, ...]] = field(default_factory=dict)
    rooms: tuple[RoomTime, ...] | None = None
    offered_at: frozenset[UUID] | None = None

    def is_full(self, day: date) -> bool:
        """Whether the practitioner takes no further visit on this date of the location."""
        limit = self.policy.daily_limit
        return limit is not None and self.booked_per_day.get(day, 0) >= limit

    def is_full_for_patient(self, day: date) -> bool:
        """Whether the patient may not see this practitioner once more on this date."""
        limit = self.policy.patient_daily_limit
        return limit is not None and self.own_per_day.get(day, 0) >= limit


# A tuple, not a dataclass: a month of times is 700 of them, and a frozen dataclass takes four times
# as long to make.
class Slot(NamedTuple):
    """A time that one can book. Instants are UTC; ``wall`` is what the clock in the clinic says."""

    start: datetime
    end: datetime
    location_id: UUID
    zone: str

    @property
    def wall(self) -> datetime:
        """The start on the location's wall; ``fold`` 1: this reading comes the second time."""
        return self.start.astimezone(ZoneInfo(self.zone))

    @property
    def comes_twice(self) -> bool:
        """Whether the clock shows this reading twice, so that the screen must say which."""
        wall = self.wall
        return wall.utcoffset() != wall.replace(fold=1 - wall.fold).utcoffset()
