"""Rows of broadcasts, and of the people whom they are for."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from medibook.appointments.rules import ACTIVE
from medibook.appointments.tables import Appointment
from medibook.kernel.actor import Role
from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.schemas import Channel, MessageState
from medibook.notifications.tables import Message
from medibook.operations.schemas import Audience, BroadcastState, BroadcastWords, NewBroadcast
from medibook.operations.tables import Broadcast, BroadcastText
from medibook.people.tables import AccountStatus, Guardianship, Patient, User

_B, _T, _M = table_of(Broadcast), table_of(BroadcastText), table_of(Message)
_U, _P, _G, _V = table_of(User), table_of(Patient), table_of(Guardianship), table_of(Appointment)
_EXPECTED = timedelta(days=30)
_CLINIC = (Role.PRACTITIONER, Role.STAFF, Role.ADMIN)
_MOST = 50
RESULTS_PER_PAGE = 50


def count(uow: UnitOfWork, audience: Audience, location_id: UUID | None) -> int:
    """How many people a broadcast would be for."""
    chosen = _people(uow, audience, location_id).subquery()
    return int(uow.session.execute(sa.select(sa.func.count()).select_from(chosen)).scalar_one())


def readers(uow: UnitOfWork, row: Broadcast, *, limit: int) -> Sequence[Any]:
    """The next people whom a broadcast is for, in the order of their ids."""
    chosen = _people(uow, row.audience, row.location_id).order_by(_U.c.id).limit(limit)
    if row.told_until is not None:
        chosen = chosen.where(_U.c.id > row.told_until)
    return uow.session.execute(chosen).all()


def _people(
    uow: UnitOfWork, audience: Audience, location_id: UUID | None
) -> sa.Select[tuple[Any, ...]]:
    everybody = sa.select(_U.c.id, _U.c.email, _U.c.locale).where(
        _U.c.status == AccountStatus.ACTIVE,
        # An address that nobody has proven may be a stranger's.
        _U.c.email_verified_at.is_not(None),
    )
    match audience:
        case Audience.PATIENTS:
            return everybody.where(_U.c.role == Role.PATIENT)
        case Audience.PRACTITIONERS:
            return everybody.where(_U.c.role == Role.PRACTITIONER)
        case Audience.CLINIC:
            return everybody.where(_U.c.role.in_(_CLINIC))
        case Audience.EXPECTED:
            visits = sa.select(_V.c.patient_id).where(
                _V.c.status.in_(ACTIVE),
                _V.c.starts_at > uow.now,
                _V.c.starts_at <= uow.now + _EXPECTED,
            )
            if location_id is not None:
                visits = visits.where(_V.c.location_id == location_id)
            themselves = sa.select(_P.c.user_id).where(_P.c.id.in_(visits))
            guardians = sa.select(_G.c.user_id).where(
                _G.c.patient_id.in_(visits),
                _G.c.revoked_at.is_(None),
                sa.or_(_G.c.expires_on.is_(None), _G.c.expires_on > uow.now.date()),
                _G.c.may_book,
            )
            return everybody.where(sa.or_(_U.c.id.in_(themselves), _U.c.id.in_(guardians)))


def add(uow: UnitOfWork, new: NewBroadcast, *, counted: int) -> Broadcast:
    """Keep a broadcast that waits for its time."""
    if uow.actor.user_id is None:
        raise NotFound
    row = Broadcast(
        id=uow.new_id(),
        audience=new.audience,
        location_id=new.location_id,
        state=BroadcastState.SCHEDULED,
        created_by=uow.actor.user_id,
        created_at=uow.now,
        send_at=max(new.send_at or uow.now, uow.now),
        counted=counted,
    )
    uow.session.add(row)
    uow.session.flush()
    for text in new.texts:
        uow.session.add(BroadcastText(broadcast_id=row.id, **text.model_dump()))
    uow.session.flush()
    return row


def texts_of(uow: UnitOfWork, broadcast_id: UUID) -> dict[str, BroadcastWords]:
    """A broadcast's words by language."""
    found = uow.session.execute(sa.select(_T).where(_T.c.broadcast_id == broadcast_id))
    return {
        row.locale: BroadcastWords(locale=row.locale, subject=row.subject, body=row.body)
        for row in found
    }


