"""Rows of codes that prove a number: one for each account, spent once, with a few tries."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.rules import PHONE_CODE
from medibook.notifications.tables import Message, PhoneCode

_K, _M = table_of(PhoneCode), table_of(Message)


def keep_code(
    uow: UnitOfWork, user_id: UUID, number: str, code_hash: str, *, lasts: timedelta
) -> None:
    """Keep a fresh code in the place of the one before; the caller keeps others from doing so."""
    forget_code(uow, user_id)
    row = {"number": number, "code_hash": code_hash, "expires_at": uow.now + lasts, "tries": 0}
    uow.session.execute(sa.insert(_K).values(user_id=user_id, **row))


def codes_since(uow: UnitOfWork, since: datetime) -> list[tuple[UUID, str, datetime]]:
    """Who has asked for a code since then, to which number, and when; whether or not it left."""
    asked = sa.select(_M.c.recipient_id, _M.c.to, _M.c.created_at).where(
        _M.c.created_at > since, _M.c.kind == PHONE_CODE
    )
    return [(row.recipient_id, row.to, row.created_at) for row in uow.session.execute(asked)]


def code_to_try(uow: UnitOfWork, user_id: UUID, *, most: int) -> tuple[str, str] | None:
    """Count a try, and return number and hash; None when the code has run out, or its tries have.

    The condition stands in the UPDATE: however many guess at the same moment, five are counted.
    """
    living = (_K.c.user_id == user_id, _K.c.tries < most, _K.c.expires_at > uow.now)
    tried = uow.session.execute(
        sa.update(_K)
        .where(*living)
        .values(tries=_K.c.tries + 1)
        .returning(_K.c.number, _K.c.code_hash)
    ).one_or_none()
    return (tried.number, tried.code_hash) if tried else None


def number_awaited(uow: UnitOfWork, user_id: UUID) -> str:
    """The number to which a code was sent that can still be typed; "" for none."""
    living = sa.select(_K.c.number).where(_K.c.user_id == user_id, _K.c.expires_at > uow.now)
    return uow.session.execute(living).scalar_one_or_none() or ""


def forget_code(uow: UnitOfWork, user_id: UUID) -> None:
    """Let a code open nothing more."""
    uow.session.execute(sa.delete(_K).where(_K.c.user_id == user_id))
