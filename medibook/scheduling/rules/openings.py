"""One practitioner's time for one visit type: the plan, and how long the visit takes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from medibook.clinic.schemas import ServiceCard
from medibook.kernel.intervals import Interval
from medibook.scheduling.rules.bars import Visit, free_room
from medibook.scheduling.rules.plan import Plan, Reason, Slot
from medibook.scheduling.rules.seconds import first_second
from medibook.scheduling.rules.slots import all_reasons_against, free_slots, is_free


class _Buffers(TypedDict):
    buffer_before: timedelta
    buffer_after: timedelta


@dataclass(frozen=True, slots=True)
class Openings:
    """What decides whether this visit can be at a time."""

    practitioner_id: UUID
    service: ServiceCard
    plan: Plan

    def free(self, window: Interval, now: datetime) -> list[Slot]:
        """The free times that start within the window, earliest first."""
        return free_slots(self.plan, window, length=self.service.length, now=now, **self._buffers())

    def at(self, start: datetime, now: datetime) -> tuple[Slot, UUID | None] | None:
        """The slot and the room that would be booked; None when this time is not free."""
        time = Interval(start, start + self.service.length)
        slot = is_free(self.plan, time, now=now, **self._buffers())
        if slot is None:
            return None
        room = free_room(self.plan, slot.location_id, self.visit, first_second(start))
        return slot, room.room_id if room else None

    def reasons_against(self, start: datetime, now: datetime) -> tuple[Reason, ...]:
        """Everything that stands against this time, in the order in which one says it."""
        return all_reasons_against(
            self.plan, start, length=self.service.length, now=now, **self._buffers()
        )

    @property
    def visit(self) -> Visit:
        """How much time the visit needs."""
        service = self.service
        return Visit.of(service.length, service.buffer_before, service.buffer_after)

    def _buffers(self) -> _Buffers:
        return {
            "buffer_before": self.service.buffer_before,
            "buffer_after": self.service.buffer_after,
        }
