"""What messages name besides what they are about: each of several visits, the visit of a case."""

from collections.abc import Collection, Mapping
from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.schemas import About, MessageState, NewMessage, TakenBack
from medibook.notifications.tables import Message, MessageSubject

_M, _S = table_of(Message), table_of(MessageSubject)
# What was judged to be untrue a moment ago is told anew just as what still waits.
_UNTOLD = (MessageState.PLANNED, MessageState.RETRY, MessageState.CLAIMED, MessageState.EXPIRED)


def note_names(uow: UnitOfWork, message_id: UUID, new: NewMessage) -> None:
    """Keep what a message names."""
    rows = [
        {
            "message_id": message_id,
            "about_id": each.about_id,
            "about_kind": each.kind,
            "mark": each.mark,
        }
        for each in new.names
    ]
    if rows:
        uow.session.execute(sa.insert(_S), rows)


def messages_naming(about_id: UUID) -> sa.Select[tuple[UUID]]:
    """The messages that name this, for a look at them."""
    return sa.select(_S.c.message_id).where(_S.c.about_id == about_id)


def names_to_judge(uow: UnitOfWork, message_ids: Collection[UUID]) -> list[tuple[UUID, About]]:
    """What these messages say of all that they name, as (message, subject)."""
    found = (
        sa.select(_S, _M.c.topic)
        .join_from(_S, _M, _M.c.id == _S.c.message_id)
        .where(_S.c.message_id.in_(message_ids), _S.c.mark != "")
    )
    return [
        (
            row.message_id,
            About(kind=row.about_kind, about_id=row.about_id, mark=row.mark, topic=row.topic),
        )
        for row in uow.session.execute(found)
    ]


def take_back_naming(
    uow: UnitOfWork, kind: str, marks: Mapping[UUID, str], reason: str
) -> tuple[TakenBack, ...]:
    """Expire what says otherwise of one of these than its mark, and has not left; each once.

    Returned as well is what was found to be untrue right before it would have left.
    """
    otherwise = sa.or_(
        *(sa.and_(_S.c.about_id == each, _S.c.mark != mark) for each, mark in marks.items())
    )
    naming = sa.select(_S.c.message_id).where(_S.c.about_kind == kind, otherwise)
    expired = {"state": MessageState.EXPIRED, "problem": reason, "claim": None}
    taken = (
        sa.update(_M)
        .where(_M.c.id.in_(naming), _M.c.state.in_(_UNTOLD), _M.c.problem != reason)
        .values(**expired, settled_at=uow.now)
        .returning(_M.c.id, _M.c.kind, _M.c.fact_id, _M.c.recipient_id, _M.c.to)
    )
    rows = uow.session.execute(taken).all() if marks else []
    names: dict[UUID, list[UUID]] = {row.id: [] for row in rows}
    named = sa.select(_S.c.message_id, _S.c.about_id).where(_S.c.message_id.in_(names))
    for row in uow.session.execute(named) if names else ():
        names[row.message_id].append(row.about_id)
    return tuple(
        TakenBack(
            kind=row.kind,
            fact_id=row.fact_id,
            recipient_id=row.recipient_id,
            to=row.to,
            names=frozenset(names[row.id]),
        )
        for row in rows
    )
