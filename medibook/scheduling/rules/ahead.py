"""One practitioner's openings over many months, cut to the days that matter.

A series asks about fifty dates of a year in which there are thousands of visits. The one function
that decides what is free is asked about each date with the few obstacles around it, and what was
just chosen becomes an obstacle for the dates after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.kernel.intervals import Interval
from medibook.scheduling.rules.openings import Openings
from medibook.scheduling.rules.plan import Reason, Slot
from medibook.scheduling.rules.seconds import DAY, Span, first_second, last_second

_DAY = timedelta(days=1)
_Days = dict[int, list[Span]]


class Ahead:
    """What decides one practitioner's free time for one visit type, for a long while."""

    def __init__(self, openings: Openings) -> None:
        """Sort the obstacles by their days; ``openings`` itself stays as it is."""
        self.openings = openings
        plan = openings.plan
        self._busy, self._own = _by_day(plan.busy), _by_day(plan.own)
        self._rooms = [_by_day(room.busy) for room in plan.rooms or ()]
        self._per_day, self._own_per_day = dict(plan.booked_per_day), dict(plan.own_per_day)

    def around(self, window: Interval) -> Openings:
        """The openings, with those obstacles alone that a visit in the window could touch."""
        days = _days_of(Interval(window.start - _DAY, window.end + _DAY))
        plan, rooms = self.openings.plan, self.openings.plan.rooms
        first, last = last_second(window.start), first_second(window.end)
        near = replace(
            plan,
            busy=_on(self._busy, days),
            own=_on(self._own, days),
            time_off=tuple(off for off in plan.time_off if off[0] < last and first < off[1]),
            booked_per_day=self._per_day,
            own_per_day=self._own_per_day,
        )
        if rooms is not None:
            here = zip(rooms, self._rooms, strict=True)
            usable = tuple(room._replace(busy=_on(busy, days)) for room, busy in here)
            near = replace(near, rooms=usable)
        return replace(self.openings, plan=near)

    def at(self, start: datetime, now: datetime) -> tuple[Slot, UUID | None] | Reason:
        """The slot and the room that would be booked; or the first thing that stands against it."""
        near = self.around(self._visit(start))
        found = near.at(start, now)
        return found or next(iter(near.reasons_against(start, now)), Reason.TAKEN)

    def nearest(
        self, start: datetime, now: datetime, *, within: timedelta, clear_of: Sequence[Interval]
    ) -> list[Slot]:
        """The free times around an instant, nearest first, that touch none of these stretches."""
        window = Interval(start - within, start + within + timedelta(seconds=1))
        far = self._visit(window.end).end
        free = self.around(Interval(window.start - _DAY, far)).free(window, now)
        # Few of fifty dates are near; asking each of them about each free time would take longest.
        close = [other for other in clear_of if other.overlaps(Interval(window.start, far))]
        return sorted(
            (
                slot
                for slot in free
                if not any(slot.start < other.end and other.start < slot.end for other in close)
            ),
            key=lambda slot: (abs(slot.start - start), slot.start),
        )

    def take(self, slot: Slot) -> None:
        """Let what was chosen be an obstacle from now on."""
        service = self.openings.service
        around = Interval(slot.start - service.buffer_before, slot.end + service.buffer_after)
        _add(self._busy, around)
        day = slot.start.astimezone(ZoneInfo(slot.zone)).date()
        for counted in (self._per_day, self._own_per_day):
            counted[day] = counted.get(day, 0) + 1

    def take_patient(self, slot: Slot) -> None:
        """Let the patient be busy then, with whomever they are."""
        _add(self._own, Interval(slot.start, slot.end))

    def _visit(self, start: datetime) -> Interval:
        service = self.openings.service
        end = start + service.length + service.buffer_after
        return Interval(start - service.buffer_before, end)


def _by_day(spans: Iterable[Span]) -> _Days:
    days: _Days = {}
    for span in spans:
        # Busy time is never longer than a day: the database refuses it. So the day before is enough.
        days.setdefault(span[0] // DAY, []).append(span)
    return days


def _add(days: _Days, time: Interval) -> None:
    begins = last_second(time.start)
    days.setdefault(begins // DAY, []).append((begins, first_second(time.end)))


def _days_of(window: Interval) -> range:
    return range(last_second(window.start) // DAY, first_second(window.end) // DAY + 1)


def _on(days: _Days, wanted: Iterable[int]) -> tuple[Span, ...]:
    return tuple(span for day in wanted for span in days.get(day, ()))
