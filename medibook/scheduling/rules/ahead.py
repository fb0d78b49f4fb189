"""One practitioner's openings over many months, cut to the days that matter.

A series asks about fifty dates of a year in which there are thousands of visits. The one function
that decides what is free is asked about each date with the few obstacles around it, and what was
just chosen becomes an obstacle for the dates after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.kernel.intervals import Interval
from medibook.scheduling.rules.openings import Openings
from medibook.scheduling.rules.plan import Reason, Slot

_DAY = timedelta(days=1)
_Days = dict[date, list[Interval]]


class Ahead:
    """What decides one practitioner's free time for one visit type, for a long while."""

    def __init__(self, openings: Openings) -> None:
        """Sort the obstacles by their days; ``openings`` itself stays as it is."""
        self.openings = openings
        plan = openings.plan
        self._busy, self._own = _by_day(plan.busy), _by_day(plan.own)
        self._rooms = [_by_day(room.busy) for room in openings.rooms or ()]
        self._per_day = dict(plan.booked_per_day)

    def around(self, window: Interval) -> Openings:
        """The openings, with those obstacles alone that a visit in the window could touch."""
        days = _days_of(Interval(window.start - _DAY, window.end + _DAY))
        plan = self.openings.plan
        near = replace(
            plan,
            busy=_on(self._busy, days),
            own=_on(self._own, days),
            time_off=tuple(off for off in plan.time_off if off.overlaps(window)),
            booked_per_day=self._per_day,
        )
        rooms = self.openings.rooms
        if rooms is None:
            return replace(self.openings, plan=near)
        here = zip(rooms, self._rooms, strict=True)
        usable = tuple(replace(room, busy=_on(busy, days)) for room, busy in here)
        return replace(self.openings, plan=near, rooms=usable)

    def at(self, start: datetime, now: datetime) -> tuple[Slot, UUID | None] | Reason:
        """The slot and the room that would be booked; or the first thing that stands against it."""
        near = self.around(self._visit(start))
        found = near.at(start, now)
        return found or near.why_not(start, now) or Reason.TAKEN

    def nearest(
        self, start: datetime, now: datetime, *, within: timedelta, clear_of: Sequence[Interval]
    ) -> list[Slot]:
        """The free times around an instant, nearest first, that touch none of these stretches."""
        window = Interval(start - within, start + within + timedelta(seconds=1))
        far = self._visit(window.end).end
        free = self.around(Interval(window.start - _DAY, far)).free(window, now)
        return sorted(
            (
                slot
                for slot in free
                if not any(Interval(slot.start, slot.end).overlaps(other) for other in clear_of)
            ),
            key=lambda slot: (abs(slot.start - start), slot.start),
        )

    def take(self, slot: Slot) -> None:
        """Let what was chosen be an obstacle from now on."""
        service = self.openings.service
        around = Interval(slot.start - service.buffer_before, slot.end + service.buffer_after)
        _add(self._busy, around)
        day = slot.start.astimezone(ZoneInfo(slot.zone)).date()
        self._per_day[day] = self._per_day.get(day, 0) + 1

    def take_patient(self, slot: Slot) -> None:
        """Let the patient be busy then, with whomever they are."""
        _add(self._own, Interval(slot.start, slot.end))

    def _visit(self, start: datetime) -> Interval:
        service = self.openings.service
        end = start + service.length + service.buffer_after
        return Interval(start - service.buffer_before, end)


def _by_day(times: Iterable[Interval]) -> _Days:
    days: _Days = {}
    for time in times:
        _add(days, time)
    return days


def _add(days: _Days, time: Interval) -> None:
    # Busy time is never longer than a day: the database refuses it. So the day before is enough.
    days.setdefault(time.start.date(), []).append(time)


def _days_of(window: Interval) -> list[date]:
    first, last = window.start.date(), window.end.date()
    return [first + n * _DAY for n in range((last - first).days + 1)]


def _on(days: _Days, wanted: Sequence[date]) -> tuple[Interval, ...]:
    return tuple(time for day in wanted for time in days.get(day, ()))
