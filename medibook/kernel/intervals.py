"""Stretches of time on one line: the words "free", "busy" and "open" are all said in them.

Everything here is an instant in UTC. The wall of a clinic is somebody else's business (see
``scheduling.rules``): whoever builds an Interval has gone from the wall to UTC already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A stretch of time, half-open: a visit until 10:00 and one from 10:00 do not touch.

    Both ends are aware and kept in UTC; an aware time of another zone is turned into UTC at once,
    because adding a duration to a wall clock is wrong by an hour twice a year.

    Raises:
        ValueError: an end without a zone, or a stretch that is empty or runs backwards.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            object.__setattr__(self, "start", _in_utc(self.start))
            object.__setattr__(self, "end", _in_utc(self.end))
        if not self.start < self.end:
            message = f"an interval ends after it starts: {self.start} to {self.end}"
            raise ValueError(message)

    @property
    def length(self) -> timedelta:
        """The time that passes on a stopwatch, whatever the wall clock did meanwhile."""
        return self.end - self.start

    def overlaps(self, other: Interval) -> bool:
        """Whether one person would have to be in both at the same moment."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Interval | datetime) -> bool:
        """Whether the other lies wholly inside; the end itself is no longer inside."""
        if isinstance(other, Interval):
            return self.start <= other.start and other.end <= self.end
        return self.start <= other < self.end


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time said with the fewest stretches, earliest first; touching ones become one."""
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if joined and interval.start <= joined[-1].end:
            if interval.end > joined[-1].end:
                joined[-1] = Interval(joined[-1].start, interval.end)
        else:
            joined.append(interval)
    return joined


def subtracted(base: Iterable[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """What is left of ``base`` once the holes are taken out, earliest first."""
    left: list[Interval] = []
    cuts = merged(holes)
    first = 0
    for interval in merged(base):
        start = interval.start
        while first < len(cuts) and cuts[first].end <= start:
            first += 1
        for cut in cuts[first:]:
            if cut.start >= interval.end:
                break
            if start < cut.start:
                left.append(Interval(start, cut.start))
            start = cut.end
        if start < interval.end:
            left.append(Interval(start, interval.end))
    return left


def intersected(a: Iterable[Interval], b: Iterable[Interval]) -> list[Interval]:
    """The time that lies in both, earliest first."""
    both: list[Interval] = []
    ones, others = merged(a), merged(b)
    i = j = 0
    while i < len(ones) and j < len(others):
        start = max(ones[i].start, others[j].start)
        end = min(ones[i].end, others[j].end)
        if start < end:
            both.append(Interval(start, end))
        if ones[i].end < others[j].end:
            i += 1
        else:
            j += 1
    return both


def _in_utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        message = f"a time without a zone is no instant: {instant.isoformat()}"
        raise ValueError(message)
    return instant.astimezone(UTC)
