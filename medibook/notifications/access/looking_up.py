"""Messages of which nobody knows whether they have left: whose turn it is to ask, and what was found."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.access.delivery import outgoing
from medibook.notifications.schemas import Channel, MessageState, Outgoing
from medibook.notifications.tables import Message

_M = table_of(Message)


def lose(uow: UnitOfWork, *, look_after: timedelta, problem: str) -> int:
    """Whatever was attempted and never settled is unknown: its worker stopped in the middle."""
    lost = (
        sa.update(_M)
        .where(_M.c.state == MessageState.ATTEMPTING, _M.c.lease_until <= uow.now)
        .values(
            state=MessageState.UNKNOWN,
            problem=problem,
            claim=None,
            send_at=uow.now + look_after,
        )
    )
    return int(uow.session.execute(lost).rowcount)  # type: ignore[attr-defined]  # a CursorResult


def unknown(uow: UnitOfWork, *, limit: int, lease: timedelta) -> tuple[Outgoing, ...]:
    """Messages of which nobody knows whether they have left, to be looked up; each by one worker."""
    due = (
        sa.select(_M)
        .where(_M.c.state == MessageState.UNKNOWN, _M.c.send_at <= uow.now)
        .order_by(_M.c.send_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = uow.session.execute(due).all()
    if not rows:
        return ()
    claim = uow.new_id()
    later = sa.update(_M).where(_M.c.id.in_([row.id for row in rows]))
    uow.session.execute(later.values(send_at=uow.now + lease, claim=claim))
    taken = _taken_ids(uow, {row.to for row in rows if row.channel is Channel.SMS})
    return tuple(
        outgoing(row).model_copy(
            update={"claim": claim, "taken_ids": frozenset(taken[row.to]) - {row.provider_id}}
        )
        for row in rows
    )


def _taken_ids(uow: UnitOfWork, numbers: Collection[str]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    asked = sa.select(_M.c.to, _M.c.provider_id).where(
        _M.c.to.in_(numbers), _M.c.channel == Channel.SMS, _M.c.provider_id != ""
    )
    for row in uow.session.execute(asked) if numbers else ():
        found[row.to].add(row.provider_id)
    return found


def settle_unknown(
    uow: UnitOfWork,
    message_id: UUID,
    claim: UUID | None,
    *,
    state: MessageState,
    problem: str = "",
    provider_id: str = "",
    send_at: datetime | None = None,
    forget_body: bool = False,
) -> bool:
    """Write what a look-up has found; False when a person, or a report, has spoken meanwhile.

    Judged by the same statement that writes: while the provider was asked, somebody may have had the
    message tried again, and it may be on its way.
    """
    chosen = sa.update(_M).where(
        _M.c.id == message_id, _M.c.state == MessageState.UNKNOWN, _M.c.claim == claim
    )
    values: dict[str, object] = {"state": state, "problem": problem[:200], "claim": None}
    if provider_id:
        values["provider_id"] = provider_id[:120]
    if send_at is not None:
        values["send_at"] = send_at
    if state is MessageState.ACCEPTED:
        values["settled_at"] = uow.now
    if forget_body:
        values["body"] = ""
    return bool(uow.session.execute(chosen.values(**values)).rowcount == 1)  # type: ignore[attr-defined]  # a CursorResult
