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
from functools import partial
from itertools import accumulate, chain, pairwise, repeat
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from medibook.kernel.intervals import Interval
from medibook.scheduling.rules.hours import (
    DAY,
    EPOCH,
    Span,
    Stretch,
    edges_of,
    first_second,
    instant,
    last_second,
    stretches,
)
from medibook.scheduling.rules.plan import ImpossibleHours, Plan, Reason, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

NONE = timedelta(0)
_SECOND = timedelta(seconds=1)
_ALWAYS = 1 << 60
# Slot._make does the same, but is written in Python: a fifth of the time of the whole function.
_SLOT: Callable[[tuple[datetime, datetime, UUID, str]], Slot] = partial(tuple.__new__, Slot)


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
    edges = edges_of(chain(outside, *(spans for _, spans in _bars(plan, visit, now))))
    limited = plan.policy.daily_limit is not None
    runs: list[_Run] = []
    opening = stretches(plan.hours, begins, ends + visit.length)
    for stretch in opening:
        ticks = _ticks(plan, stretch, visit)
        if ticks and not (limited and plan.is_full(stretch.date)):
            runs.append((stretch, _free_starts(ticks, edges)))
    if any(later.begins < earlier.ends for earlier, later in pairwise(opening)):
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


_Run = tuple[Stretch, list[datetime]]
"""A stretch and the free starts in it."""


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
        (Reason.TAKEN, _starts_that_touch(plan.own, visit._replace(before=0, after=0))),
    )


def _starts_that_touch(taken: Iterable[Interval], visit: _Visit) -> list[Span]:
    """For each stretch of taken time, the starts whose visit or buffer would run into it."""
    # A visit that ends when the other begins does not touch it: the first bad start is a second on.
    reach, before = visit.length + visit.after - 1, visit.before
    # last_second and first_second, spelled out: a full month would call them seven hundred times.
    return [
        (
            (starts := other.start - EPOCH).days * DAY + starts.seconds - reach,
            (ends := other.end - EPOCH).days * DAY
            + ends.seconds
            + (ends.microseconds > 0)
            + before,
        )
        for other in taken
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


def _free_starts(ticks: range, edges: list[int]) -> list[datetime]:
    """The ticks that no bar forbids, as instants. ``edges``: each bar's beginning and end, in turn."""
    first, grid = ticks.start, ticks.step
    step = timedelta(0, grid)
    starts = list(accumulate(repeat(step, len(ticks) - 1), add, initial=instant(first)))
    # Only bars that reach into the ticks; they begin at even places. The last go first, so that
    # the places of the others stay what they are. -(-a // b) rounds up: to the next tick.
    lowest, highest = bisect_right(edges, first) & ~1, bisect_left(edges, ticks.stop)
    for place in range(highest - 1 & ~1, lowest - 1, -2):
        since = edges[place] - first
        del starts[-(-since // grid) if since > 0 else 0 : -((first - edges[place + 1]) // grid)]
    return starts


def _slots(runs: Iterable[_Run], length: timedelta) -> list[Slot]:
    """The free times of all runs, one after the other."""
    starts: list[datetime] = []
    locations: list[UUID] = []
    zones: list[str] = []
    for stretch, free in runs:
        starts += free
        locations += repeat(stretch.hours.location_id, len(free))
        zones += repeat(stretch.hours.zone, len(free))
    ends = [start + length for start in starts]
    return list(map(_SLOT, zip(starts, ends, locations, zones, strict=True)))


def _once_each(runs: Iterable[_Run], length: timedelta) -> list[Slot]:
    """Overlapping hours offer some starts twice: the rule that stands earlier keeps the start."""
    first: dict[datetime, Slot] = {}
    for slot in _slots(sorted(runs, key=lambda run: run[0].rank), length):
        first.setdefault(slot.start, slot)
    return [first[start] for start in sorted(first)]
