"""Rows of cases, each a visit that cannot be, and of the other times that were offered for them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from medibook.absences.access.plans import visible
from medibook.absences.rules import OPEN
from medibook.absences.schemas import CaseState
from medibook.absences.tables import AbsenceAlternative, AbsenceCase, AbsencePlan
from medibook.kernel.actor import Role
from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people

_CASE = table_of(AbsenceCase)
_PLAN = table_of(AbsencePlan)
_ALTERNATIVE = table_of(AbsenceAlternative)
_PAST = timedelta(days=1)


def _visible_cases(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """The cases that the actor may know of: patients those of everybody for whom they book."""
    if uow.actor.role is Role.PATIENT:
        return _CASE.c.patient_id.in_(people.patient_ids_of(uow))
    return _CASE.c.plan_id.in_(sa.select(_PLAN.c.id).where(visible(uow)))


def find_case(uow: UnitOfWork, case_id: UUID) -> AbsenceCase:
    """The case, if the actor may know of it. Raises NotFound."""
    return _one(uow, select(AbsenceCase).where(col(AbsenceCase.id) == case_id, _visible_cases(uow)))


def lock_case(uow: UnitOfWork, case_id: UUID) -> AbsenceCase:
    """The case as it is now, locked. Raises NotFound."""
    asked = select(AbsenceCase).where(col(AbsenceCase.id) == case_id, _visible_cases(uow))
    return _one(uow, asked.with_for_update())


def _one(uow: UnitOfWork, asked: Any) -> AbsenceCase:  # noqa: ANN401 - a select, locking or not
    fresh = {"populate_existing": True}  # what this session has seen before may have changed
    found: AbsenceCase | None = uow.session.execute(
        asked, execution_options=fresh
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def case_of_visit(uow: UnitOfWork, appointment_id: UUID) -> AbsenceCase | None:
    """The case of this visit that is still open, locked; None when there is none."""
    asked = select(AbsenceCase).where(
        col(AbsenceCase.appointment_id) == appointment_id, col(AbsenceCase.state).in_(OPEN)
    )
    fresh = {"populate_existing": True}
    found: AbsenceCase | None = uow.session.execute(
        asked.with_for_update(), execution_options=fresh
    ).scalar_one_or_none()
    return found


def visits_in_doubt(uow: UnitOfWork, appointment_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these visits that cannot be, and whose patients have yet to answer."""
    found = sa.select(_CASE.c.appointment_id).where(
        _CASE.c.appointment_id.in_(appointment_ids), _CASE.c.state.in_(OPEN), _visible_cases(uow)
    )
    return frozenset(uow.session.execute(found).scalars())


def last_case_of_visit(uow: UnitOfWork, appointment_id: UUID) -> AbsenceCase | None:
    """The last case of this visit, if the actor may know of it."""
    chosen = (
        select(AbsenceCase)
        .where(col(AbsenceCase.appointment_id) == appointment_id, _visible_cases(uow))
        .join(AbsencePlan, col(AbsencePlan.id) == col(AbsenceCase.plan_id))
        .order_by(col(AbsencePlan.started_at).desc())
        .limit(1)
    )
    found: AbsenceCase | None = uow.session.execute(
        chosen, execution_options={"populate_existing": True}
    ).scalar_one_or_none()
    return found


def cases_of(
    uow: UnitOfWork, plan_ids: Collection[UUID], *, locked: bool = False
) -> Sequence[AbsenceCase]:
    """All cases of these plans, by the time of their visits; locked in the order of their ids."""
    asked = select(AbsenceCase).where(col(AbsenceCase.plan_id).in_(plan_ids), _visible_cases(uow))
    asked = asked.order_by(col(AbsenceCase.id)).with_for_update() if locked else asked
    fresh = {"populate_existing": True}
    found = uow.session.execute(asked, execution_options=fresh).scalars().all()
    return sorted(found, key=lambda case: (case.was_at, case.id))


def states(uow: UnitOfWork, case_ids: Collection[UUID]) -> dict[UUID, str]:
    """How these cases stand now, for messages that are about to speak of them."""
    found = sa.select(_CASE.c.id, _CASE.c.state).where(
        _CASE.c.id.in_(case_ids), _visible_cases(uow)
    )
    return {row.id: row.state.value for row in uow.session.execute(found)}


def due_cases(uow: UnitOfWork, *, near: datetime, limit: int) -> list[UUID]:
    """Open cases about which something may be due: times that ran out, visits before ``near``."""
    chosen = (
        sa.select(_CASE.c.id)
        .where(
            _CASE.c.state.in_(OPEN),
            sa.or_(
                sa.and_(_CASE.c.state == CaseState.WAITING, _CASE.c.lapses_at <= uow.now),
                sa.and_(
                    _CASE.c.cancelled_at.is_(None),
                    _CASE.c.was_at <= near,
                    _CASE.c.was_at > uow.now - _PAST,
                ),
            ),
        )
        .order_by(_CASE.c.was_at.desc(), _CASE.c.id)
        .limit(limit)
    )
    return list(uow.session.execute(chosen).scalars())


def add_case(uow: UnitOfWork, case: AbsenceCase) -> AbsenceCase:
    """Write a case down."""
    uow.session.add(case)
    uow.session.flush()
    return case


def add_alternative(uow: UnitOfWork, **columns: Any) -> None:  # noqa: ANN401 - columns of the row
    """Write down another time that is offered; ``id`` is that of the hold that keeps it."""
    uow.session.execute(sa.insert(_ALTERNATIVE).values(**columns))


def alternatives_of(uow: UnitOfWork, case_ids: Collection[UUID]) -> dict[UUID, list[Any]]:
    """The other times that were offered for these cases, earliest first; open or not."""
    if not case_ids:
        return {}
    chosen = sa.select(_ALTERNATIVE).where(_ALTERNATIVE.c.case_id.in_(case_ids))
    found: dict[UUID, list[Any]] = {}
    for row in uow.session.execute(chosen.order_by(_ALTERNATIVE.c.starts_at, _ALTERNATIVE.c.id)):
        found.setdefault(row.case_id, []).append(row)
    return found
