"""What patients have before them: asked for many at once, by whoever decides whom to offer a time."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from medibook.appointments.rules import ACTIVE
from medibook.appointments.tables import Appointment, SeriesVisit
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork

_VISIT = table_of(Appointment)
_PLACE = table_of(SeriesVisit)
# Written once: it is asked whenever a time is freed and somebody waits for it.
_OPEN = (
    sa.select(
        _VISIT.c.id,
        _VISIT.c.patient_id,
        _VISIT.c.practitioner_id,
        _VISIT.c.service_id,
        _VISIT.c.starts_at,
        _VISIT.c.zone,
        _VISIT.c.created_at,
        _PLACE.c.series_id,
    )
    .join_from(_VISIT, _PLACE, _PLACE.c.appointment_id == _VISIT.c.id, isouter=True)
    .where(
        _VISIT.c.patient_id.in_(sa.bindparam("patient_ids", expanding=True)),
        _VISIT.c.status.in_(ACTIVE),
        _VISIT.c.ends_at > sa.bindparam("now"),
    )
    .order_by(_VISIT.c.starts_at, _VISIT.c.id)
)


def open_visits(uow: UnitOfWork, patient_ids: Collection[Any]) -> list[Any]:
    """The active visits of these patients that are not over, soonest first."""
    asked = {"patient_ids": list(patient_ids), "now": uow.now}
    return list(uow.session.execute(_OPEN, asked)) if patient_ids else []
