"""Visits: who finds which. Absent and forbidden look alike: both are NotFound."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import col, select

from medibook.appointments.rules import ACTIVE, Mark
from medibook.appointments.schemas import AppointmentStatus
from medibook.appointments.tables import Appointment, AppointmentChange, SeriesVisit
from medibook.kernel.actor import Role
from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people

_VISIT = table_of(Appointment)
_CHANGE = table_of(AppointmentChange)
_PLACE = table_of(SeriesVisit)
# Written once: to make a statement of so many columns again for each visit costs more than to run it.
_ADD = {
    "postgresql": postgresql_insert(_VISIT)
    .on_conflict_do_nothing(index_elements=["reference"])
    .returning(_VISIT.c.id),
    "sqlite": sqlite_insert(_VISIT)
    .on_conflict_do_nothing(index_elements=["reference"])
    .returning(_VISIT.c.id),
}
_NOTE = sa.insert(_CHANGE)
_OPEN = (
    sa.select(sa.func.count(sa.func.coalesce(_PLACE.c.series_id, _VISIT.c.id).distinct()))
    .select_from(_VISIT)
    .join(_PLACE, _PLACE.c.appointment_id == _VISIT.c.id, isouter=True)
    .where(
        _VISIT.c.patient_id == sa.bindparam("patient_id"),
        _VISIT.c.status.in_(ACTIVE),
        _VISIT.c.ends_at > sa.bindparam("now"),
    )
)
_MARKED = tuple(_VISIT.c[each.name] for each in fields(Mark))
_MOST = 200
_DRAWS = 8
# No visit is longer: it takes busy time, and of that the database refuses more at a stretch.
_LONGEST = timedelta(days=1)


class Action(StrEnum):
    """What somebody wants to do with a visit."""

    SEE = "see"
    MOVE = "move"
    CANCEL = "cancel"
    ANSWER = "answer"
    OFFER = "offer"
    CHOOSE = "choose"
    CONFIRM = "confirm"
    ADVANCE = "advance"
    RESCHEDULE = "reschedule"
    GO_ELSEWHERE = "go-elsewhere"


_MAY: dict[Role, frozenset[Action]] = {
    Role.PATIENT: frozenset(
        {
            Action.SEE,
            Action.MOVE,
            Action.CANCEL,
            Action.CHOOSE,
            Action.CONFIRM,
            Action.GO_ELSEWHERE,
        }
    ),
    Role.PRACTITIONER: frozenset(
        {
            Action.SEE,
            Action.CANCEL,
            Action.ANSWER,
            Action.OFFER,
            Action.ADVANCE,
            Action.RESCHEDULE,
            Action.GO_ELSEWHERE,
        }
    ),
    Role.STAFF: frozenset(
        {
            Action.SEE,
            Action.CANCEL,
            Action.OFFER,
            Action.CHOOSE,
            Action.ADVANCE,
            Action.RESCHEDULE,
            Action.GO_ELSEWHERE,
        }
    ),
    Role.ADMIN: frozenset({Action.SEE}),
    Role.SYSTEM: frozenset(Action),
}


def visible(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """The visits that the actor may know of.

    Practitioners their own, the clinic's people all, patients those of everybody for whom they book at
    this instant: a guardian whose time is over loses sight of them at once.
    """
    actor = uow.actor
    match actor.role:
        case Role.PATIENT:
            return _VISIT.c.patient_id.in_(people.patient_ids_of(uow))
        case Role.PRACTITIONER:
            mine = _VISIT.c.practitioner_id == actor.practitioner_id
            return mine if actor.approved else sa.false()
        case Role.STAFF | Role.ADMIN | Role.SYSTEM:
            return sa.true()
        case None:
            return sa.false()


def find(uow: UnitOfWork, appointment_id: UUID, *, to: Action) -> Appointment:
    """The visit, if the actor may do this with it; locked, if it is to be changed. Raises NotFound."""
    role = uow.actor.role
    if role is None or to not in _MAY[role]:
        raise NotFound
    asked = select(Appointment).where(col(Appointment.id) == appointment_id, visible(uow))
    if to is not Action.SEE:
        asked = asked.with_for_update()
    fresh = {"populate_existing": True}  # what this session has seen before may have changed
    found: Appointment | None = uow.session.execute(
        asked, execution_options=fresh
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def marks(uow: UnitOfWork, appointment_ids: Collection[UUID]) -> dict[UUID, Mark]:
    """How these visits stand now, for messages that are about to speak of them."""
    found = sa.select(_VISIT.c.id, *_MARKED).where(_VISIT.c.id.in_(appointment_ids), visible(uow))
    marked = {}
    for row in uow.session.execute(found):
        visit_id, *said = row
        marked[visit_id] = Mark(*said)
    return marked


def of_patient(uow: UnitOfWork, *, upcoming: bool) -> Sequence[Any]:
    """The acting patient's open visits, soonest first; or those that are over or cancelled, latest first."""
    is_open = sa.and_(_VISIT.c.status.in_(ACTIVE), _VISIT.c.ends_at > uow.now)
    chosen = sa.select(_VISIT).where(visible(uow))
    if upcoming:
        chosen = chosen.where(is_open).order_by(_VISIT.c.starts_at)
    else:
        chosen = chosen.where(~is_open).order_by(_VISIT.c.starts_at.desc())
    return uow.session.execute(chosen.limit(_MOST)).all()


