"""Everything that stands in the way of a visit, said as spans of starts that it forbids.

A visit of 20 minutes cannot start in the 20 minutes before a booking, nor during it. Most bars hold
wherever the visit is; a closed location and rooms that are taken bar the starts at that location.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from medibook.scheduling.rules.plan import ImpossibleHours, Plan, Reason, RoomTime
from medibook.scheduling.rules.seconds import Span, edges_of, first_second, last_second

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

ALWAYS = 1 << 60
NONE = timedelta(0)
SECOND = timedelta(seconds=1)

Bar = tuple[Reason, list[Span]]
"""Why a start is forbidden, and which ones are."""


class Visit(NamedTuple):
    """How much time a visit needs, in seconds."""

    length: int
    before: int = 0
    after: int = 0

    @classmethod
    def of(cls, length: timedelta, before: timedelta, after: timedelta) -> Visit:
        """The visit in seconds. Raises ImpossibleHours when it takes no time, or a part of a second."""
        if length < SECOND or before < NONE or after < NONE:
            message = f"a visit lasts a while and buffers are not negative: {length}"
            raise ImpossibleHours(message)
        if any(part.microseconds for part in (length, before, after)):
            message = f"lengths and buffers are whole seconds: {length}, {before}, {after}"
            raise ImpossibleHours(message)
        return cls(length // SECOND, before // SECOND, after // SECOND)


def bars_everywhere(plan: Plan, visit: Visit, now: datetime) -> tuple[Bar, ...]:
    """The starts that are forbidden wherever the visit would be."""
    present = first_second(now)
    # A notice or a horizon that ends between two seconds lets nobody in a moment early or late.
    soonest = first_second(now + plan.policy.minimum_notice)
    too_far = last_second(now + plan.policy.horizon) + 1
    return (
        (Reason.PAST, [(-ALWAYS, present)]),
        (Reason.TOO_SOON, [(present, soonest)] if present < soonest else []),
        (Reason.TOO_FAR, [(too_far, ALWAYS)]),
        (Reason.TIME_OFF, starts_that_touch(plan.time_off, visit)),
        (Reason.TAKEN, starts_that_touch(plan.busy, visit)),
        # Preparing and tidying up are not the patient's time.
        (Reason.OWN_VISIT, starts_that_touch(plan.own, Visit(visit.length))),
    )


def bars_at(plan: Plan, location_id: UUID, visit: Visit) -> tuple[Bar, ...]:
    """The starts that are forbidden at this location alone."""
    closed = starts_that_touch(plan.closed.get(location_id, ()), Visit(visit.length))
    if plan.rooms is None:
        return ((Reason.HOLIDAY, closed),)
    return (
        (Reason.HOLIDAY, closed),
        (Reason.NO_ROOM, _starts_without_room(plan, location_id, visit)),
    )


def free_room(plan: Plan, location_id: UUID, visit: Visit, second: int) -> RoomTime | None:
    """The first room of the location that is free for a visit that starts then."""
    for room in rooms_at(plan, location_id):
        if not is_barred(starts_that_touch(room.busy + room.out_of_order, visit), second):
            return room
    return None


def rooms_at(plan: Plan, location_id: UUID) -> Sequence[RoomTime]:
    """The rooms there that the visit could be in, in the order in which they are filled."""
    return [room for room in plan.rooms or () if room.location_id == location_id]


def is_barred(spans: Iterable[Span], second: int) -> bool:
    """Whether a start at this second is forbidden."""
    return any(since <= second < until for since, until in spans)


def starts_that_touch(taken: Iterable[Span], visit: Visit) -> list[Span]:
    """For each stretch of taken time, the starts whose visit or buffer would run into it."""
    # A visit that ends when the other begins does not touch it: the first bad start is a second on.
    reach, before = visit.length + visit.after - 1, visit.before
    return [(since - reach, until + before) for since, until in taken]


def _starts_without_room(plan: Plan, location_id: UUID, visit: Visit) -> list[Span]:
    """The starts for which every room is taken or out of order for a part of the visit at least."""
    barred = [
        edges_of(starts_that_touch(room.busy + room.out_of_order, visit))
        for room in rooms_at(plan, location_id)
    ]
    if not barred:
        return [(-ALWAYS, ALWAYS)]
    # Where the bars of all rooms lie on top of each other: up at each beginning, down at each end.
    steps: Counter[int] = Counter()
    for edges in barred:
        steps.update(edges[::2])
        steps.subtract(edges[1::2])
    height, spans = 0, []
    for since, until in pairwise(chain(sorted(steps), [ALWAYS])):
        height += steps[since]
        if height == len(barred):
            spans.append((since, until))
    return spans
