"""The history of visits, to be read: what made a visit what it is, and whose doing it was."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.appointments.tables import Appointment, AppointmentChange
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork

_CHANGE = table_of(AppointmentChange)


def last_change(uow: UnitOfWork, visit: Appointment) -> Any | None:  # noqa: ANN401 - a row of Core columns
    """The row of history of the change that made a visit what it is now."""
    chosen = sa.select(_CHANGE).where(
        _CHANGE.c.appointment_id == visit.id, _CHANGE.c.version == visit.version
    )
    return uow.session.execute(chosen).one_or_none()


def changed_by(uow: UnitOfWork, appointment_id: UUID, version: int) -> UUID | None:
    """Whose account made this version of a visit."""
    chosen = sa.select(_CHANGE.c.by_user_id).where(
        _CHANGE.c.appointment_id == appointment_id, _CHANGE.c.version == version
    )
    found: UUID | None = uow.session.execute(chosen).scalar_one_or_none()
    return found
