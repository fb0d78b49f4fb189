"""I6: whether a freed time went to whoever was first in line, said a second time, apart from the list.

What happened at one and the same instant has no order that the rows could tell: only who was surely
ahead counts as skipped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Turn:
    """An offer that went out in turn, and who had been considered for that freed time by then."""

    offer_id: UUID
    entry_id: UUID
    practitioner_id: UUID
    service_id: UUID
    priority: int
    since: datetime
    offered_at: datetime
    considered: frozenset[UUID]
    specialties: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry with every priority that it has had, and since when."""

    entry_id: UUID
    service_id: UUID | None
    specialty_id: UUID | None
    practitioners: frozenset[UUID]
    since: datetime
    closed_at: datetime | None
    priorities: tuple[tuple[datetime, int], ...] = field(default=())

    def waited_for(self, turn: Turn) -> bool:
        """Whether this entry surely waited for such a visit when the offer went out."""
        if self.since >= turn.offered_at:
            return False
        if self.closed_at is not None and self.closed_at <= turn.offered_at:
            return False
        if self.practitioners and turn.practitioner_id not in self.practitioners:
            return False
        return self.service_id == turn.service_id or self.specialty_id in turn.specialties

    def surely_before(self, turn: Turn) -> bool:
        """Whether it ranked before, however one orders what happened at the same instant."""
        mine = (turn.since, turn.entry_id)
        possible = self._priorities_at(turn.offered_at)
        return all(
            priority > turn.priority
            or (priority == turn.priority and (self.since, self.entry_id) < mine)
            for priority in possible
        )

    def _priorities_at(self, at: datetime) -> set[int]:
        before = [priority for when, priority in self.priorities if when < at]
        then = {priority for when, priority in self.priorities if when == at}
        return then | set(before[-1:])


def skipped_without_reason(turn: Turn, queue: Sequence[Waiting]) -> Iterator[UUID]:
    """Who ranked before whom was asked, and was neither asked nor passed with a reason."""
    for waiting in queue:
        if (
            waiting.entry_id != turn.entry_id
            and waiting.entry_id not in turn.considered
            and waiting.waited_for(turn)
            and waiting.surely_before(turn)
        ):
            yield waiting.entry_id
