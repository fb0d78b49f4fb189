"""One practitioner's time for one visit type, with the rooms that the visit may need."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from medibook.clinic.schemas import ServiceCard
from medibook.kernel.intervals import Interval
from medibook.scheduling.rules.plan import Plan, Reason, Slot
from medibook.scheduling.rules.slots import (
    all_reasons_against,
    free_slots,
    is_free,
    why_not_free,
)


@dataclass(frozen=True, slots=True)
class RoomTime:
    """A room that the visit could be in, and when it is taken."""

    room_id: UUID
    location_id: UUID
    busy: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Openings:
    """What decides whether this visit can be at a time. ``rooms`` is None when it needs no room."""

    practitioner_id: UUID
    service: ServiceCard
    plan: Plan
    rooms: tuple[RoomTime, ...] | None = None

    def free(self, window: Interval, now: datetime) -> list[Slot]:
        """The free times that start within the window, earliest first."""
        if self.rooms is None:
            return self._free(self.plan, window, now)
        # A time is free when one and the same room is free for the whole of it.
        found = {
            slot.start: slot
            for _, plan in self._by_room()
            for slot in self._free(plan, window, now)
        }
        return [found[start] for start in sorted(found)]

    def at(self, start: datetime, now: datetime) -> tuple[Slot, UUID | None] | None:
        """The slot and the room that would be booked; None when this time is not free."""
        visit = Interval(start, start + self.service.length)
        for room_id, plan in self._by_room():
            slot = is_free(
                plan,
                visit,
                buffer_before=self.service.buffer_before,
                buffer_after=self.service.buffer_after,
                now=now,
            )
            if slot is not None:
                return slot, room_id
        return None

    def why_not(self, start: datetime, now: datetime) -> Reason | None:
        """The first thing that stands against this time; None when it is free."""
        if self.at(start, now) is not None:
            return None
        against = why_not_free(
            self.plan,
            start,
            length=self.service.length,
            buffer_before=self.service.buffer_before,
            buffer_after=self.service.buffer_after,
            now=now,
        )
        return against or Reason.TAKEN

    def reasons_against(self, start: datetime, now: datetime) -> tuple[Reason, ...]:
        """Everything that stands against this time, in the order in which one says it."""
        against = all_reasons_against(
            self.plan,
            start,
            length=self.service.length,
            buffer_before=self.service.buffer_before,
            buffer_after=self.service.buffer_after,
            now=now,
        )
        return against or (() if self.at(start, now) else (Reason.TAKEN,))

    def _free(self, plan: Plan, window: Interval, now: datetime) -> list[Slot]:
        return free_slots(
            plan,
            window,
            length=self.service.length,
            buffer_before=self.service.buffer_before,
            buffer_after=self.service.buffer_after,
            now=now,
        )

    def _by_room(self) -> Iterator[tuple[UUID | None, Plan]]:
        if self.rooms is None:
            yield None, self.plan
            return
        for room in self.rooms:
            here = tuple(rule for rule in self.plan.hours if rule.location_id == room.location_id)
            yield room.room_id, replace(self.plan, hours=here, busy=self.plan.busy + room.busy)
