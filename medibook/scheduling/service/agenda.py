"""A practitioner's time as a calendar draws it: open, closed, away, held, and what visits take."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.kernel.intervals import Interval, subtracted
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling import access
from medibook.scheduling.rules import open_time
from medibook.scheduling.schemas import TimeOffRow


@dataclass(frozen=True, slots=True)
class Agenda:
    """A practitioner's time within a window, besides the visits themselves.

    ``taken`` says per visit what it takes with its buffers; ``closed`` are the clinic's closures with
    their names; ``zone`` is "" when the practitioner has no hours yet.
    """

    zone: str
    open: tuple[Interval, ...]
    away: tuple[TimeOffRow, ...]
    held: tuple[Interval, ...]
    taken: Mapping[UUID, Interval]
    closed: tuple[tuple[Interval, str], ...] = ()


def agenda(uow: UnitOfWork, practitioner_id: UUID, window: Interval) -> Agenda:
    """What a calendar shows besides the visits, in a constant number of queries.

    ``zone`` is that of the place where the practitioner has hours; "" when they have none.
    """
    weekly = access.rules_of(uow, practitioner_id)
    closed = clinic.closures(uow, {rule.location_id for rule in weekly}, window)
    busy = access.stretches_of(uow, practitioner_id, window)
    return Agenda(
        zone=next((rule.zone for rule in weekly), ""),
        open=tuple(
            part
            for time, place, _ in open_time(weekly, window)
            for part in subtracted([time], [each.time for each in closed.get(place, ())])
        ),
        away=access.absences(uow, practitioner_id, window),
        held=tuple(row.time for row in busy if row.is_hold),
        closed=tuple(dict.fromkeys((c.time, c.name) for each in closed.values() for c in each)),
        taken={row.source_id: row.time for row in busy if not row.is_hold},
    )
