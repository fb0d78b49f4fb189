"""I1: nobody and nothing is in two places at once; said by busy time, and by visits and holds themselves."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from medibook.appointments.rules import ACTIVE
from medibook.appointments.tables import Appointment
from medibook.kernel.db import table_of
from medibook.scheduling.tables import BusyTime, Hold, ResourceKind, SourceKind

_BUSY = table_of(BusyTime)
_VISIT = table_of(Appointment)
_HOLD = table_of(Hold)
# A visit that has taken place keeps its rows: the time was taken, and nobody can book it any more.
_MAY_KEEP_TIME = [status.value for status in ACTIVE] + ["fulfilled", "noshow"]
_RESOURCES = {
    ResourceKind.PRACTITIONER: "practitioner_id",
    ResourceKind.PATIENT: "patient_id",
    ResourceKind.ROOM: "room_id",
}


class Taken(NamedTuple):
    """One stretch of one resource's time, and what took it."""

    resource_id: UUID
    starts_at: datetime
    ends_at: datetime
    what: str
    source_id: UUID
    moves: UUID | None = None

    def excuses(self, other: "Taken") -> bool:
        """A held time may overlap the very visit that would move there."""
        return self.source_id == other.source_id or self.moves == other.source_id


Pair = tuple[Taken, Taken]


def overlapping_busy_time(session: Session) -> Iterator[Pair]:
    """Rows of busy time that overlap; a row that was overbooked on purpose stands outside."""
    rows = session.execute(
        sa.select(
            _BUSY.c.resource_id,
            _BUSY.c.starts_at,
            _BUSY.c.ends_at,
            _BUSY.c.source_kind,
            _BUSY.c.source_id,
        )
        .where(_BUSY.c.overbooked_by.is_(None))
        .order_by(_BUSY.c.resource_id, _BUSY.c.starts_at)
        .execution_options(yield_per=2000)
    )
    # Two rows of one source on one resource are as wrong as those of two: nothing is excused here.
    yield from _pairs(Taken(r[0], r[1], r[2], r[3].value, r[4]) for r in rows)


def overlapping_visits(session: Session, now: datetime) -> Iterator[Pair]:
    """Active visits and live holds that overlap, whatever busy time says about them."""
    for column in _RESOURCES.values():
        rows = session.execute(_visits_and_holds(column, now).execution_options(yield_per=2000))
        every = (Taken(*row) for row in rows)
        yield from (pair for pair in _pairs(every) if not _is_excused(pair))


def _is_excused(pair: Pair) -> bool:
    one, other = pair
    return one.excuses(other) or other.excuses(one)


def _visits_and_holds(column: str, now: datetime) -> sa.Select[tuple[object, ...]]:
    overbooked = sa.select(_BUSY.c.source_id).where(_BUSY.c.overbooked_by.is_not(None))
    visits = sa.select(
        _VISIT.c[column].label("resource"),
        _VISIT.c.starts_at.label("starts_at"),
        _VISIT.c.ends_at,
        sa.literal("appointment"),
        _VISIT.c.id,
        sa.cast(sa.null(), _VISIT.c.id.type),
    ).where(
        _VISIT.c.status.in_(ACTIVE), _VISIT.c[column].is_not(None), _VISIT.c.id.not_in(overbooked)
    )
    holds = sa.select(
        _HOLD.c[column],
        _HOLD.c.starts_at,
        _HOLD.c.ends_at,
        sa.literal("hold"),
        _HOLD.c.id,
        _HOLD.c.moves_appointment_id,
    ).where(_HOLD.c.expires_at > now, _HOLD.c[column].is_not(None))
    both = visits.union_all(holds).subquery()
    return sa.select(both).order_by(both.c.resource, both.c.starts_at)


def _pairs(rows: Iterable[Taken]) -> Iterator[Pair]:
    """Every overlapping pair; ``rows`` come by resource and start, so few are open at a time."""
    open_rows: list[Taken] = []
    for row in rows:
        open_rows = [
            other
            for other in open_rows
            if other.resource_id == row.resource_id and other.ends_at > row.starts_at
        ]
        yield from ((other, row) for other in open_rows)
        open_rows.append(row)


def visits_without_their_time(session: Session) -> Iterator[tuple[UUID, str, int]]:
    """Active visits that do not have exactly one row of busy time, over the whole visit, per resource."""
    for kind, column in _RESOURCES.items():
        rows = (
            sa.select(sa.func.count())
            .where(
                _BUSY.c.source_id == _VISIT.c.id,
                _BUSY.c.resource_kind == kind,
                _BUSY.c.resource_id == _VISIT.c[column],
                _BUSY.c.starts_at <= _VISIT.c.starts_at,
                _BUSY.c.ends_at >= _VISIT.c.ends_at,
            )
            .correlate(_VISIT)
            .scalar_subquery()
        )
        found = session.execute(
            sa.select(_VISIT.c.id, rows).where(
                _VISIT.c.status.in_(ACTIVE), _VISIT.c[column].is_not(None), rows != 1
            )
        )
        yield from ((visit, kind.value, number) for visit, number in found)


def time_taken_by_nobody(session: Session) -> Iterator[tuple[UUID, str, UUID]]:
    """Rows of busy time whose visit or hold does not exist, has ended, or is not about that resource."""
    visits = sa.exists().where(
        _VISIT.c.id == _BUSY.c.source_id, _VISIT.c.status.in_(_MAY_KEEP_TIME), _is_about(_VISIT)
    )
    holds = sa.exists().where(_HOLD.c.id == _BUSY.c.source_id, _is_about(_HOLD))
    stray = sa.select(_BUSY.c.id, _BUSY.c.source_kind, _BUSY.c.source_id).where(
        sa.or_(
            sa.and_(_BUSY.c.source_kind == SourceKind.APPOINTMENT, ~visits),
            sa.and_(_BUSY.c.source_kind == SourceKind.HOLD, ~holds),
        )
    )
    yield from ((row, kind.value, source) for row, kind, source in session.execute(stray))


def _is_about(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.or_(*(_BUSY.c.resource_id == table.c[column] for column in _RESOURCES.values()))
