"""What has been written about something, and how far it has come; without what it says."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.schemas import Channel, Letter, MessageState
from medibook.notifications.tables import Message

_M = table_of(Message)


def fates_of_facts(
    uow: UnitOfWork, fact_ids: Collection[UUID]
) -> dict[UUID, tuple[MessageState, str]]:
    """How far the message that tells of each of these facts has come, and what is in its way."""
    asked = sa.select(_M.c.fact_id, _M.c.state, _M.c.problem).where(_M.c.fact_id.in_(fact_ids))
    rows = uow.session.execute(asked.order_by(_M.c.created_at)) if fact_ids else ()
    return {row.fact_id: (row.state, row.problem) for row in rows}


def letters_about(uow: UnitOfWork, kind: str, ids: Collection[UUID]) -> tuple[Letter, ...]:
    """The messages about these subjects of a kind, the oldest first.

    Not the notes on devices: they say only that there is a message.
    """
    columns = [_M.c[name] for name in Letter.model_fields]
    chosen = sa.select(*columns).where(_M.c.about_kind == kind, _M.c.about_id.in_(ids))
    chosen = chosen.where(_M.c.channel != Channel.PUSH)
    rows = uow.session.execute(chosen.order_by(_M.c.created_at, _M.c.id)) if ids else ()
    return tuple(Letter.model_validate(dict(row._mapping)) for row in rows)
