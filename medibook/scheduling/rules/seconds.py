"""The line of time in whole seconds since 1970: what is added and compared a thousand times is an int."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medibook.kernel.intervals import Interval

DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Span = tuple[int, int]
"""Half-open, in epoch seconds."""


def first_second(moment: datetime) -> int:
    """The first whole second that is not before the moment."""
    since = moment - EPOCH
    return since.days * DAY + since.seconds + (since.microseconds > 0)


def last_second(moment: datetime) -> int:
    """The last whole second that is not after the moment."""
    since = moment - EPOCH
    return since.days * DAY + since.seconds


def instant(second: int) -> datetime:
    """The moment of an epoch second, in UTC."""
    return EPOCH + timedelta(0, second)


def spans_of(intervals: Iterable[Interval]) -> tuple[Span, ...]:
    """The same stretches in seconds; what takes a part of a second takes the whole of it."""
    return tuple((last_second(each.start), first_second(each.end)) for each in intervals)


def edges_of(spans: Iterable[Span]) -> list[int]:
    """Where the spans begin and end, in turn, once overlapping and touching ones are one span."""
    edges: list[int] = []
    last = None
    for start, stop in sorted(spans):
        if last is None or start > last:
            edges += (start, stop)
            last = stop
        elif stop > last:
            edges[-1] = last = stop
    return edges
