"""Visits as a calendar and the front desk's day draw them: the few columns that are drawn, for many."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.appointments.access.visits import reaching_into, visible
from medibook.appointments.schemas import AppointmentStatus
from medibook.appointments.tables import Appointment, AppointmentChange
from medibook.kernel.db import table_of
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork

_VISIT = table_of(Appointment)
_CHANGE = table_of(AppointmentChange)
# To read and turn all the other columns of a visit costs more than these do together.
_DRAWN = sa.select(
    _VISIT.c.id,
    _VISIT.c.patient_id,
    _VISIT.c.practitioner_id,
    _VISIT.c.service_id,
    _VISIT.c.status,
    _VISIT.c.starts_at,
    _VISIT.c.ends_at,
    _VISIT.c.zone,
).order_by(_VISIT.c.starts_at, _VISIT.c.id)


def drawn_of_practitioner(
    uow: UnitOfWork,
    practitioner_id: UUID,
    window: Interval,
    *,
    besides: Collection[AppointmentStatus],
) -> Sequence[Any]:
    """What is drawn of a practitioner's visits that reach into the window, earliest first."""
    chosen = _DRAWN.where(
        *reaching_into(uow, window, practitioner_id=practitioner_id, besides=besides)
    )
    return uow.session.execute(chosen).all()


def drawn_on_day(
    uow: UnitOfWork,
    walls: Mapping[str, Interval],
    location_id: UUID | None,
    *,
    practitioner_ids: Collection[UUID],
    of: Collection[AppointmentStatus],
) -> Sequence[Any]:
    """What is drawn of these practitioners' visits on a day, earliest first; see count_on_day."""
    if not practitioner_ids:
        return ()
    chosen = _DRAWN.where(
        visible(uow),
        _VISIT.c.practitioner_id.in_(practitioner_ids),
        _VISIT.c.status.in_(of),
        *_on_day(walls, location_id),
    )
    return uow.session.execute(chosen).all()


def count_on_day(
    uow: UnitOfWork,
    walls: Mapping[str, Interval],
    location_id: UUID | None,
    *,
    of: Collection[AppointmentStatus],
) -> dict[UUID, int]:
    """How many visits of these kinds each practitioner has on a day, at one place or at all of them.

    ``walls`` says for each zone from when until when it is that day there.
    """
    found = sa.select(_VISIT.c.practitioner_id).where(
        visible(uow), _VISIT.c.status.in_(of), *_on_day(walls, location_id)
    )
    # Made first and counted afterwards: to group by, SQLite would else go through the index that has
    # the practitioners in order, all ten thousand of them, and not through the one that has the day.
    day = found.cte("day").prefix_with("MATERIALIZED")
    chosen = sa.select(day.c.practitioner_id, sa.func.count()).group_by(day.c.practitioner_id)
    return dict(map(tuple, uow.session.execute(chosen)))


def _on_day(
    walls: Mapping[str, Interval], location_id: UUID | None
) -> list[sa.ColumnElement[bool]]:
    whole = Interval(
        min(day.start for day in walls.values()), max(day.end for day in walls.values())
    )
    conditions = [*_starts_within(whole)]
    if location_id is not None:
        conditions.append(_VISIT.c.location_id == location_id)
    if len(walls) > 1:  # in each zone its own day; in that of a place long retired, any of these
        own = [sa.and_(_VISIT.c.zone == z, *_starts_within(day)) for z, day in walls.items()]
        conditions.append(sa.or_(*own, _VISIT.c.zone.not_in(walls)))
    return conditions


def _starts_within(time: Interval) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return _VISIT.c.starts_at >= time.start, _VISIT.c.starts_at < time.end


def starts_of(
    uow: UnitOfWork, start: datetime, end: datetime, *, of: Collection[AppointmentStatus]
) -> Sequence[Any]:
    """When, and on whose wall, the clinic's visits of these kinds begin that begin in the stretch."""
    chosen = sa.select(_VISIT.c.starts_at, _VISIT.c.zone).where(
        visible(uow), _VISIT.c.status.in_(of), *_starts_within(Interval(start, end))
    )
    return uow.session.execute(chosen).all()


def arrivals(uow: UnitOfWork, appointment_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When each of these visits' patients came; of a step that was taken back, the last time counts."""
    here = (AppointmentStatus.ARRIVED.value, AppointmentStatus.CHECKED_IN.value)
    chosen = sa.select(
        _CHANGE.c.appointment_id, sa.func.max(_CHANGE.c.at, type_=_CHANGE.c.at.type).label("came")
    ).where(
        _CHANGE.c.appointment_id.in_(appointment_ids),
        _CHANGE.c.from_status == AppointmentStatus.BOOKED.value,
        _CHANGE.c.to_status.in_(here),
    )
    rows = uow.session.execute(chosen.group_by(_CHANGE.c.appointment_id))
    return {row.appointment_id: row.came for row in rows}
