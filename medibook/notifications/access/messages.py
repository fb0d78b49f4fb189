"""Rows of messages: written once, claimed by one worker, settled by their outcome."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.schemas import (
    Channel,
    MailboxMessage,
    MessageState,
    NewMessage,
    Outgoing,
)
from medibook.notifications.tables import Message

_M = table_of(Message)
_PER_PAGE = 50
_WAITING = (MessageState.PLANNED, MessageState.RETRY, MessageState.CLAIMED)


def add(uow: UnitOfWork, new: NewMessage, *, state: MessageState, problem: str = "") -> UUID | None:
    """Write a message; None when this fact has told this person before.

    The unique key decides, not a look beforehand: two workers may tell the same fact at once.
    """
    is_sqlite = uow.session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(_M) if is_sqlite else postgresql.insert(_M)
    row_id = uow.new_id()
    written = uow.session.execute(
        insert.values(
            id=row_id,
            channel=Channel.EMAIL,
            state=state,
            send_at=uow.now,
            created_at=uow.now,
            attempts=0,
            problem=problem,
            **new.model_dump(),
        ).on_conflict_do_nothing()
    )
    return row_id if written.rowcount == 1 else None  # type: ignore[attr-defined]  # a CursorResult


def is_told(uow: UnitOfWork, fact_id: UUID, kind: str) -> bool:
    """Tell whether this fact has already made a message of this kind."""
    found = sa.select(_M.c.id).where(_M.c.fact_id == fact_id, _M.c.kind == kind).limit(1)
    return uow.session.execute(found).one_or_none() is not None


def claim_due(uow: UnitOfWork, *, lease: timedelta, limit: int) -> tuple[Outgoing, ...]:
    """Claim what is due, the oldest first; a claim whose worker died falls due again after ``lease``."""
    due = (
        sa.select(_M.c.id, _M.c.send_at)
        .where(_M.c.state.in_(_WAITING), _M.c.send_at <= uow.now)
        .order_by(_M.c.send_at, _M.c.created_at)
        .limit(limit)
    )
    mine = [row.id for row in uow.session.execute(due).all() if _claim(uow, row, lease)]
    claimed = uow.session.exec(select(Message).where(col(Message.id).in_(mine))).all()
    return tuple(_outgoing(row) for row in sorted(claimed, key=lambda row: row.created_at))


def _claim(uow: UnitOfWork, row: sa.Row[tuple[UUID, object]], lease: timedelta) -> bool:
    claimed = uow.session.execute(
        sa.update(_M)
        .where(_M.c.id == row.id, _M.c.state.in_(_WAITING), _M.c.send_at == row.send_at)
        .values(state=MessageState.CLAIMED, send_at=uow.now + lease, attempts=_M.c.attempts + 1)
    )
    return bool(claimed.rowcount == 1)  # type: ignore[attr-defined]  # a CursorResult


def _outgoing(row: Message) -> Outgoing:
    return Outgoing(
        message_id=row.id,
        kind=row.kind,
        to=row.to,
        subject=row.subject,
        body=row.body,
        attachment_name=row.attachment_name,
        attachment=row.attachment,
        attempts=row.attempts,
        created_at=row.created_at,
    )


def find(uow: UnitOfWork, message_id: UUID) -> Message:
    """Return a message as it stands now."""
    row = uow.session.get(Message, message_id, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def accept(uow: UnitOfWork, row: Message, *, forget_body: bool) -> None:
    """Note that a channel has taken the message; what opens an account is not kept."""
    row.state, row.problem = MessageState.ACCEPTED, ""
    if forget_body:
        row.body = ""
    uow.session.flush()


def note_failure(
    uow: UnitOfWork, row: Message, problem: str, *, again_in: timedelta | None, forget_body: bool
) -> None:
    """Note why a message has not left; it is tried again later, or never."""
    row.problem = problem[:200]
    row.state = MessageState.DEAD if again_in is None else MessageState.RETRY
    if again_in is not None:
        row.send_at = uow.now + again_in
    elif forget_body:
        row.body = ""
    uow.session.flush()


def mailbox(uow: UnitOfWork, *, address: str | None, page: int) -> tuple[MailboxMessage, ...]:
    """Return a page of messages, the newest first; of one address or of everybody."""
    wanted = select(Message).order_by(col(Message.created_at).desc(), col(Message.id))
    if address:
        wanted = wanted.where(Message.to == address)
    shown = wanted.limit(_PER_PAGE).offset((max(page, 1) - 1) * _PER_PAGE)
    return tuple(
        MailboxMessage(
            message_id=row.id,
            to=row.to,
            subject=row.subject,
            body=row.body,
            attachment_name=row.attachment_name,
            attachment=row.attachment,
            kind=row.kind,
            state=row.state.value,
            created_at=row.created_at,
        )
        for row in uow.session.exec(shown).all()
    )
