"""How visits stand, for reminders: whole lists in one question."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.appointments.access.visits import visible
from medibook.appointments.schemas import AppointmentStatus, Standing
from medibook.appointments.tables import Appointment, AppointmentChange
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork

_VISIT, _CHANGE = table_of(Appointment), table_of(AppointmentChange)
_KEPT = tuple(_VISIT.c[name] for name in Standing.model_fields if name != "appointment_id")


def standing(uow: UnitOfWork, appointment_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """How these visits stand now; those that the actor may not know of are absent."""
    found = sa.select(_VISIT.c.id.label("appointment_id"), *_KEPT).where(
        _VISIT.c.id.in_(appointment_ids), visible(uow)
    )
    return {row.appointment_id: Standing(**row._mapping) for row in uow.session.execute(found)}


def booked_between(
    uow: UnitOfWork, patient_ids: Collection[UUID], start: datetime, end: datetime
) -> Sequence[Any]:
    """The booked visits of these patients that start in the stretch, earliest first."""
    chosen = sa.select(_VISIT).where(
        visible(uow),
        _VISIT.c.patient_id.in_(patient_ids),
        _VISIT.c.starts_at >= start,
        _VISIT.c.starts_at < end,
        _VISIT.c.status == AppointmentStatus.BOOKED,
    )
    return uow.session.execute(chosen.order_by(_VISIT.c.starts_at, _VISIT.c.id)).all()


def change_of(uow: UnitOfWork, appointment_id: UUID, version: int) -> Any | None:  # noqa: ANN401 - a row of Core columns
    """The row of history that made this version of a visit."""
    chosen = sa.select(_CHANGE).where(
        _CHANGE.c.appointment_id == appointment_id, _CHANGE.c.version == version
    )
    return uow.session.execute(chosen).one_or_none()
