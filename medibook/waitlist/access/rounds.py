"""Freed times, and who was passed over for them: the clinic's people alone see these."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.actor import Role
from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.waitlist.rules import Opening, Passed
from medibook.waitlist.schemas import Cause, EntryState, RoundState
from medibook.waitlist.tables import WaitlistEntry, WaitlistPass, WaitlistRound

_ROUND = table_of(WaitlistRound)
_PASS = table_of(WaitlistPass)
_ENTRY = table_of(WaitlistEntry)
_CONCERN = sa.select(
    sa.or_(
        sa.exists().where(_ENTRY.c.state == sa.bindparam("waiting")),
        sa.exists().where(_ROUND.c.state == sa.bindparam("open")),
    )
)


def _visible(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    return sa.true() if uow.actor.role in (Role.STAFF, Role.SYSTEM) else sa.false()


def concern_anybody(uow: UnitOfWork) -> bool:
    """Whether somebody waits for anything, or a freed time goes on: one look into two indexes."""
    states = {"waiting": EntryState.WAITING, "open": RoundState.OPEN}
    return bool(uow.session.execute(_CONCERN, states).scalar_one())


def open_over(uow: UnitOfWork, practitioner_id: UUID, time: Interval) -> list[Any]:
    """The freed times of a practitioner that go on and reach into a stretch, earliest first; locked."""
    chosen = sa.select(_ROUND).where(
        _ROUND.c.practitioner_id == practitioner_id,
        _ROUND.c.state == RoundState.OPEN,
        _ROUND.c.starts_at < time.end,
        _ROUND.c.ends_at > time.start,
    )
    return list(
        uow.session.execute(chosen.order_by(_ROUND.c.starts_at, _ROUND.c.id).with_for_update())
    )


def find(uow: UnitOfWork, round_id: UUID, *, to_change: bool = False) -> Any:  # noqa: ANN401 - a row of Core columns
    """A freed time, for the clinic's people. Raises NotFound."""
    asked = sa.select(_ROUND).where(_ROUND.c.id == round_id, _visible(uow))
    found = uow.session.execute(asked.with_for_update() if to_change else asked).one_or_none()
    if found is None:
        raise NotFound
    return found


def due(uow: UnitOfWork, *, limit: int) -> list[UUID]:
    """The freed times whose next step has come: an offer has expired, or the night is over."""
    chosen = sa.select(_ROUND.c.id).where(
        _ROUND.c.state == RoundState.OPEN, _ROUND.c.next_at <= uow.now
    )
    rows = uow.session.execute(chosen.order_by(_ROUND.c.next_at, _ROUND.c.id).limit(limit))
    return list(rows.scalars())


def add(
    uow: UnitOfWork, practitioner_id: UUID, time: Interval, where: Opening, cause: Cause
) -> UUID:
    """Write down a freed time that somebody waits for."""
    round_id = uow.new_id()
    row = {
        "id": round_id,
        "practitioner_id": practitioner_id,
        "location_id": where.location_id,
        "zone": where.zone,
        "starts_at": time.start,
        "ends_at": time.end,
        "cause": cause,
        "freed_at": uow.now,
        "state": RoundState.OPEN,
    }
    uow.session.execute(sa.insert(_ROUND), row)
    return round_id


def go_on_at(uow: UnitOfWork, round_id: UUID, next_at: datetime) -> None:
    """Note when the next step of a freed time is due."""
    changed = sa.update(_ROUND).where(_ROUND.c.id == round_id)
    uow.session.execute(changed.values(next_at=next_at))


def end(uow: UnitOfWork, round_id: UUID, state: RoundState) -> None:
    """Let a freed time be at its end."""
    changed = sa.update(_ROUND).where(_ROUND.c.id == round_id, _ROUND.c.state == RoundState.OPEN)
    uow.session.execute(changed.values(state=state, next_at=None, ended_at=uow.now))


def add_passes(uow: UnitOfWork, round_id: UUID, passed: Iterable[Passed]) -> None:
    """Remember why these were passed over; of each the first reason of a freed time is kept."""
    wanted = {each.candidate.entry_id: each for each in passed}
    if not wanted:
        return
    known = sa.select(_PASS.c.entry_id).where(
        _PASS.c.round_id == round_id, _PASS.c.entry_id.in_(wanted)
    )
    for entry_id in uow.session.execute(known).scalars().all():
        del wanted[entry_id]
    rows = [
        {
            "id": uow.new_id(),
            "round_id": round_id,
            "entry_id": entry_id,
            "at": uow.now,
            "reason": each.reason,
            "priority": each.candidate.priority,
        }
        for entry_id, each in wanted.items()
    ]
    if rows:
        uow.session.execute(sa.insert(_PASS), rows)


def passes_of(uow: UnitOfWork, round_ids: Collection[UUID]) -> list[Any]:
    """Who was passed over for these freed times."""
    chosen = sa.select(_PASS).where(_PASS.c.round_id.in_(set(round_ids)), _visible(uow))
    return list(uow.session.execute(chosen.order_by(_PASS.c.at, _PASS.c.id)))


def since(uow: UnitOfWork, start: datetime, *, limit: int) -> list[Any]:
    """The freed times since then, those that go on before the others, the newest first."""
    chosen = sa.select(_ROUND).where(_visible(uow), _ROUND.c.freed_at >= start)
    order = (_ROUND.c.state != RoundState.OPEN, _ROUND.c.freed_at.desc(), _ROUND.c.id)
    return list(uow.session.execute(chosen.order_by(*order).limit(limit)))


def ended_since(uow: UnitOfWork, start: datetime) -> list[Any]:
    """When each freed time since then came up, and how and when it ended; for the report."""
    chosen = sa.select(_ROUND.c.state, _ROUND.c.freed_at, _ROUND.c.ended_at).where(
        _visible(uow), _ROUND.c.freed_at >= start, _ROUND.c.cause == Cause.FREED
    )
    return list(uow.session.execute(chosen))
