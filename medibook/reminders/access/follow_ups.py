"""Follow-ups: who finds which. Practitioners their own, the front desk all, patients their people's."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from medibook.kernel.actor import Role
from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people
from medibook.reminders.schemas import FollowUpEnd, FollowUpStage, FollowUpState
from medibook.reminders.tables import FollowUp

_F = table_of(FollowUp)
PER_PAGE = 25
_MOST = 50
_IS_ACTIVE = _F.c.state == FollowUpState.ACTIVE
# How one stands is known here and nowhere else: what narrows a list is what its rows say.
_AT_STAGE = {
    FollowUpStage.PLANNED: sa.and_(_IS_ACTIVE, _F.c.told_at.is_(None)),
    FollowUpStage.TOLD: sa.or_(
        sa.and_(_IS_ACTIVE, _F.c.told_at.is_not(None)), _F.c.closed_because == FollowUpEnd.TOLD
    ),
    FollowUpStage.BOOKED: _F.c.closed_because == FollowUpEnd.BOOKED,
    FollowUpStage.ENDED: _F.c.state == FollowUpState.REVOKED,
}
_STAGE = sa.case(*((stands, stage.value) for stage, stands in _AT_STAGE.items())).label("stage")
# Written once: every booking asks it, and mostly nothing was planned.
_PLANNED_WITH = sa.select(_F.c.id, _F.c.service_id).where(
    _F.c.patient_id == sa.bindparam("patient_id"),
    _F.c.practitioner_id == sa.bindparam("practitioner_id"),
    _F.c.state == FollowUpState.ACTIVE,
)


def _visible(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    actor = uow.actor
    match actor.role:
        case Role.PATIENT:
            return _F.c.patient_id.in_(people.patient_ids_of(uow))
        case Role.PRACTITIONER:
            mine = _F.c.practitioner_id == actor.practitioner_id
            return mine if actor.approved else sa.false()
        case Role.STAFF | Role.SYSTEM:
            return sa.true()
        case Role.ADMIN | None:
            return sa.false()


def add_follow_up(uow: UnitOfWork, row: FollowUp) -> None:
    """Keep a new follow-up."""
    uow.session.add(row)
    uow.session.flush()


def end_follow_up(
    uow: UnitOfWork, row: FollowUp, why: FollowUpEnd, *, settled_by: UUID | None
) -> None:
    """Note that a follow-up is over; at once, so that the next of its kind has room."""
    is_done = why in (FollowUpEnd.BOOKED, FollowUpEnd.TOLD)
    row.state = FollowUpState.COMPLETED if is_done else FollowUpState.REVOKED
    row.closed_at, row.closed_because, row.settled_by = uow.now, why, settled_by
    uow.session.flush()


def revive_follow_up(uow: UnitOfWork, row: FollowUp, *, send_at: datetime | None) -> None:
    """Note that a follow-up lives again; it is written anew for ``send_at``, or, None, not again."""
    row.state, row.closed_at = FollowUpState.ACTIVE, None
    row.closed_because = row.settled_by = None
    if send_at is not None:
        row.written_at, row.send_at, row.version = None, send_at, row.version + 1
        row.told_at = None
    uow.session.flush()


def note_written(uow: UnitOfWork, row: FollowUp, *, send_at: datetime) -> None:
    """Note that its messages are written, to leave then."""
    row.written_at, row.send_at = uow.now, send_at
    uow.session.flush()


def note_told(uow: UnitOfWork, row: FollowUp) -> None:
    """Note that somebody was asked; what had ended because nothing had left lives again."""
    row.state, row.closed_at, row.closed_because = FollowUpState.ACTIVE, None, None
    row.told_at = uow.now
    uow.session.flush()


def note_settled(uow: UnitOfWork, row: FollowUp, *, by: UUID) -> None:
    """Note that another visit is what was asked for, in the place of the one that has fallen away."""
    row.settled_by = by
    uow.session.flush()


def find_follow_up(uow: UnitOfWork, follow_up_id: UUID) -> FollowUp:
    """A follow-up that the actor may change, locked. Raises NotFound."""
    asked = select(FollowUp).where(FollowUp.id == follow_up_id, _visible(uow)).with_for_update()
    fresh = {"populate_existing": True}
    found: FollowUp | None = uow.session.execute(
        asked, execution_options=fresh
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def planned_with(
    uow: UnitOfWork, *, patient_id: UUID, practitioner_id: UUID
) -> dict[UUID, list[UUID]]:
    """What is planned for a patient with a practitioner: the ids by visit type."""
    asked = {"patient_id": patient_id, "practitioner_id": practitioner_id}
    found: dict[UUID, list[UUID]] = {}
    for row in uow.session.execute(_PLANNED_WITH, asked):
        found.setdefault(row.service_id, []).append(row.id)
    return found


def active_follow_up(uow: UnitOfWork, like: FollowUp) -> FollowUp | None:
    """What is active for the same patient, practitioner and visit type; locked."""
    asked = select(FollowUp).where(
        FollowUp.patient_id == like.patient_id,
        FollowUp.practitioner_id == like.practitioner_id,
        FollowUp.service_id == like.service_id,
        FollowUp.state == FollowUpState.ACTIVE,
    )
    return uow.session.exec(asked.with_for_update()).one_or_none()


def settled_by(uow: UnitOfWork, appointment_id: UUID) -> Sequence[FollowUp]:
    """What was settled by booking this visit; locked."""
    asked = select(FollowUp).where(
        FollowUp.settled_by == appointment_id, FollowUp.state == FollowUpState.COMPLETED
    )
    return uow.session.exec(asked.with_for_update()).all()


def due_follow_ups(uow: UnitOfWork, *, before: datetime, limit: int) -> tuple[UUID, ...]:
    """What is to be written, the longest waiting first."""
    asked = sa.select(_F.c.id).where(*_is_due(before)).order_by(_F.c.send_at, _F.c.id)
    return tuple(uow.session.execute(asked.limit(limit)).scalars())


def due_follow_up(uow: UnitOfWork, follow_up_id: UUID, *, before: datetime) -> FollowUp | None:
    """One of them, if it still is to be written and nobody has it in work; locked."""
    asked = select(FollowUp).where(FollowUp.id == follow_up_id, *_is_due(before))
    return uow.session.exec(asked.with_for_update(skip_locked=True)).one_or_none()


def _is_due(before: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (_IS_ACTIVE, _F.c.written_at.is_(None), _F.c.send_at <= before)


def put_off(uow: UnitOfWork, row: FollowUp, *, until: datetime) -> None:
    """Note that one is not to be looked at before long; the day that was planned stays."""
    row.send_at = until
    uow.session.flush()


def untold_follow_ups(uow: UnitOfWork, *, failed_since: datetime, limit: int) -> Sequence[FollowUp]:
    """What has come due, and of which nobody knows yet whether it has left; locked.

    With what has failed since: its messages may have been sent again by hand.
    """
    is_due = sa.and_(
        col(FollowUp.state) == FollowUpState.ACTIVE,
        col(FollowUp.told_at).is_(None),
        col(FollowUp.written_at).is_not(None),
        col(FollowUp.send_at) <= uow.now,
    )
    has_failed = sa.and_(
        col(FollowUp.state) == FollowUpState.REVOKED,
        col(FollowUp.closed_because) == FollowUpEnd.NOT_SENT,
        col(FollowUp.send_at) > failed_since,
    )
    asked = select(FollowUp).where(sa.or_(is_due, has_failed))
    asked = asked.order_by(col(FollowUp.send_at), col(FollowUp.id)).limit(limit)
    return uow.session.exec(asked.with_for_update(skip_locked=True)).all()


def these_follow_ups(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, Any]:
    """These follow-ups as they stand, as far as the actor may know of them."""
    found = sa.select(_F, _STAGE).where(_F.c.id.in_(ids), _visible(uow))
    return {row.id: row for row in uow.session.execute(found)} if ids else {}


def follow_ups_with(uow: UnitOfWork, *, patient_id: UUID, practitioner_id: UUID) -> Sequence[Any]:
    """What was set for a patient with a practitioner, what was set last before the others."""
    chosen = sa.select(_F, _STAGE).where(
        _F.c.patient_id == patient_id, _F.c.practitioner_id == practitioner_id, _visible(uow)
    )
    return uow.session.execute(chosen.order_by(_F.c.created_at.desc(), _F.c.id).limit(5)).all()


def my_follow_ups(uow: UnitOfWork, *, ended_since: datetime) -> Sequence[Any]:
    """What is planned for whom the actor books for, the soonest first; and what has just ended."""
    just_ended = sa.and_(_F.c.state == FollowUpState.REVOKED, _F.c.closed_at > ended_since)
    chosen = sa.select(_F, _STAGE).where(
        _visible(uow), sa.or_(_F.c.state == FollowUpState.ACTIVE, just_ended)
    )
    return uow.session.execute(chosen.order_by(_F.c.send_at, _F.c.id).limit(_MOST)).all()


def page_of_follow_ups(
    uow: UnitOfWork,
    *,
    stage: FollowUpStage,
    named: sa.Select[tuple[UUID]] | None,
    page: int,
) -> Sequence[Any]:
    """A page of what stands so, and one row more; what is planned soonest first, the rest latest first."""
    chosen = sa.select(_F, _STAGE).where(_visible(uow), _AT_STAGE[stage])
    if named is not None:
        chosen = chosen.where(_F.c.patient_id.in_(named))
    at = _F.c.send_at if stage is FollowUpStage.PLANNED else _F.c.send_at.desc()
    skipped = (page - 1) * PER_PAGE
    chosen = chosen.order_by(at, _F.c.id).offset(skipped).limit(PER_PAGE + 1)
    return uow.session.execute(chosen).all()
