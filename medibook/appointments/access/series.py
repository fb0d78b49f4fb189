"""Series of visits: whoever may see one of its visits may see that series, and of it their own visits."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from medibook.appointments.access.visits import visible
from medibook.appointments.schemas import AppointmentStatus
from medibook.appointments.tables import Appointment, AppointmentSeries, SeriesVisit
from medibook.kernel.actor import Role
from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork

_VISIT = table_of(Appointment)
_SERIES = table_of(AppointmentSeries)
_PLACE = table_of(SeriesVisit)
_MEMBERS = {Role.PATIENT, Role.PRACTITIONER, Role.STAFF, Role.ADMIN, Role.SYSTEM}


def has_been_seen_by(uow: UnitOfWork, patient_id: UUID, practitioner_id: UUID | None) -> bool:
    """Whether a patient has, or had, a visit with this practitioner that was not cancelled."""
    theirs = sa.exists().where(
        _VISIT.c.patient_id == patient_id,
        _VISIT.c.practitioner_id == practitioner_id,
        _VISIT.c.status != AppointmentStatus.CANCELLED,
    )
    return bool(uow.session.execute(sa.select(theirs)).scalar_one())


def add_series(uow: UnitOfWork, series: dict[str, Any]) -> AppointmentSeries:
    """Write down a new series; its visits follow."""
    row = AppointmentSeries(id=uow.new_id(), created_at=uow.now, **series)
    uow.session.add(row)
    uow.session.flush()
    return row


def place_in_series(
    uow: UnitOfWork, series_id: UUID, appointment_id: UUID, *, place: int, wall_start: str
) -> None:
    """Let a visit be one of a series; ``wall_start`` is what the rule says, not where the visit is."""
    uow.session.execute(
        sa.insert(_PLACE).values(
            appointment_id=appointment_id,
            series_id=series_id,
            place=place,
            wall_start=wall_start,
            version=1,
        )
    )


def touch_place(uow: UnitOfWork, appointment_id: UUID, *, wall_start: str, version: int) -> None:
    """Note what the series says of a visit from now on, and with which of its changes."""
    uow.session.execute(
        sa.update(_PLACE)
        .where(_PLACE.c.appointment_id == appointment_id)
        .values(wall_start=wall_start, version=version)
    )


def of_series_key(uow: UnitOfWork, key: str) -> UUID | None:
    """The series that this account's attempt has already booked (I5)."""
    chosen = sa.select(_SERIES.c.id).where(
        _SERIES.c.booked_by == uow.actor.user_id, _SERIES.c.booking_key == key
    )
    found: UUID | None = uow.session.execute(chosen).scalar_one_or_none()
    return found


def find_series(uow: UnitOfWork, series_id: UUID, *, to_change: bool = False) -> AppointmentSeries:
    """The series, if one of its visits is the actor's; locked, if it is to be changed. Raises NotFound."""
    if uow.actor.role not in _MEMBERS:
        raise NotFound
    own = sa.exists().where(
        _PLACE.c.series_id == col(AppointmentSeries.id),
        _PLACE.c.appointment_id == _VISIT.c.id,
        visible(uow),
    )
    asked = select(AppointmentSeries).where(col(AppointmentSeries.id) == series_id, own)
    if to_change:
        asked = asked.with_for_update()
    found: AppointmentSeries | None = uow.session.execute(
        asked, execution_options={"populate_existing": True}
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def visits_of_series(
    uow: UnitOfWork, series_id: UUID, *, to_change: bool = False
) -> list[tuple[Appointment, SeriesVisit]]:
    """The actor's visits of a series with their places, in the order of their times; locked to change."""
    asked = (
        select(Appointment, SeriesVisit)
        .join(SeriesVisit, col(SeriesVisit.appointment_id) == col(Appointment.id))
        .where(col(SeriesVisit.series_id) == series_id, visible(uow))
        .order_by(col(Appointment.starts_at), col(Appointment.id))
    )
    if to_change:
        asked = asked.with_for_update()
    rows = uow.session.execute(asked, execution_options={"populate_existing": True})
    return [(visit, place) for visit, place in rows]


def places_taken(uow: UnitOfWork, series_id: UUID) -> frozenset[int]:
    """The places of a series for which a visit was booked, whoever sees them."""
    chosen = sa.select(_PLACE.c.place).where(_PLACE.c.series_id == series_id)
    return frozenset(uow.session.execute(chosen).scalars())


def place_of(uow: UnitOfWork, appointment_id: UUID) -> SeriesVisit | None:
    """Where a visit stands in a series, if it is one of any."""
    return uow.session.get(SeriesVisit, appointment_id)


def changed_together(
    uow: UnitOfWork, series_id: UUID, version: int
) -> Collection[tuple[Appointment, SeriesVisit]]:
    """The visits that this change of a series concerned and no later one did, for who tells of it."""
    return [
        (visit, place)
        for visit, place in visits_of_series(uow, series_id)
        if place.version == version
    ]