def next_due(uow: UnitOfWork) -> Broadcast | None:
    """The broadcast whose time has come longest ago; locked, and those that somebody works on left out."""
    due = (
        select(Broadcast)
        .where(Broadcast.state == BroadcastState.SCHEDULED, col(Broadcast.send_at) <= uow.now)
        .order_by(col(Broadcast.send_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return uow.session.exec(due).first()


def note_told(uow: UnitOfWork, row: Broadcast, readers: Sequence[Any], *, is_last: bool) -> None:
    """Note who has been told, in the transaction that tells them."""
    if readers:
        row.told_until, row.told = readers[-1].id, row.told + len(readers)
    if is_last:
        row.state = BroadcastState.DONE
    uow.session.flush()


def find(uow: UnitOfWork, broadcast_id: UUID) -> Broadcast:
    """A broadcast, locked. Raises NotFound."""
    asked = select(Broadcast).where(Broadcast.id == broadcast_id).with_for_update()
    row = uow.session.exec(asked).first()
    if row is None:
        raise NotFound
    return row


def latest(uow: UnitOfWork) -> Sequence[Broadcast]:
    """The last broadcasts, the newest first."""
    chosen = select(Broadcast).order_by(col(Broadcast.created_at).desc(), col(Broadcast.id))
    return uow.session.exec(chosen.limit(_MOST)).all()


def results(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Of each broadcast, how many letters its provider took, and how many will not be sent."""
    is_sent = sa.case((_M.c.state == MessageState.ACCEPTED, 1), else_=0)
    is_lost = sa.case((_M.c.state.in_((MessageState.DEAD, MessageState.UNKNOWN)), 1), else_=0)
    found = (
        sa.select(_M.c.about_id, sa.func.sum(is_sent), sa.func.sum(is_lost))
        .where(
            _M.c.about_kind == "broadcast",
            _M.c.about_id.in_(ids),
            _M.c.channel.not_in((Channel.IN_APP, Channel.PUSH)),
        )
        .group_by(_M.c.about_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in uow.session.execute(found)}


def result_of(
    uow: UnitOfWork, broadcast_id: UUID, *, state: MessageState | None, page: int
) -> Sequence[Any]:
    """A page of a broadcast's messages with their readers' names, and one row more."""
    at = sa.func.coalesce(_M.c.settled_at, _M.c.send_at, type_=_M.c.send_at.type).label("at")
    chosen = (
        sa.select(
            _M.c.id.label("message_id"),
            _U.c.name,
            _M.c.to,
            _M.c.channel,
            _M.c.state,
            _M.c.problem,
            at,
        )
        .join(_U, _U.c.id == _M.c.recipient_id)
        .where(_M.c.about_kind == "broadcast", _M.c.about_id == broadcast_id)
        .order_by(_U.c.name, _U.c.id, _M.c.channel)
        .offset((page - 1) * RESULTS_PER_PAGE)
        .limit(RESULTS_PER_PAGE + 1)
    )
    if state is not None:
        chosen = chosen.where(_M.c.state == state)
    return uow.session.execute(chosen).all()


def exists(uow: UnitOfWork, broadcast_id: UUID) -> bool:
    """Whether there is such a broadcast."""
    return (
        uow.session.execute(sa.select(_B.c.id).where(_B.c.id == broadcast_id)).first() is not None
    )


def stopped(uow: UnitOfWork, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these broadcasts that were stopped."""
    found = sa.select(_B.c.id).where(_B.c.id.in_(ids), _B.c.state == BroadcastState.STOPPED)
    return frozenset(uow.session.execute(found).scalars())
