"""Visits that stand in the way of a closed door."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.appointments.access.visits import visible
from medibook.appointments.rules import ACTIVE
from medibook.appointments.tables import Appointment
from medibook.kernel.db import table_of
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork

_VISIT = table_of(Appointment)
_MOST = 200


def within_closures(uow: UnitOfWork, closed: Mapping[UUID, Collection[Interval]]) -> Sequence[Any]:
    """The active visits that are booked while their location is closed, soonest first; 200 at most."""
    reaches = [
        sa.and_(
            _VISIT.c.location_id == location_id,
            _VISIT.c.starts_at < time.end,
            _VISIT.c.ends_at > time.start,
        )
        for location_id, times in closed.items()
        for time in times
    ]
    if not reaches:
        return ()
    chosen = sa.select(_VISIT).where(
        visible(uow), _VISIT.c.status.in_(ACTIVE), _VISIT.c.ends_at > uow.now, sa.or_(*reaches)
    )
    return uow.session.execute(chosen.order_by(_VISIT.c.starts_at, _VISIT.c.id).limit(_MOST)).all()
