"""Rows of plans: one for each visit that is still to be looked at, and what reminders have named."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.reminders.schemas import Named, Plan
from medibook.reminders.tables import RemindedVisit, ReminderPlan

_P, _N = table_of(ReminderPlan), table_of(RemindedVisit)
_KEPT = ("since", "look_at", "told_hours")
# Written once: it runs in every booking, and building it costs more than running it.
_PLAN = {
    name: insert.on_conflict_do_update(
        index_elements=["appointment_id"],
        set_={kept: insert.excluded[kept] for kept in _KEPT},
    )
    for name, insert in (("sqlite", sqlite.insert(_P)), ("postgresql", postgresql.insert(_P)))
}
_NAMED = tuple(_N.c[name] for name in Named.model_fields)


def plan(uow: UnitOfWork, appointment_id: UUID) -> None:
    """Have a visit looked at soon; what was planned for it before is forgotten."""
    statement = _PLAN[uow.session.get_bind().dialect.name]
    row = {"appointment_id": appointment_id, "since": uow.now, "look_at": uow.now}
    uow.session.execute(statement, {**row, "told_hours": None})


def due(uow: UnitOfWork, *, limit: int) -> list[Plan]:
    """The plans that are to be looked at, the longest waiting first; locked, without those in work."""
    chosen = (
        sa.select(_P.c.appointment_id, _P.c.since, _P.c.told_hours)
        .where(_P.c.look_at <= uow.now)
        .order_by(_P.c.look_at, _P.c.appointment_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Plan(**row._mapping) for row in uow.session.execute(chosen)]


def of_visits(uow: UnitOfWork, appointment_ids: Collection[UUID]) -> dict[UUID, Plan]:
    """The plans of these visits; who has none is reminded no more. Locked, in order."""
    chosen = (
        sa.select(_P.c.appointment_id, _P.c.since, _P.c.told_hours)
        .where(_P.c.appointment_id.in_(appointment_ids))
        .order_by(_P.c.appointment_id)
        .with_for_update()
    )
    return {row.appointment_id: Plan(**row._mapping) for row in uow.session.execute(chosen)}


def look_again(uow: UnitOfWork, appointment_id: UUID, at: datetime) -> None:
    """Look at a visit when its next reminder is to be written."""
    mine = sa.update(_P).where(_P.c.appointment_id == appointment_id)
    uow.session.execute(mine.values(look_at=at))


def told(uow: UnitOfWork, appointment_ids: Collection[UUID], hours: int) -> None:
    """Note that the reminders of these visits, of so many hours and more, are done with; look anew."""
    theirs = sa.update(_P).where(_P.c.appointment_id.in_(appointment_ids))
    uow.session.execute(theirs.values(told_hours=hours, look_at=uow.now))


def forget(uow: UnitOfWork, appointment_ids: Collection[UUID]) -> None:
    """Look at these visits no more."""
    uow.session.execute(sa.delete(_P).where(_P.c.appointment_id.in_(appointment_ids)))


def note_reminder(uow: UnitOfWork, named: Sequence[Named]) -> None:
    """Keep which visits a reminder names, and as what."""
    rows = [{**each.model_dump(), "written_at": uow.now} for each in named]
    uow.session.execute(sa.insert(_N), rows)


def named_by(uow: UnitOfWork, reminder_ids: Collection[UUID]) -> list[Named]:
    """The visits that these reminders name."""
    chosen = sa.select(*_NAMED).where(_N.c.reminder_id.in_(reminder_ids))
    return [Named(**row._mapping) for row in uow.session.execute(chosen)]


def named_with(uow: UnitOfWork, appointment_ids: Collection[UUID]) -> list[Named]:
    """All that reminders which name one of these visits have named, the visits themselves included."""
    theirs = sa.select(_N.c.reminder_id).where(_N.c.appointment_id.in_(appointment_ids))
    chosen = sa.select(*_NAMED).where(_N.c.reminder_id.in_(theirs))
    return [Named(**row._mapping) for row in uow.session.execute(chosen)]