def between(
    uow: UnitOfWork, start: datetime, end: datetime, *, location_id: UUID | None = None
) -> Sequence[Any]:
    """The visits that start in the stretch, earliest first: a practitioner's own, or the clinic's."""
    chosen = sa.select(_VISIT).where(
        visible(uow), _VISIT.c.starts_at >= start, _VISIT.c.starts_at < end
    )
    if location_id is not None:
        chosen = chosen.where(_VISIT.c.location_id == location_id)
    return uow.session.execute(chosen.order_by(_VISIT.c.starts_at, _VISIT.c.id)).all()


def of_practitioner(
    uow: UnitOfWork,
    practitioner_id: UUID,
    window: Interval,
    *,
    besides: Collection[AppointmentStatus],
) -> Sequence[Any]:
    """A practitioner's visits that reach into the window, earliest first, if the actor may know of them."""
    chosen = sa.select(_VISIT).where(
        *reaching_into(uow, window, practitioner_id=practitioner_id, besides=besides)
    )
    return uow.session.execute(chosen.order_by(_VISIT.c.starts_at, _VISIT.c.id)).all()


def these(uow: UnitOfWork, ids: Collection[UUID]) -> Sequence[Any]:
    """These visits, as far as the actor may know of them."""
    chosen = sa.select(_VISIT).where(visible(uow), _VISIT.c.id.in_(ids))
    return uow.session.execute(chosen).all() if ids else ()


def reaching_into(
    uow: UnitOfWork,
    window: Interval,
    *,
    practitioner_id: UUID,
    besides: Collection[AppointmentStatus],
) -> tuple[sa.ColumnElement[bool], ...]:
    """Which are a practitioner's visits that reach into the window, as far as the actor may know of them."""
    return (
        visible(uow),
        _VISIT.c.practitioner_id == practitioner_id,
        _VISIT.c.starts_at >= window.start - _LONGEST,
        _VISIT.c.starts_at < window.end,
        _VISIT.c.ends_at > window.start,
        _VISIT.c.status.not_in(besides),
    )


def pending(uow: UnitOfWork) -> Sequence[Any]:
    """The acting practitioner's requests that can still be answered, soonest visit first."""
    chosen = sa.select(_VISIT).where(
        visible(uow),
        _VISIT.c.status == AppointmentStatus.PENDING,
        _VISIT.c.lapses_at > uow.now,
    )
    return uow.session.execute(chosen.order_by(_VISIT.c.starts_at).limit(_MOST)).all()


def lapsed(uow: UnitOfWork, *, limit: int) -> Sequence[Appointment]:
    """Requests and offers that nobody has answered in time; locked, without those that are in work."""
    chosen = (
        select(Appointment)
        .where(
            col(Appointment.status).in_([AppointmentStatus.PENDING, AppointmentStatus.PROPOSED]),
            col(Appointment.lapses_at) <= uow.now,
        )
        .order_by(col(Appointment.lapses_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return uow.session.execute(chosen).scalars().all()


def count_open(uow: UnitOfWork, patient_id: UUID) -> int:
    """How many visits a patient has that are still to come; those of one series count as one."""
    asked = {"patient_id": patient_id, "now": uow.now}
    return int(uow.session.execute(_OPEN, asked).scalar_one())


def add(uow: UnitOfWork, visit: dict[str, Any], *, because: str = "") -> Appointment:
    """Write down a new visit under a reference that no other visit has, with its first row of history.

    ``because`` is why the clinic has overridden a rule for it.
    """
    statement = _ADD[uow.session.get_bind().dialect.name]
    for _ in range(_DRAWS):
        drawn: dict[str, Any] = {"id": uow.new_id(), "reference": uow.ids.new_reference()}
        row = {"created_at": uow.now, "version": 1, **visit, **drawn}
        if uow.session.execute(statement, row).scalar_one_or_none() is not None:
            added = Appointment(**row)
            make_transient_to_detached(added)  # its row is there: nobody need ask for it
            uow.session.add(added)
            write_history(uow, added, from_status="", from_start=None, reason=because)
            return added
    raise AssertionError("eight references in a row were in use: the generator is broken")


def write_history(
    uow: UnitOfWork,
    visit: Appointment,
    *,
    from_status: str,
    from_start: datetime | None,
    from_end: datetime | None = None,
    from_practitioner: UUID | None = None,
    reason: str = "",
) -> None:
    """Write the row of history of a change that was just made; never changed, never removed.

    ``from_end`` is told when the visit's time has changed: only then can the change be undone.
    ``from_practitioner`` is told when it was with somebody else before.
    """
    uow.session.flush()
    row = {
        "id": uow.new_id(),
        "appointment_id": visit.id,
        "version": visit.version,
        "at": uow.now,
        "by_user_id": uow.actor.user_id,
        "by_role": uow.actor.role.value if uow.actor.role else "",
        "from_status": from_status,
        "to_status": visit.status.value,
        "from_start": from_start,
        "to_start": visit.starts_at,
        "from_end": from_end,
        "to_end": visit.ends_at,
        "from_practitioner_id": from_practitioner,
        "reason": reason,
    }
    uow.session.execute(_NOTE, row)
