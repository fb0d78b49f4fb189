"""Rows of messages: written once, found by what they speak of, read in the mailbox."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import rules
from medibook.notifications.access.subjects import note_names
from medibook.notifications.schemas import (
    Channel,
    MailboxMessage,
    MessageState,
    NewMessage,
)
from medibook.notifications.tables import Message

_M = table_of(Message)
_PER_PAGE = 50
NOT_LEFT = (MessageState.PLANNED, MessageState.RETRY, MessageState.CLAIMED)
_TOLD = (MessageState.ACCEPTED, MessageState.ATTEMPTING, MessageState.UNKNOWN)
_SAID = {
    "fact_id",
    "kind",
    "recipient_id",
    "subject",
    "body",
    "attachment_name",
    "attachment",
    "locale",
    "topic",
    "useful_until",
    "zone",
    "unsubscribe",
}


_UNTRIED = {"attempts": 0, "provider_id": "", "provider_state": ""}


def add(
    uow: UnitOfWork,
    new: NewMessage,
    channel: Channel,
    *,
    state: MessageState,
    send_at: datetime,
    problem: str = "",
) -> UUID | None:
    """Write a message; None when this fact has told this person before, by this channel.

    The unique key decides, not a look beforehand: two workers may tell the same fact at once.
    """
    is_sqlite = uow.session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(_M) if is_sqlite else postgresql.insert(_M)
    row_id = uow.new_id()
    written = uow.session.execute(
        insert.values(
            {
                **new.model_dump(include=_SAID),
                **_of_channel(new, channel),
                **_about(new),
                "id": row_id,
                "channel": channel,
                "state": state,
                "send_at": send_at,
                "created_at": uow.now,
                "settled_at": None if state in NOT_LEFT else uow.now,
                **_UNTRIED,
                "problem": problem,
            }
        )
        .on_conflict_do_nothing()
        .returning(_M.c.id)
    )
    is_new = written.one_or_none() is not None
    if is_new:
        note_names(uow, row_id, new)
    return row_id if is_new else None


def _of_channel(new: NewMessage, channel: Channel) -> dict[str, object]:
    """An SMS is its short text, and nothing is attached to it."""
    if channel is not Channel.SMS:
        return {"to": new.to}
    return {
        "to": new.phone,
        "body": rules.sms_text(new.sms),
        "attachment_name": "",
        "attachment": "",
    }


def _about(new: NewMessage) -> dict[str, object]:
    about = new.about
    return {
        "about_kind": about.kind if about else "",
        "about_id": about.about_id if about else None,
        "about_mark": about.mark if about else "",
        "patient_id": about.patient_id if about else None,
    }


def is_told(uow: UnitOfWork, fact_id: UUID, kind: str) -> bool:
    """Tell whether this fact has already made a message of this kind."""
    found = sa.select(_M.c.id).where(_M.c.fact_id == fact_id, _M.c.kind == kind).limit(1)
    return uow.session.execute(found).one_or_none() is not None


def is_provider_id_taken(uow: UnitOfWork, provider_id: str, but_for: UUID) -> bool:
    """Tell whether another message of ours is known to a provider by this id."""
    found = sa.select(_M.c.id).where(_M.c.provider_id == provider_id, _M.c.id != but_for)
    return uow.session.execute(found.limit(1)).one_or_none() is not None


def withdraw(
    uow: UnitOfWork,
    about_kind: str,
    about_id: UUID,
    reason: str,
    unless_mark: str | None = None,
) -> int:
    """Expire what speaks of this subject and has not left yet; returns how many."""
    chosen = sa.update(_M).where(
        _M.c.about_id == about_id, _M.c.about_kind == about_kind, _M.c.state.in_(NOT_LEFT)
    )
    if unless_mark is not None:
        chosen = chosen.where(_M.c.about_mark != unless_mark)
    return int(uow.session.execute(chosen.values(**_expired(uow, reason))).rowcount)  # type: ignore[attr-defined]  # a CursorResult


def withdraw_facts(uow: UnitOfWork, fact_ids: Collection[UUID], reason: str) -> frozenset[UUID]:
    """Expire what tells of these facts and has not left yet; returns of which facts there was any."""
    chosen = sa.update(_M).where(_M.c.fact_id.in_(fact_ids), _M.c.state.in_(NOT_LEFT))
    gone = chosen.values(**_expired(uow, reason)).returning(_M.c.fact_id)
    return frozenset(uow.session.execute(gone).scalars())


def gone(
    uow: UnitOfWork, fact_ids: Collection[UUID]
) -> frozenset[tuple[Channel, UUID | None, str]]:
    """The messages about these facts that are past taking back: by which channel, to whom, and where."""
    over = (*NOT_LEFT, MessageState.EXPIRED)
    found = sa.select(_M.c.channel, _M.c.recipient_id, _M.c.to).where(
        _M.c.fact_id.in_(fact_ids), _M.c.state.not_in(over)
    )
    return frozenset((row.channel, row.recipient_id, row.to) for row in uow.session.execute(found))


def _expired(uow: UnitOfWork, reason: str) -> dict[str, object]:
    now = {"settled_at": uow.now, "claim": None}
    return {"state": MessageState.EXPIRED, "problem": reason[:200], **now}


def last_accepted_mark(
    uow: UnitOfWork, about_kind: str, about_id: UUID, recipient_id: UUID | None, to: str
) -> str | None:
    """The mark of the last message about this subject that has reached this person, or may have.

    None: none has.
    """
    whose = _M.c.recipient_id == recipient_id if recipient_id else _M.c.to == to
    found = (
        sa.select(_M.c.about_mark)
        .where(
            _M.c.about_id == about_id,
            _M.c.about_kind == about_kind,
            _M.c.state.in_(_TOLD),
            whose,
        )
        # When it left: what waits for its time is written before what is told at once.
        .order_by(
            sa.func.coalesce(_M.c.attempted_at, _M.c.settled_at, _M.c.created_at).desc(),
            _M.c.created_at.desc(),
        )
        .limit(1)
    )
    mark: str | None = uow.session.execute(found).scalar_one_or_none()
    return mark


def last_sms_kind(uow: UnitOfWork, number: str) -> str:
    """What the last SMS to a number that may have left speaks of; "" for nothing that has a kind."""
    left = (
        sa.select(_M.c.about_kind)
        .where(
            _M.c.to == number,
            _M.c.channel == Channel.SMS,
            _M.c.state.in_((MessageState.ACCEPTED, MessageState.ATTEMPTING, MessageState.UNKNOWN)),
        )
        .order_by(sa.func.coalesce(_M.c.settled_at, _M.c.send_at).desc(), _M.c.created_at.desc())
        .limit(1)
    )
    return uow.session.execute(left).scalar_one_or_none() or ""


def find(uow: UnitOfWork, message_id: UUID) -> Message:
    """Return a message as it stands now."""
    row = uow.session.get(Message, message_id, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def mailbox(uow: UnitOfWork, *, address: str | None, page: int) -> tuple[MailboxMessage, ...]:
    """Return a page of messages, the newest first; of one address or of everybody.

    What stands in the app alone is no letter, nor is a note that says so on a device.
    """
    wanted = (
        select(Message)
        .where(col(Message.channel).not_in((Channel.IN_APP, Channel.PUSH)))
        .order_by(col(Message.created_at).desc(), col(Message.id))
    )
    if address:
        wanted = wanted.where(Message.to == address)
    shown = wanted.limit(_PER_PAGE).offset((max(page, 1) - 1) * _PER_PAGE)
    return tuple(mailbox_message(row) for row in uow.session.exec(shown).all())


def mailbox_message(row: Any) -> MailboxMessage:  # noqa: ANN401 - a Message, or a row of Core columns
    """A message as a mailbox shows it."""
    return MailboxMessage(
        message_id=row.id,
        channel=row.channel,
        to=row.to,
        subject=row.subject,
        body=row.body,
        attachment_name=row.attachment_name,
        attachment=row.attachment,
        kind=row.kind,
        state=row.state.value,
        created_at=row.created_at,
        send_at=row.send_at,
    )
