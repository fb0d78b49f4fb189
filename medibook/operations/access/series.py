"""I14: what series say of their visits, and where these are."""

from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from medibook.appointments.schemas import AppointmentStatus
from medibook.appointments.tables import Appointment, AppointmentSeries, SeriesVisit
from medibook.kernel.db import table_of

_SERIES = table_of(AppointmentSeries)
_PLACE = table_of(SeriesVisit)
_VISIT = table_of(Appointment)


class Placed(NamedTuple):
    """A visit of a series: its place in the rule, and what the series says of its time."""

    series_id: UUID
    rule: str
    first_wall: str
    appointment_id: UUID
    place: int
    wall_start: str
    version: int
    is_cancelled: bool
    is_ones_own: bool
    """Whether the patient, the visit type and its last change are those of the series."""


def placed(session: Session) -> list[Placed]:
    """Every visit of every series, in the order of their places."""
    own = sa.and_(
        _VISIT.c.patient_id == _SERIES.c.patient_id,
        _VISIT.c.service_id == _SERIES.c.service_id,
        _PLACE.c.version <= _SERIES.c.version,
    )
    rows = session.execute(
        sa.select(
            _SERIES.c.id,
            _SERIES.c.rule,
            _SERIES.c.wall_start,
            _PLACE.c.appointment_id,
            _PLACE.c.place,
            _PLACE.c.wall_start,
            _PLACE.c.version,
            _VISIT.c.status == AppointmentStatus.CANCELLED,
            own,
        )
        .join_from(_PLACE, _SERIES, _SERIES.c.id == _PLACE.c.series_id)
        .join(_VISIT, _VISIT.c.id == _PLACE.c.appointment_id)
        .order_by(_SERIES.c.id, _PLACE.c.place)
    )
    return [Placed(*row) for row in rows]
