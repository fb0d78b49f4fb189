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

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from itertools import accumulate, chain, compress, pairwise, repeat
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from medibook.kernel.intervals import Interval
from medibook.scheduling.rules.hours import (
    Span,
    Stretch,
    first_second,
    instant,
    joined,
    last_second,
    stretches,
)
from medibook.scheduling.rules.plan import ImpossibleHours, Plan, Reason, Slot

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

NONE = timedelta(0)
_SECOND = timedelta(seconds=1)
_ALWAYS = 1 << 60


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
    bars = (span for _, spans in _bars(plan, visit, now) for span in spans)
    edges = list(chain.from_iterable(joined([*outside, *bars])))
    limited = plan.policy.daily_limit is not None
    runs: list[_Run] = []
    for stretch in stretches(plan.hours, begins, ends + visit.length):
        ticks = _ticks(plan, stretch, visit)
        if ticks and not (limited and plan.is_full(stretch.date)):
            runs.append(_Run(stretch, ticks, _free_starts(ticks, edges)))
    if any(later.ticks[0] <= earlier.ticks[-1] for earlier, later in pairwise(runs)):
        return _once_each(runs, length)
    return _slots(runs, length)


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
    """Everything that stands against a visit at this time, in the order of ``Reason``."""
    visit = _Visit.of(length, buffer_before, buffer_after)
    second = first_second(start)
    against = {
        reason
        for reason, spans in _bars(plan, visit, now)
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


class _Run(NamedTuple):
    """The ticks of one stretch and those of them that are free."""

    stretch: Stretch
    ticks: range
    starts: list[datetime]


def _bars(plan: Plan, visit: _Visit, now: datetime) -> tuple[tuple[Reason, list[Span]], ...]:
    """The starts that each obstacle forbids."""
    present = first_second(now)
    # A notice or a horizon that ends between two seconds lets nobody in a moment early or late.
    soonest = first_second(now + plan.policy.minimum_notice)
    too_far = last_second(now + plan.policy.horizon) + 1
    return (
        (Reason.PAST, [(-_ALWAYS, present)]),
        (Reason.TOO_SOON, [(present, soonest)] if present < soonest else []),
        (Reason.TOO_FAR, [(too_far, _ALWAYS)]),
        (Reason.TIME_OFF, _starts_that_touch(plan.time_off, visit)),
        (Reason.TAKEN, _starts_that_touch(plan.busy, visit)),
    )


def _starts_that_touch(taken: Iterable[Interval], visit: _Visit) -> list[Span]:
    """For each stretch of taken time, the starts whose visit or buffer would run into it."""
    # A visit that ends when the other begins does not touch it: the first bad start is a second on.
    reach, before = visit.length + visit.after - 1, visit.before
    return [(last_second(other.start) - reach, first_second(other.end) + before) for other in taken]


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


def _free_starts(ticks: range, edges: list[int]) -> list[datetime]:
    """The ticks that no bar forbids, as instants.

    ``edges`` are the beginnings and ends of the joined bars, in turn: an odd number of them
    behind a tick means that it stands inside a bar.
    """
    grid = timedelta(seconds=ticks.step)
    every = accumulate(repeat(grid, len(ticks) - 1), add, initial=instant(ticks.start))
    first = bisect_right(edges, ticks.start) & ~1
    near = edges[first : bisect_left(edges, ticks.stop)]
    if not near:
        return list(every)
    return list(compress(every, [not bisect_right(near, tick) & 1 for tick in ticks]))


def _slots(runs: Iterable[_Run], length: timedelta) -> list[Slot]:
    """The free times of all runs, one after the other."""
    starts: list[datetime] = []
    locations: list[UUID] = []
    zones: list[str] = []
    for run in runs:
        starts += run.starts
        locations += repeat(run.stretch.hours.location_id, len(run.starts))
        zones += repeat(run.stretch.hours.zone, len(run.starts))
    ends = [start + length for start in starts]
    return list(map(Slot._make, zip(starts, ends, locations, zones, strict=True)))


def _once_each(runs: Iterable[_Run], length: timedelta) -> list[Slot]:
    """Overlapping hours offer some starts twice: the rule that stands earlier keeps the start."""
    first: dict[datetime, Slot] = {}
    for slot in _slots(sorted(runs, key=lambda run: run.stretch.rank), length):
        first.setdefault(slot.start, slot)
    return [first[start] for start in sorted(first)]
