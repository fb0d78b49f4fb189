"""Requests: who answered them and how, and what was asked for before other times were offered."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from medibook.appointments.access.visits import visible
from medibook.appointments.schemas import AppointmentStatus
from medibook.appointments.tables import Appointment, AppointmentChange
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork

_VISIT = table_of(Appointment)
_CHANGE = table_of(AppointmentChange)
_PENDING, _PROPOSED = AppointmentStatus.PENDING.value, AppointmentStatus.PROPOSED.value
_MOST, _LATELY = 200, 20


class AskedTime(NamedTuple):
    """What a patient had asked for, and what the clinic wrote when it offered other times."""

    starts_at: datetime
    note: str


def asked_for(uow: UnitOfWork, appointment_ids: Collection[UUID]) -> dict[UUID, AskedTime]:
    """Of those of these visits for which other times were offered: what was asked for."""
    if not appointment_ids:
        return {}
    offers = sa.select(_CHANGE.c.appointment_id, _CHANGE.c.from_start, _CHANGE.c.reason).where(
        _CHANGE.c.appointment_id.in_(appointment_ids),
        _CHANGE.c.from_status == _PENDING,
        _CHANGE.c.to_status == _PROPOSED,
    )
    return {visit: AskedTime(start, note) for visit, start, note in uow.session.execute(offers)}


def answer_to(uow: UnitOfWork, appointment_id: UUID) -> Any | None:  # noqa: ANN401 - a row of Core columns
    """The change that ended the waiting of a request; None while it waits."""
    answers = (
        sa.select(_CHANGE)
        .where(
            _CHANGE.c.appointment_id == appointment_id,
            _CHANGE.c.from_status == _PENDING,
            _CHANGE.c.to_status != _PENDING,
        )
        .order_by(_CHANGE.c.version)
        .limit(1)
    )
    return uow.session.execute(answers).one_or_none()


def proposed(uow: UnitOfWork) -> Sequence[Any]:
    """The acting practitioner's offers that no patient has answered yet, the first to lapse first."""
    chosen = sa.select(_VISIT).where(
        visible(uow),
        _VISIT.c.status == AppointmentStatus.PROPOSED,
        _VISIT.c.lapses_at > uow.now,
    )
    return uow.session.execute(chosen.order_by(_VISIT.c.lapses_at).limit(_MOST)).all()


def answered_since(uow: UnitOfWork, since: datetime) -> Sequence[Any]:
    """The acting practitioner's requests that came to an answer lately, the latest first.

    Each row is the visit with ``answered_at``, ``was``, the status while it waited, and ``by_role``.
    """
    chosen = (
        sa.select(
            _VISIT,
            _CHANGE.c.at.label("answered_at"),
            _CHANGE.c.from_status.label("was"),
            _CHANGE.c.by_role.label("by_role"),
        )
        .join_from(_CHANGE, _VISIT, _VISIT.c.id == _CHANGE.c.appointment_id)
        .where(
            visible(uow),
            _CHANGE.c.at > since,
            _CHANGE.c.version == _VISIT.c.version,
            _CHANGE.c.from_status.in_((_PENDING, _PROPOSED)),
            _CHANGE.c.to_status.not_in((_PENDING, _PROPOSED)),
        )
        .order_by(_CHANGE.c.at.desc())
    )
    return uow.session.execute(chosen.limit(_LATELY)).all()


def kept_before(uow: UnitOfWork, patient_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many visits each of these patients has had with the acting practitioner; who none, is absent."""
    chosen = (
        sa.select(_VISIT.c.patient_id, sa.func.count().label("visits"))
        .where(
            visible(uow),
            _VISIT.c.patient_id.in_(patient_ids),
            _VISIT.c.status == AppointmentStatus.FULFILLED,
        )
        .group_by(_VISIT.c.patient_id)
    )
    return {row.patient_id: row.visits for row in uow.session.execute(chosen)}
