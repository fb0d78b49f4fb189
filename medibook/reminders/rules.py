"""When a visit's patient is reminded of it, and when of booking the next one.

Of a visit: real hours before it, never after it, once for each time; 24 hours are 24 hours, also in a
night in which the clocks change. Of the next one: on a date of the wall, by day.
"""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from medibook.kernel.errors import Conflict, Invalid
from medibook.kernel.words import N_
from medibook.reminders.schemas import Span

# A message is written so long before it is due: that a telephone's can be brought forward out of the
# longest quiet hours that somebody may have.
AHEAD: Final = timedelta(hours=13)
# After that a reminder would only be read by somebody who is there already.
LAST_CALL: Final = timedelta(minutes=5)
# Nobody is reminded so shortly before the next reminder.
_APART: Final = timedelta(hours=1)
# When somebody is asked to book again: in the middle of the morning, where the visit was.
FOLLOW_UP_AT: Final = time(10)
_TOO_LATE_IN_THE_DAY: Final = time(18)
# After that, whoever has not been asked to come again is asked no more.
FOLLOW_UP_LASTS: Final = timedelta(days=30)
_MOST: Final = {Span.DAYS: 730, Span.WEEKS: 104, Span.MONTHS: 24}


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder of a visit: of which time before it, when it leaves, until when it is of use."""

    hours: int
    at: datetime
    useful_until: datetime

    @property
    def write_at(self) -> datetime:
        """When its messages are written."""
        return self.at - AHEAD


def reminders_of(starts_at: datetime, hours: Collection[int]) -> tuple[Due, ...]:
    """The reminders of a visit, the earliest first; each is of use until shortly before the next."""
    times = [(each, starts_at - timedelta(hours=each)) for each in sorted(hours, reverse=True)]
    found = []
    for number, (each, at) in enumerate(times):
        if number + 1 < len(times):
            following = times[number + 1][1]
            until = following - min(_APART, (following - at) / 2)
        else:
            until = starts_at - LAST_CALL
        found.append(Due(each, at, until))
    return tuple(found)


def next_reminder(
    starts_at: datetime,
    hours: Collection[int],
    *,
    since: datetime,
    told_hours: int | None,
    now: datetime,
) -> Due | None:
    """The next reminder of a visit that is at its time since ``since``; None when none is left.

    What was due before the visit was booked, or moved there, is not made up for. What was missed while
    the clinic was switched off is, as long as it is of use: so it is one at most, the nearest.
    """
    for due in reminders_of(starts_at, hours):
        is_told = told_hours is not None and due.hours >= told_hours
        if not is_told and due.at >= since and due.useful_until > now:
            return due
    return None


def same_day(one: datetime, other: datetime, zone: str) -> bool:
    """Whether two instants fall on one day on the wall of a zone."""
    wall = ZoneInfo(zone)
    return one.astimezone(wall).date() == other.astimezone(wall).date()


class NotSeenYet(Conflict):
    """Whether somebody should come again is known once they have been seen."""

    code = "not_seen_yet"
    sentence = N_("A next visit is planned during a visit or after it.")


def follow_up_day(seen_on: date, number: int, span: Span, *, today: date) -> date:
    """The date on which somebody is asked to book again, so many days, weeks or months after a visit.

    A month that is too short gives its last day. Raises Invalid: too far, or not after ``today``.
    """
    if not 1 <= number <= _MOST[span]:
        raise Invalid({"number": N_("Say a number from 1 on; two years at most.")})
    if span is Span.MONTHS:
        years, month = divmod(seen_on.month - 1 + number, 12)
        year = seen_on.year + years
        due = date(year, month + 1, min(seen_on.day, monthrange(year, month + 1)[1]))
    else:
        due = seen_on + timedelta(days=number * (7 if span is Span.WEEKS else 1))
    if due <= today:
        raise Invalid({"number": N_("That day is over. Please say a longer time.")})
    return due


def counts_as_next(visit_on: date, *, set_on: date, due_on: date) -> bool:
    """Whether a visit is the one that was wanted: near the planned day, or after it.

    One that comes more than a quarter of the time too early is for another matter. Dates on the wall
    of the visit's place.
    """
    return visit_on >= due_on - (due_on - set_on) / 4


def by_day(day: date, zone: str) -> datetime:
    """When somebody is told on this date: an instant, in the morning on the wall of ``zone``."""
    return datetime.combine(day, FOLLOW_UP_AT, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def not_before_day(at: datetime, now: datetime, zone: str) -> datetime:
    """``at``, or when that is past, the next instant by day: nobody is told of it in the evening."""
    if at > now:
        return at
    wall = now.astimezone(ZoneInfo(zone))
    clock = wall.time().replace(tzinfo=None)
    if clock < FOLLOW_UP_AT:
        return by_day(wall.date(), zone)
    return now if clock < _TOO_LATE_IN_THE_DAY else by_day(wall.date() + timedelta(days=1), zone)
