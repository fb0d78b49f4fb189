"""What stands in a practitioner's calendar besides the visits themselves."""

from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.db import table_of
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling.access.hours import time_off_where
from medibook.scheduling.schemas import TimeOffRow
from medibook.scheduling.tables import (
    LONGEST_BUSY,
    BusyTime,
    Hold,
    ResourceKind,
    SourceKind,
    TimeOff,
)

_BUSY = table_of(BusyTime)
_HOLD = table_of(Hold)
_OFF = table_of(TimeOff)


class Stretch(NamedTuple):
    """A stretch of a practitioner's time that a visit takes with its buffers, or that is held."""

    source_id: UUID
    is_hold: bool
    time: Interval


def stretches_of(uow: UnitOfWork, practitioner_id: UUID, window: Interval) -> list[Stretch]:
    """What takes the practitioner's time in the window; holds that have ended are left out."""
    chosen = (
        sa.select(_BUSY.c.source_id, _BUSY.c.source_kind, _BUSY.c.starts_at, _BUSY.c.ends_at)
        .join_from(_BUSY, _HOLD, _HOLD.c.id == _BUSY.c.source_id, isouter=True)
        .where(
            _BUSY.c.resource_id == practitioner_id,
            *_busy_within(window),
            sa.or_(_HOLD.c.expires_at.is_(None), _HOLD.c.expires_at > uow.now),
        )
        .order_by(_BUSY.c.starts_at)
    )
    return [
        Stretch(source_id, kind is not SourceKind.APPOINTMENT, Interval(start, end))
        for source_id, kind, start, end in uow.session.execute(chosen)
    ]


def visits_of(uow: UnitOfWork, practitioner_id: UUID, window: Interval) -> list[Interval]:
    """When the practitioner sees patients in the window, without buffers, earliest first."""
    with_patient = _BUSY.alias()
    chosen = (
        sa.select(with_patient.c.starts_at, with_patient.c.ends_at)
        .join_from(_BUSY, with_patient, with_patient.c.source_id == _BUSY.c.source_id)
        .where(
            _BUSY.c.resource_id == practitioner_id,
            _BUSY.c.source_kind == SourceKind.APPOINTMENT,
            # A visit with its buffers reaches in wherever its patient's time does.
            *_busy_within(window),
            with_patient.c.resource_kind == ResourceKind.PATIENT,
            *_within(with_patient, window),
        )
        .order_by(with_patient.c.starts_at)
    )
    return [Interval(start, end) for start, end in uow.session.execute(chosen)]


def absences(uow: UnitOfWork, practitioner_id: UUID, window: Interval) -> tuple[TimeOffRow, ...]:
    """The practitioner's days off and blocked times that reach into the window, soonest first."""
    return time_off_where(uow, practitioner_id, *_within(_OFF, window))


def _busy_within(window: Interval) -> tuple[Any, ...]:
    return _BUSY.c.starts_at >= window.start - LONGEST_BUSY, *_within(_BUSY, window)


def _within(table: Any, window: Interval) -> tuple[Any, Any]:  # noqa: ANN401 - two tables alike
    return table.c.starts_at < window.end, table.c.ends_at > window.start
