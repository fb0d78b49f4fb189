"""The one place that decides what is free, and says why the rest is not.

Two things meet. *Ticks*: every ``grid`` minutes on the wall, counted from the opening of each
range, there may be a start. The grid is of the wall, not of the stopwatch: after the clock jumped
from 02:00 to 02:30 (Lord Howe) a grid of 20 minutes goes on at 02:40, as on any other day; a
skipped reading is no tick, a reading that comes twice is two. *Bars*: everything that stands in
the way of a visit is said as a span of starts that it forbids. A visit of 20 minutes cannot start
in the 20 minutes before a booking, nor during it.

A visit lies wholly in the open hours of one location, over adjoining ranges and over midnight if
need be. Its buffers need the practitioner's time, neither taken nor off, but not open hours:
tidying up after the last patient happens after closing.

``free_slots``, ``is_free`` and ``why_not_free`` differ only in what they ask of ticks and bars.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta
from itertools import accumulate, islice, repeat
from math import ceil, floor
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from medibook.kernel.intervals import Interval
from medibook.scheduling.rules.open_time import (
    Span,
    Stretch,
    first_second,
    instant,
    joined,
    stretches,
)
from medibook.scheduling.rules.plan import ImpossibleHours, Plan, Reason, Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NONE = timedelta(0)
_SECOND = timedelta(seconds=1)
_ALWAYS = 1 << 60
"""Further than any instant, in either direction."""


def free_slots(
    plan: Plan,
    window: Interval,
    *,
    length: timedelta,
    buffer_before: timedelta = NONE,
    buffer_after: timedelta = NONE,
    now: datetime,
) -> list[Slot]:
    """The times that can be booked and that start within the window, earliest first.

    A time may end after the window does. Equal starts are offered once.
    """
    visit = _Visit.of(length, buffer_before, buffer_after)
    begins, ends = first_second(window.start), first_second(window.end)
    outside = [(-_ALWAYS, begins), (ends, _ALWAYS)]
    forbidden = joined(
        [*outside, *(span for _, spans in _bars(plan, visit, window, now) for span in spans)]
    )
    slots: list[Slot] = []
    last_start, in_order = -_ALWAYS, True
    for stretch in stretches(plan.hours, begins, ends + visit.length):
        for ticks in _free_ticks(plan, stretch, visit, forbidden):
            in_order = in_order and ticks.start > last_start
            last_start = ticks[-1]
            slots.extend(_slots(ticks, stretch, length))
    return slots if in_order else _once_each(slots)


def is_free(
    plan: Plan,
    interval: Interval,
    *,
    buffer_before: timedelta = NONE,
    buffer_after: timedelta = NONE,
    now: datetime,
) -> Slot | None:
    """The time that would be booked, if one may book exactly this interval; otherwise None."""
    found = free_slots(
        plan,
        Interval(interval.start, interval.start + _SECOND),
        length=interval.length,
        buffer_before=buffer_before,
        buffer_after=buffer_after,
        now=now,
    )
    return found[0] if found and found[0].start == interval.start else None


def why_not_free(
    plan: Plan,
    start: datetime,
    *,
    length: timedelta,
    buffer_before: timedelta = NONE,
    buffer_after: timedelta = NONE,
    now: datetime,
) -> Reason | None:
    """The first thing that stands against a visit at this time; None when it can be booked."""
    against = all_reasons_against(
        plan,
        start,
        length=length,
        buffer_before=buffer_before,
        buffer_after=buffer_after,
        now=now,
    )
    return against[0] if against else None


def all_reasons_against(
    plan: Plan,
    start: datetime,
    *,
    length: timedelta,
    buffer_before: timedelta = NONE,
    buffer_after: timedelta = NONE,
    now: datetime,
) -> tuple[Reason, ...]:
    """Everything that stands against a visit at this time, in the order of ``Reason``; () when free."""
    visit = _Visit.of(length, buffer_before, buffer_after)
    window = Interval(start, start + _SECOND)
    second = first_second(start)
    against = {
        reason
        for reason, spans in _bars(plan, visit, window, now)
        if any(since <= second < until for since, until in spans)
    }
    against |= _reasons_of_the_hours(plan, second, visit)
    if start.microsecond:
        against.add(Reason.OFF_GRID)
    return tuple(reason for reason in Reason if reason in against)


class _Visit(NamedTuple):
    """How much time a visit needs, in seconds."""

    length: int
    before: int
    after: int

    @classmethod
    def of(cls, length: timedelta, before: timedelta, after: timedelta) -> _Visit:
        if length < _SECOND or before < NONE or after < NONE:
            message = f"a visit lasts a while and buffers are not negative: {length}"
            raise ImpossibleHours(message)
        if any(part.microseconds for part in (length, before, after)):
            message = f"lengths and buffers are whole seconds: {length}, {before}, {after}"
            raise ImpossibleHours(message)
        return cls(length // _SECOND, before // _SECOND, after // _SECOND)


def _bars(
    plan: Plan, visit: _Visit, window: Interval, now: datetime
) -> tuple[tuple[Reason, list[Span]], ...]:
    """The starts that each obstacle forbids, as far as they matter to the window."""
    policy = plan.policy
    # A notice or a horizon that falls between two seconds must not let anybody in a moment early.
    soonest, latest = first_second(now + policy.minimum_notice), floor((now + policy.horizon).timestamp())
    return (
        (Reason.PAST, [(-_ALWAYS, first_second(now))]),
        (Reason.TOO_SOON, [(first_second(now), soonest)]),
        (Reason.TOO_FAR, [(latest + 1, _ALWAYS)]),
        (Reason.TIME_OFF, _starts_that_touch(plan.time_off, visit, window)),
        (Reason.TAKEN, _starts_that_touch(plan.busy, visit, window)),
    )


def _starts_that_touch(
    taken: Iterable[Interval], visit: _Visit, window: Interval
) -> list[Span]:
    """For each stretch of taken time, the starts whose visit or buffer would run into it."""
    reach = visit.length + visit.after
    earliest = window.start - timedelta(seconds=visit.before)
    latest = window.end + timedelta(seconds=reach)
    return [
        (floor(other.start.timestamp()) - reach + 1, ceil(other.end.timestamp()) + visit.before)
        for other in taken
        if other.end > earliest and other.start < latest
    ]


def _reasons_of_the_hours(plan: Plan, second: int, visit: _Visit) -> set[Reason]:
    """Whether the hours, the grid or the limit of the day speak against a start at this second."""
    around = stretches(plan.hours, second, second + visit.length)
    reached = [
        piece
        for piece in around
        if piece.begins <= second < piece.ends and second + visit.length <= piece.closes
    ]
    if not reached:
        return {Reason.CLOSED}
    on_grid = [piece for piece in reached if second in _ticks(plan, piece, visit)]
    if not on_grid:
        return {Reason.OFF_GRID}
    return {Reason.DAY_FULL} if all(plan.is_full(piece.date) for piece in on_grid) else set()


def _ticks(plan: Plan, stretch: Stretch, visit: _Visit) -> range:
    """The starts that the grid and the closing time of one stretch allow."""
    grid = plan.policy.grid // _SECOND
    first = stretch.first_tick - (stretch.first_tick - stretch.begins) // grid * grid
    return range(first, min(stretch.ends, stretch.closes - visit.length + 1), grid)


def _free_ticks(
    plan: Plan, stretch: Stretch, visit: _Visit, forbidden: list[Span]
) -> Iterator[range]:
    """The ticks of one stretch that no bar forbids, as runs; ``forbidden`` is joined."""
    ticks = _ticks(plan, stretch, visit)
    if not ticks or plan.is_full(stretch.date):
        return
    start, stop, grid = ticks.start, ticks.stop, ticks.step
    first = bisect_left(forbidden, (start,)) - 1
    for since, until in islice(forbidden, max(first, 0), None):
        if since >= stop:
            break
        if start < since:
            yield range(start, since, grid)
        if start < until:
            start += -((start - until) // grid) * grid
    if start < stop:
        yield range(start, stop, grid)


def _slots(ticks: range, stretch: Stretch, length: timedelta) -> Iterator[Slot]:
    """The times of one run of ticks."""
    grid = timedelta(seconds=ticks.step)
    starts = list(accumulate(repeat(grid, len(ticks) - 1), add, initial=instant(ticks.start)))
    place = repeat(stretch.hours.location_id), repeat(stretch.hours.zone)
    return map(Slot._make, zip(starts, [start + length for start in starts], *place))


def _once_each(slots: Iterable[Slot]) -> list[Slot]:
    """Overlapping hours offer some starts twice: the rule that stands earlier keeps the start."""
    first: dict[datetime, Slot] = {}
    for slot in slots:
        first.setdefault(slot.start, slot)
    return [first[start] for start in sorted(first)]
