"""Rows of plans. Practitioners find their own, the clinic's people all, patients none."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from medibook.absences.schemas import PlanState
from medibook.absences.tables import AbsencePlan
from medibook.kernel.actor import Role
from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork

_PLAN = table_of(AbsencePlan)
_MOST = 50


def visible(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """The plans that the actor may know of."""
    actor = uow.actor
    match actor.role:
        case Role.PRACTITIONER:
            own = _PLAN.c.practitioner_id == actor.practitioner_id
            return own if actor.approved else sa.false()
        case Role.STAFF | Role.ADMIN | Role.SYSTEM:
            return sa.true()
        case _:
            return sa.false()


def find_plan(uow: UnitOfWork, plan_id: UUID) -> AbsencePlan:
    """The plan, if the actor may know of it. Raises NotFound."""
    return _one(uow, select(AbsencePlan).where(col(AbsencePlan.id) == plan_id, visible(uow)))


def lock_plan(uow: UnitOfWork, plan_id: UUID) -> AbsencePlan:
    """The plan, locked, if the actor may know of it. Raises NotFound."""
    asked = select(AbsencePlan).where(col(AbsencePlan.id) == plan_id, visible(uow))
    return _one(uow, asked.with_for_update())


def _one(uow: UnitOfWork, asked: Any) -> AbsencePlan:  # noqa: ANN401 - a select, locking or not
    fresh = {"populate_existing": True}
    found: AbsencePlan | None = uow.session.execute(
        asked, execution_options=fresh
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def overlapping(uow: UnitOfWork, practitioner_id: UUID, period: Interval) -> UUID | None:
    """A running plan for this practitioner that shares some time with the period."""
    found = sa.select(_PLAN.c.id).where(
        _PLAN.c.practitioner_id == practitioner_id,
        _PLAN.c.state == PlanState.RUNNING,
        _PLAN.c.starts_at < period.end,
        _PLAN.c.ends_at > period.start,
    )
    plan_id: UUID | None = uow.session.execute(found.limit(1)).scalar_one_or_none()
    return plan_id


def running_plans(uow: UnitOfWork) -> Sequence[Any]:
    """The plans that stand and are not over, the soonest first."""
    chosen = sa.select(_PLAN).where(
        visible(uow), _PLAN.c.state == PlanState.RUNNING, _PLAN.c.ends_at > uow.now
    )
    return uow.session.execute(chosen.order_by(_PLAN.c.starts_at, _PLAN.c.id).limit(_MOST)).all()


def write_down(uow: UnitOfWork) -> None:
    """Write what has changed in rows: whoever reads next in this transaction must see it."""
    uow.session.flush()


def add_plan(uow: UnitOfWork, plan: AbsencePlan) -> AbsencePlan:
    """Write a plan down."""
    uow.session.add(plan)
    uow.session.flush()
    return plan
