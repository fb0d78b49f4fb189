"""Who waits for what: patients see their own and those of whom they book for, the clinic's people all."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.actor import Role
from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people
from medibook.waitlist.schemas import EntryState, Step
from medibook.waitlist.tables import WaitlistChange, WaitlistEntry, WaitlistPractitioner

_ENTRY = table_of(WaitlistEntry)
_WITH = table_of(WaitlistPractitioner)
_CHANGE = table_of(WaitlistChange)
RANK = (_ENTRY.c.priority.desc(), _ENTRY.c.since, _ENTRY.c.id)
_MOST = 500
# Written once: every freed time asks it, and mostly nobody waits.
_ANYBODY = sa.select(_ENTRY.c.id).where(_ENTRY.c.state == sa.bindparam("waiting")).limit(1)
_CANDIDATES = (
    sa.select(_ENTRY)
    .where(
        _ENTRY.c.state == sa.bindparam("waiting"),
        sa.or_(
            _ENTRY.c.service_id.in_(sa.bindparam("service_ids", expanding=True)),
            _ENTRY.c.specialty_id.in_(sa.bindparam("specialty_ids", expanding=True)),
        ),
        sa.or_(
            _ENTRY.c.any_practitioner,
            sa.exists().where(
                _WITH.c.entry_id == _ENTRY.c.id,
                _WITH.c.practitioner_id == sa.bindparam("practitioner_id"),
            ),
        ),
    )
    .order_by(*RANK)
)


def anybody_waits(uow: UnitOfWork) -> bool:
    """Whether anybody waits for anything: one look into an index."""
    return uow.session.execute(_ANYBODY, {"waiting": EntryState.WAITING}).first() is not None


def candidates(
    uow: UnitOfWork,
    practitioner_id: UUID,
    *,
    service_ids: Collection[UUID],
    specialty_ids: Collection[UUID],
) -> list[Any]:
    """Who waits for what this practitioner offers, in their order."""
    asked = {
        "waiting": EntryState.WAITING,
        "practitioner_id": practitioner_id,
        "service_ids": list(service_ids),
        "specialty_ids": list(specialty_ids),
    }
    return list(uow.session.execute(_CANDIDATES, asked))


def visible(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """The entries that the actor may know of."""
    match uow.actor.role:
        case Role.PATIENT:
            return _ENTRY.c.patient_id.in_(people.patient_ids_of(uow))
        case Role.STAFF | Role.SYSTEM:
            return sa.true()
        case _:
            return sa.false()


def find(uow: UnitOfWork, entry_id: UUID, *, to_change: bool = False) -> Any:  # noqa: ANN401 - a row of Core columns
    """An entry that is the actor's to see; locked, if it is to be changed. Raises NotFound."""
    asked = sa.select(_ENTRY).where(_ENTRY.c.id == entry_id, visible(uow))
    found = uow.session.execute(asked.with_for_update() if to_change else asked).one_or_none()
    if found is None:
        raise NotFound
    return found


def by_ids(uow: UnitOfWork, entry_ids: Collection[UUID]) -> dict[UUID, Any]:
    """These entries, to be found by id, as far as the actor may know of them."""
    asked = sa.select(_ENTRY).where(_ENTRY.c.id.in_(set(entry_ids)), visible(uow))
    return {row.id: row for row in uow.session.execute(asked)} if entry_ids else {}


def listed(uow: UnitOfWork, *, waiting: bool, limit: int = _MOST) -> list[Any]:
    """Entries that the actor may know of: those that wait, in their order; or the others, latest first."""
    is_waiting = _ENTRY.c.state == EntryState.WAITING
    chosen = sa.select(_ENTRY).where(visible(uow), is_waiting if waiting else ~is_waiting)
    order = RANK if waiting else (_ENTRY.c.closed_at.desc(), _ENTRY.c.id)
    return list(uow.session.execute(chosen.order_by(*order).limit(limit)))


def waiting_of(uow: UnitOfWork, patient_id: UUID) -> list[Any]:
    """What this patient waits for."""
    chosen = sa.select(_ENTRY).where(
        _ENTRY.c.patient_id == patient_id, _ENTRY.c.state == EntryState.WAITING
    )
    return list(uow.session.execute(chosen))


