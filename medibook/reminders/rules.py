"""When a visit's patient is reminded: real hours before it, never after it, once for each time.

All instants are UTC: 24 hours are 24 hours, also in a night in which the clocks change.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

# A message is written so long before it is due: that a telephone's can be brought forward out of the
# longest quiet hours that somebody may have.
AHEAD: Final = timedelta(hours=13)
# After that a reminder would only be read by somebody who is there already.
LAST_CALL: Final = timedelta(minutes=5)
# Nobody is reminded so shortly before the next reminder.
_APART: Final = timedelta(hours=1)


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


def short(parts: Collection[str], *, most: int = 160) -> str:
    """The first of these texts that fits into one SMS; else the last of them, the shortest."""
    texts = list(parts)
    return next((text for text in texts if len(text) <= most), texts[-1])
