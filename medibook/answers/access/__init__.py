"""Rows of conversations by SMS; only here are they made, found and locked."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import sqlalchemy as sa
from sqlmodel import col, select

from medibook.answers.tables import SmsConversation, SmsLine
from medibook.kernel.actor import Role
from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork

_C, _L = table_of(SmsConversation), table_of(SmsLine)
_READERS = frozenset({Role.STAFF, Role.ADMIN, Role.SYSTEM})


def conversation_with(uow: UnitOfWork, number: str) -> SmsConversation:
    """The conversation with a number, locked; begun, if there is none. One message at a time decides."""
    uow.lock(uuid5(NAMESPACE_URL, f"sms:{number}"))
    asked = select(SmsConversation).where(SmsConversation.number == number).with_for_update()
    found = uow.session.exec(asked).one_or_none()
    if found is None:
        found = SmsConversation(id=uow.new_id(), number=number, created_at=uow.now)
        uow.session.add(found)
        uow.session.flush()
    return found


def find(uow: UnitOfWork, conversation_id: UUID) -> SmsConversation:
    """A conversation for the clinic's people, locked. Raises NotFound."""
    if uow.actor.role not in _READERS:
        raise NotFound
    asked = select(SmsConversation).where(col(SmsConversation.id) == conversation_id)
    found = uow.session.exec(asked.with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def is_known(uow: UnitOfWork, provider_id: str) -> bool:
    """Whether this message has come in before."""
    asked = sa.select(_L.c.id).where(_L.c.provider_id == provider_id)
    return uow.session.execute(asked).first() is not None


def add_line(
    uow: UnitOfWork,
    conversation: SmsConversation,
    text: str,
    *,
    is_ours: bool,
    provider_id: str | None = None,
    by_user_id: UUID | None = None,
) -> UUID:
    """Write down what was said, after everything that was said before."""
    conversation.version += 1
    line = SmsLine(
        id=uow.new_id(),
        conversation_id=conversation.id,
        is_ours=is_ours,
        text=text,
        at=uow.now,
        place=conversation.version,
        provider_id=provider_id,
        by_user_id=by_user_id,
    )
    uow.session.add(line)
    uow.session.flush()
    return line.id


def waiting(uow: UnitOfWork, *, limit: int) -> Sequence[Any]:
    """The conversations that people must look at, who has waited longest first."""
    if uow.actor.role not in _READERS:
        return ()
    asked = sa.select(_C).where(_C.c.waits_since.is_not(None))
    return uow.session.execute(asked.order_by(_C.c.waits_since, _C.c.id).limit(limit)).all()


def is_last_by_the_desk(uow: UnitOfWork, conversation_id: UUID) -> bool:
    """Whether the last that we have said in a conversation was written by a person."""
    ours = (
        sa.select(_L.c.by_user_id)
        .where(_L.c.conversation_id == conversation_id, _L.c.is_ours)
        .order_by(_L.c.place.desc())
        .limit(1)
    )
    return uow.session.execute(ours).scalar_one_or_none() is not None


def last_lines(
    uow: UnitOfWork, conversation_ids: Collection[UUID], *, most: int
) -> dict[UUID, list[Any]]:
    """What was said last in each of these conversations, in its order."""
    nth = sa.func.row_number().over(partition_by=_L.c.conversation_id, order_by=_L.c.place.desc())
    ranked = sa.select(_L, nth.label("nth")).where(_L.c.conversation_id.in_(conversation_ids))
    inner = ranked.subquery()
    asked = sa.select(inner).where(inner.c.nth <= most).order_by(inner.c.place)
    found: dict[UUID, list[Any]] = {}
    for row in uow.session.execute(asked):
        found.setdefault(row.conversation_id, []).append(row)
    return found