def practitioners_of(uow: UnitOfWork, entry_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Whom each of these wants to see; who would see anybody is absent."""
    chosen = sa.select(_WITH).where(_WITH.c.entry_id.in_(set(entry_ids)))
    found: dict[UUID, tuple[UUID, ...]] = {}
    for row in uow.session.execute(chosen.order_by(_WITH.c.practitioner_id)) if entry_ids else ():
        found[row.entry_id] = (*found.get(row.entry_id, ()), row.practitioner_id)
    return found


def position(uow: UnitOfWork, entry: Any) -> int:  # noqa: ANN401 - a row of Core columns
    """The place of an entry among those who wait for the same with one of the same practitioners."""
    other, theirs, own = _ENTRY.alias(), _WITH.alias(), _WITH.alias()
    shared = sa.exists().where(
        theirs.c.entry_id == other.c.id,
        own.c.entry_id == entry.id,
        own.c.practitioner_id == theirs.c.practitioner_id,
    )
    before = sa.or_(
        other.c.priority > entry.priority,
        sa.and_(
            other.c.priority == entry.priority,
            sa.or_(
                other.c.since < entry.since,
                sa.and_(other.c.since == entry.since, other.c.id < entry.id),
            ),
        ),
    )
    same = (
        other.c.service_id == entry.service_id
        if entry.service_id
        else other.c.specialty_id == entry.specialty_id
    )
    who = sa.true() if entry.any_practitioner else sa.or_(other.c.any_practitioner, shared)
    ahead = sa.select(sa.func.count()).where(other.c.state == EntryState.WAITING, same, before, who)
    return 1 + int(uow.session.execute(ahead).scalar_one())


def add(uow: UnitOfWork, columns: dict[str, Any], practitioner_ids: Iterable[UUID]) -> UUID:
    """Write down somebody's wish, with whom, and the first row of its history."""
    entry_id = uow.new_id()
    row = {"id": entry_id, "since": uow.now, "state": EntryState.WAITING, "version": 1, **columns}
    row |= {"priority": 0, "priority_reason": "", "any_practitioner": not practitioner_ids}
    uow.session.execute(sa.insert(_ENTRY), row)
    whom = [{"entry_id": entry_id, "practitioner_id": each} for each in practitioner_ids]
    if whom:
        uow.session.execute(sa.insert(_WITH), whom)
    _note(uow, entry_id, version=1, step=Step.JOINED, priority=0, reason="")
    return entry_id


def close(
    uow: UnitOfWork,
    entry: Any,  # noqa: ANN401 - a row of Core columns
    state: EntryState,
    *,
    reason: str = "",
    appointment_id: UUID | None = None,
) -> None:
    """Let an entry wait no longer; the step of its history has the state's name."""
    values = {"state": state, "closed_at": uow.now, "appointment_id": appointment_id}
    _change(uow, entry, Step(state.value), values, priority=entry.priority, reason=reason)


def reorder(uow: UnitOfWork, entry: Any, *, priority: int, reason: str) -> None:  # noqa: ANN401 - likewise
    """Give an entry another priority, for a reason."""
    values = {"priority": priority, "priority_reason": reason}
    _change(uow, entry, Step.REORDERED, values, priority=priority, reason=reason)


def _change(
    uow: UnitOfWork,
    entry: Any,  # noqa: ANN401 - likewise
    step: Step,
    values: dict[str, Any],
    *,
    priority: int,
    reason: str,
) -> None:
    changed = sa.update(_ENTRY).where(_ENTRY.c.id == entry.id)
    uow.session.execute(changed.values(version=entry.version + 1, **values))
    _note(uow, entry.id, version=entry.version + 1, step=step, priority=priority, reason=reason)


def _note(
    uow: UnitOfWork, entry_id: UUID, *, version: int, step: Step, priority: int, reason: str
) -> None:
    row = {
        "id": uow.new_id(),
        "entry_id": entry_id,
        "version": version,
        "at": uow.now,
        "step": step,
        "priority": priority,
        "reason": reason,
        "by_user_id": uow.actor.user_id,
        "by_role": uow.actor.role.value if uow.actor.role else "",
    }
    uow.session.execute(sa.insert(_CHANGE), row)


def past(uow: UnitOfWork, yesterday: date, *, limit: int) -> list[Any]:
    """Entries that wait although their last day is over everywhere; locked, those in work left out."""
    chosen = (
        sa.select(_ENTRY)
        .where(_ENTRY.c.state == EntryState.WAITING, _ENTRY.c.last_day < yesterday)
        .order_by(_ENTRY.c.last_day, _ENTRY.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(uow.session.execute(chosen))
