"""Whose turn a message is: claimed under a lease, attempted under a fence, settled by its outcome.

Each claim draws a new token. Whoever has lost the lease has lost the token, and cannot write the
outcome of a message that somebody else has taken over.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.rules import PHONE_CODE
from medibook.notifications.schemas import About, Channel, MessageState, Outgoing
from medibook.notifications.tables import Message

_M = table_of(Message)
_WAITING = (MessageState.PLANNED, MessageState.RETRY)
_OPEN = (MessageState.UNKNOWN, MessageState.RETRY, MessageState.CLAIMED, MessageState.ATTEMPTING)


def work_waits(uow: UnitOfWork, channels: Collection[Channel]) -> tuple[bool, bool]:
    """Whether something is to be sent now, and whether something is to be looked up."""
    to_send = sa.exists().where(_is_due(uow.now), _M.c.channel.in_(channels))
    to_look_up = sa.exists().where(
        sa.or_(
            sa.and_(_M.c.state == MessageState.UNKNOWN, _M.c.send_at <= uow.now),
            sa.and_(_M.c.state == MessageState.ATTEMPTING, _M.c.lease_until <= uow.now),
        )
    )
    row = uow.session.execute(sa.select(to_send, to_look_up)).one()
    return bool(row[0]), bool(row[1])


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    """What waits, and what was claimed by somebody who died before attempting it."""
    lost = sa.and_(_M.c.state == MessageState.CLAIMED, _M.c.lease_until <= now)
    return sa.and_(sa.or_(_M.c.state.in_(_WAITING), lost), _M.c.send_at <= now)


def claim_due(
    uow: UnitOfWork, channels: Collection[Channel], *, lease: timedelta, limit: int
) -> UUID | None:
    """Take the messages that are due, the oldest first; returns the claim, None when nothing is due.

    A claim whose worker died before it attempted anything falls due again when its lease has run out.
    """
    due = (
        sa.select(_M.c.id)
        .where(_is_due(uow.now), _M.c.channel.in_(channels))
        .order_by(_M.c.send_at, _M.c.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = uow.session.execute(due).scalars().all()
    if not ids:
        return None
    claim = uow.new_id()
    uow.session.execute(
        sa.update(_M)
        .where(_M.c.id.in_(ids))
        .values(state=MessageState.CLAIMED, claim=claim, lease_until=uow.now + lease)
    )
    return claim


def claimed(uow: UnitOfWork, claim: UUID, *, limit: int) -> Sequence[Any]:
    """The next messages of a claim that have not been attempted; locked."""
    mine = (
        sa.select(_M)
        .where(_M.c.claim == claim, _M.c.state == MessageState.CLAIMED)
        .order_by(_M.c.send_at, _M.c.created_at)
        .limit(limit)
        .with_for_update()
    )
    return uow.session.execute(mine).all()


def attempt(uow: UnitOfWork, ids: Collection[UUID], *, lease: timedelta) -> None:
    """Note that a provider is about to be called; committed before the call."""
    uow.session.execute(
        sa.update(_M)
        .where(_M.c.id.in_(ids))
        .values(
            state=MessageState.ATTEMPTING,
            attempts=_M.c.attempts + 1,
            attempted_at=uow.now,
            lease_until=uow.now + lease,
        )
    )


def drop(
    uow: UnitOfWork,
    claim: UUID,
    message_id: UUID,
    *,
    state: MessageState,
    reason: str,
    forget_body: bool,
) -> None:
    """Let a claimed message never leave: it is no longer true, or of use, or wanted."""
    values: dict[str, object] = {"state": state, "problem": reason[:200], "claim": None}
    if forget_body:
        values["body"] = ""
    mine = (_M.c.id == message_id, _M.c.claim == claim, _M.c.state == MessageState.CLAIMED)
    uow.session.execute(sa.update(_M).where(*mine).values(**values, settled_at=uow.now))


def give_back(uow: UnitOfWork, claim: UUID, ids: Collection[UUID], *, send_at: datetime) -> None:
    """Let messages wait again whose provider was not called after all; it counts as no attempt."""
    uow.session.execute(
        sa.update(_M)
        .where(_M.c.id.in_(ids), _M.c.claim == claim, _M.c.state == MessageState.ATTEMPTING)
        .values(state=MessageState.RETRY, attempts=_M.c.attempts - 1, claim=None, send_at=send_at)
    )


def sent_to_numbers(
    uow: UnitOfWork, numbers: Collection[str], *, since: datetime
) -> dict[str, list[datetime]]:
    """When each of these numbers was sent an SMS since then, or may have been; codes are no part of it."""
    found: dict[str, list[datetime]] = {number: [] for number in numbers}
    asked = sa.select(_M.c.to, _M.c.attempted_at).where(
        _M.c.to.in_(numbers),
        _M.c.channel == Channel.SMS,
        _M.c.attempted_at > since,
        _M.c.kind != PHONE_CODE,
        _M.c.state.in_((MessageState.ACCEPTED, MessageState.ATTEMPTING, MessageState.UNKNOWN)),
    )
    for row in uow.session.execute(asked):
        found[row.to].append(row.attempted_at)
    return found


def put_off(
    uow: UnitOfWork, claim: UUID, message_id: UUID, *, send_at: datetime, reason: str
) -> None:
    """Let a claimed message wait until then, and say why; it counts as no attempt."""
    mine = (_M.c.id == message_id, _M.c.claim == claim, _M.c.state == MessageState.CLAIMED)
    values = {"state": MessageState.RETRY, "problem": reason, "claim": None, "send_at": send_at}
    uow.session.execute(sa.update(_M).where(*mine).values(**values))


def settle(
    uow: UnitOfWork,
    message_id: UUID,
    *,
    state: MessageState,
    claim: UUID | None,
    problem: str = "",
    provider_id: str = "",
    send_at: datetime | None = None,
    forget_body: bool = False,
) -> bool:
    """Write an outcome; False when the message has passed to somebody else meanwhile.

    That a provider has taken it is the truth whoever says it: only this is written without the claim,
    so that nobody sends it a second time.
    """
    chosen = sa.update(_M).where(_M.c.id == message_id)
    mine = sa.and_(_M.c.claim == claim, _M.c.state == MessageState.ATTEMPTING)
    if state is MessageState.ACCEPTED:
        chosen = chosen.where(_M.c.state.in_(_OPEN))
    else:
        chosen = chosen.where(mine if claim else _M.c.state.in_(_OPEN))
    values: dict[str, object] = {"state": state, "problem": problem[:200], "claim": None}
    if provider_id:
        values["provider_id"] = provider_id[:120]
    if send_at is not None:
        values["send_at"] = send_at
    if state is not MessageState.RETRY:
        values["settled_at"] = uow.now
    if forget_body:
        values["body"] = ""
    return bool(uow.session.execute(chosen.values(**values)).rowcount == 1)  # type: ignore[attr-defined]  # a CursorResult


def note_provider_state(
    uow: UnitOfWork, message_id: UUID, provider_state: str, provider_id: str
) -> None:
    """Keep what a provider has told of a message afterwards."""
    values: dict[str, object] = {"provider_state": provider_state[:40]}
    if provider_id:
        values["provider_id"] = provider_id[:120]
    uow.session.execute(sa.update(_M).where(_M.c.id == message_id).values(**values))


def start_again(uow: UnitOfWork, message_id: UUID, states: Collection[MessageState]) -> bool:
    """Let a message wait as if it had never been tried; False when it is in none of these states.

    Judged by the same statement that writes: a worker may take it at this very moment.
    """
    values = {"state": MessageState.RETRY, "attempts": 0, "claim": None, "send_at": uow.now}
    again = sa.update(_M).where(_M.c.id == message_id, _M.c.state.in_(states))
    return bool(uow.session.execute(again.values(**values, settled_at=None)).rowcount == 1)  # type: ignore[attr-defined]  # a CursorResult


def outgoing(row: Any) -> Outgoing:  # noqa: ANN401 - a row of Core columns
    """A message as a channel gets it."""
    return Outgoing(
        message_id=row.id,
        kind=row.kind,
        channel=row.channel,
        to=row.to,
        subject=row.subject,
        body=row.body,
        attachment_name=row.attachment_name,
        attachment=row.attachment,
        locale=row.locale,
        attempts=row.attempts,
        created_at=row.created_at,
        attempted_at=row.attempted_at,
        unsubscribe=row.unsubscribe,
    )


def about(row: Any) -> About | None:  # noqa: ANN401 - a row of Core columns
    """What a message speaks of; None when it speaks of nothing that could change."""
    if row.about_id is None:
        return None
    return About(
        kind=row.about_kind,
        about_id=row.about_id,
        mark=row.about_mark,
        patient_id=row.patient_id,
        topic=row.topic,
    )
