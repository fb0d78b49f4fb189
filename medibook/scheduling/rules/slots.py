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
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import accumulate, chain, pairwise, repeat
from operator import add
from typing import TYPE_CHECKING

from medibook.kernel.intervals import Interval
from medibook.scheduling.rules.bars import (
    ALWAYS,
    NONE,
    SECOND,
    Visit,
    bars_at,
    bars_everywhere,
    is_barred,
)
from medibook.scheduling.rules.hours import Stretch, stretches
from medibook.scheduling.rules.plan import Plan, Reason, Slot, WeeklyHours
from medibook.scheduling.rules.seconds import edges_of, first_second, instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

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
    visit = Visit.of(length, buffer_before, buffer_after)
    begins, ends = first_second(window.start), first_second(window.end)
    outside = [(-ALWAYS, begins), (ends, ALWAYS)]
    everywhere = [*outside, *chain(*(spans for _, spans in bars_everywhere(plan, visit, now)))]
    edges: dict[UUID, list[int]] = {}
    runs: list[_Run] = []
    opening = _offered(plan, begins, ends + visit.length)
    for stretch in opening:
        ticks = _ticks(plan, stretch, visit)
        if ticks and not _is_full(plan, stretch):
            place = stretch.hours.location_id
            if place not in edges:
                here = chain(*(spans for _, spans in bars_at(plan, place, visit)))
                edges[place] = edges_of(chain(everywhere, here))
            runs.append((stretch, _free_starts(ticks, edges[place])))
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
        Interval(interval.start, interval.start + SECOND),
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
    visit = Visit.of(length, buffer_before, buffer_after)
    second = first_second(start)
    against = {
        reason for reason, spans in bars_everywhere(plan, visit, now) if is_barred(spans, second)
    }
    against |= _reasons_of_the_place(plan, second, visit)
    if start.microsecond:
        against.add(Reason.OFF_GRID)
    return tuple(reason for reason in Reason if reason in against)


_Run = tuple[Stretch, list[datetime]]
"""A stretch and the free starts in it."""


def _reasons_of_the_place(plan: Plan, second: int, visit: Visit) -> set[Reason]:
    """What the hours, the locations, the grid and the limits have against a start at this second.

    Hours may overlap, at two locations even. Each question leaves the hours that pass it; when none
    does, that is a reason, and the next question is asked of those that came so far.
    """
    left = _open_throughout(plan, second, visit)
    if not left:
        weekly = tuple(rule for rule in plan.hours if rule.on_date is None)
        usually = _open_throughout(replace(plan, hours=weekly), second, visit)
        return {Reason.OTHER_HOURS if usually else Reason.CLOSED}
    barred = {
        piece.hours.location_id: {
            reason
            for reason, spans in bars_at(plan, piece.hours.location_id, visit)
            if is_barred(spans, second)
        }
        for piece in left
    }
    questions: tuple[tuple[Reason, Callable[[Stretch], bool]], ...] = (
        (Reason.NOT_HERE, lambda piece: _is_offered(plan, piece.hours)),
        (Reason.HOLIDAY, lambda piece: Reason.HOLIDAY not in barred[piece.hours.location_id]),
        (Reason.OFF_GRID, lambda piece: second in _ticks(plan, piece, visit)),
        (Reason.NO_ROOM, lambda piece: Reason.NO_ROOM not in barred[piece.hours.location_id]),
        (Reason.DAY_FULL, lambda piece: not plan.is_full(piece.date)),
        (Reason.OFTEN_ENOUGH, lambda piece: not plan.is_full_for_patient(piece.date)),
    )
    against = set()
    for reason, passes in questions:
        passed = [piece for piece in left if passes(piece)]
        if not passed:
            against.add(reason)
        left = passed or left
    return against


def _open_throughout(plan: Plan, second: int, visit: Visit) -> list[Stretch]:
    """The hours that a visit at this second lies in with its whole length."""
    around = stretches(plan.hours, second, second + visit.length)
    return [
        piece
        for piece in around
        if piece.begins <= second < piece.ends and second + visit.length <= piece.closes
    ]


def _offered(plan: Plan, begins: int, ends: int) -> list[Stretch]:
    """The opening hours at the locations where the visit type is offered."""
    found = stretches(plan.hours, begins, ends)
    if plan.offered_at is None:
        return found
    return [stretch for stretch in found if _is_offered(plan, stretch.hours)]


def _is_offered(plan: Plan, hours: WeeklyHours) -> bool:
    return plan.offered_at is None or hours.location_id in plan.offered_at


def _is_full(plan: Plan, stretch: Stretch) -> bool:
    """Whether a limit speaks against any more visits on that day."""
    if plan.policy.daily_limit is None and plan.policy.patient_daily_limit is None:
        return False
    return plan.is_full(stretch.date) or plan.is_full_for_patient(stretch.date)


def _ticks(plan: Plan, stretch: Stretch, visit: Visit) -> range:
    """The starts that the grid and the closing time of one stretch allow."""
    grid = plan.policy.grid // SECOND
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
