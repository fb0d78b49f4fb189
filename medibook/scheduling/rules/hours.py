"""From the clock on the clinic's wall to the line of time: when is it open?

An instant is open when the clock on the wall, at that instant, reads a time within the hours of
that day. Everything about daylight saving follows from this one sentence: a reading that is
skipped never happens and opens nothing, a reading that comes twice is open both times, a day
that is skipped as a whole (Apia, 2011-12-30) has no hours, and 00:00 to 24:00 lasts 23 or 25
hours where the day does.

Between two changes of its offset a zone is plain arithmetic. So the line of time is cut at those
changes, and inside each piece the rules are laid out with integers: epoch seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from medibook.kernel.intervals import Interval
from medibook.scheduling.rules.plan import MIDNIGHT, WeeklyHours
from medibook.scheduling.rules.seconds import DAY, EPOCH, Span, edges_of, first_second, instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from uuid import UUID

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_EPOCH_WEEKDAY = date(1970, 1, 1).weekday()
_BLOCK = 64 * DAY


class Stretch(NamedTuple):
    """One rule on one day between two changes of the zone: ``begins`` to ``ends``, epoch seconds.

    ``first_tick`` is where the grid of that day starts. It may lie before ``begins``, even where
    the clock skipped it. ``closes`` is when the location closes after all: ``ends``, or later
    where the next hours adjoin. ``day`` counts days since 1970 on the wall.
    ``rank`` is the place of the rule among the hours.
    """

    begins: int
    rank: int
    ends: int
    first_tick: int
    day: int
    hours: WeeklyHours
    closes: int

    @property
    def date(self) -> date:
        """The date on the location's wall."""
        return date.fromordinal(self.day + _EPOCH_ORDINAL)


def open_time(hours: Iterable[WeeklyHours], window: Interval) -> list[tuple[Interval, UUID, str]]:
    """When the locations are open within the window: (time, location, zone), earliest first.

    Hours that adjoin or overlap at one location are one stretch.
    """
    rules = tuple(hours)
    zones = {rule.location_id: rule.zone for rule in rules}
    begins, ends = first_second(window.start), first_second(window.end)
    first_until = {
        (stretch.hours.location_id, stretch.closes): stretch
        for stretch in reversed(stretches(rules, begins, ends))
    }
    return sorted(
        (Interval(instant(first.begins), instant(closes)), location, zones[location])
        for (location, closes), first in first_until.items()
    )


def stretches(hours: Sequence[WeeklyHours], begins: int, ends: int) -> list[Stretch]:
    """The hours of every day between two instants, in order of beginning."""
    weeks = _Weeks(hours)
    pieces = sorted(piece for zone in weeks.zones for piece in _pieces(zone, weeks, begins, ends))
    spans: dict[UUID, list[Span]] = {}
    for start, _, stop, _, _, rule in pieces:
        spans.setdefault(rule.location_id, []).append((start, stop))
    edges = {location: edges_of(own) for location, own in spans.items()}
    return [Stretch(*piece, _closing(edges[piece[5].location_id], piece[0])) for piece in pieces]


_Piece = tuple[int, int, int, int, int, WeeklyHours]
"""A Stretch of which one does not know yet whether other hours adjoin."""


_Rule = tuple[int, WeeklyHours, int, int, int, int]
"""Rank, the rule, its first and last day since 1970, its first and last second of the day."""


class _Weeks:
    """The rules of each zone by weekday, and of the dates that have rules of their own."""

    def __init__(self, hours: Sequence[WeeklyHours]) -> None:
        self.zones: dict[str, list[list[_Rule]]] = {}
        self.dated: dict[int, dict[str, list[_Rule]]] = {}
        for rank, rule in enumerate(hours):
            week = self.zones.setdefault(rule.zone, [[] for _ in range(7)])
            if rule.on_date is None:
                week[rule.weekday].append(_rule(rank, rule))
            else:
                of_the_day = self.dated.setdefault(rule.on_date.toordinal() - _EPOCH_ORDINAL, {})
                of_the_day.setdefault(rule.zone, []).append(_rule(rank, rule))


def _rule(rank: int, rule: WeeklyHours) -> _Rule:
    first = (rule.valid_from or date.min).toordinal() - _EPOCH_ORDINAL
    last = (rule.valid_until or date.max).toordinal() - _EPOCH_ORDINAL
    closes = DAY if rule.closes == MIDNIGHT else _second_of_day(rule.closes)
    return rank, rule, first, last, _second_of_day(rule.opens), closes


def _pieces(zone: str, weeks: _Weeks, begins: int, ends: int) -> Iterator[_Piece]:
    """The hours of one zone, day by day."""
    week, dated = weeks.zones[zone], weeks.dated
    for start, stop, offset in _offsets_between(zone, begins, ends):
        for day in range((start + offset) // DAY, (stop - 1 + offset) // DAY + 1):
            midnight = day * DAY - offset
            rules = dated[day].get(zone, ()) if day in dated else week[(day + _EPOCH_WEEKDAY) % 7]
            for rank, rule, first, last, opens, closes in rules:
                if first <= day <= last:
                    tick, until = midnight + opens, midnight + closes
                    if tick < stop and start < until:
                        yield max(tick, start), rank, min(until, stop), tick, day, rule


def _closing(edges: list[int], second: int) -> int:
    """When the location that is open at this second closes; it opens and closes in turn."""
    return edges[bisect_right(edges, second)]


def _second_of_day(reading: time) -> int:
    return reading.hour * 3600 + reading.minute * 60


def _offsets_between(zone: str, begins: int, ends: int) -> Iterator[tuple[int, int, int]]:
    """The zone's offsets from UTC: (from, until, seconds), cut to the two instants."""
    for block in range(begins // _BLOCK, (ends - 1) // _BLOCK + 1):
        for start, stop, offset in _offsets(zone, block):
            if start < ends and begins < stop:
                yield max(start, begins), min(stop, ends), offset


# Bounded: 512 blocks are a year ahead for some eighty zones, about 100 KB.
@lru_cache(maxsize=512)
def _offsets(zone: str, block: int) -> tuple[tuple[int, int, int], ...]:
    """The offsets of one block of 64 days.

    One look a day is enough to see every change: no zone since 1970 has changed and changed back
    within one day. The second of a change is then found by halving.
    """
    clock = ZoneInfo(zone)
    start = block * _BLOCK
    found: list[tuple[int, int, int]] = []
    since, offset = start, _offset_at(clock, start)
    for look in range(start + DAY, start + _BLOCK + 1, DAY):
        if (later := _offset_at(clock, look)) != offset:
            change = _first_with(clock, later, after=look - DAY, by=look)
            found.append((since, change, offset))
            since, offset = change, later
    if since < start + _BLOCK:
        found.append((since, start + _BLOCK, offset))
    return tuple(found)


def _first_with(clock: ZoneInfo, offset: int, *, after: int, by: int) -> int:
    """The first second in (after, by] at which the zone has this offset."""
    while by - after > 1:
        middle = (after + by) // 2
        if _offset_at(clock, middle) == offset:
            by = middle
        else:
            after = middle
    return by


def _offset_at(clock: ZoneInfo, second: int) -> int:
    """Seconds that the wall is ahead of UTC at this instant."""
    on_the_wall = instant(second).astimezone(clock).replace(tzinfo=UTC)
    return (on_the_wall - EPOCH) // timedelta(seconds=1) - second
