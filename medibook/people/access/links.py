"""Rows of one-time links: minted, spent once, dead when a newer one was sent."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from medibook.kernel.crypto import hash_token
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.people.tables import OneTimeToken, TokenPurpose

_T = table_of(OneTimeToken)


def mint(
    uow: UnitOfWork, user_id: UUID, purpose: TokenPurpose, *, lasts: timedelta, go_to: str
) -> str:
    """Return a fresh token for a link; the older ones for the same purpose are dead from now on."""
    kept = go_to or _last_goal(uow, user_id, purpose)
    revoke(uow, user_id, purpose)
    token = uow.new_token()
    uow.session.add(
        OneTimeToken(
            id=uow.new_id(),
            user_id=user_id,
            purpose=purpose,
            token_hash=hash_token(token),
            created_at=uow.now,
            expires_at=uow.now + lasts,
            go_to=kept,
        )
    )
    return token


def holder(uow: UnitOfWork, token: str, purpose: TokenPurpose) -> UUID | None:
    """Return whose link this is, without using it up; None when it would not be good any more."""
    live = select(OneTimeToken.user_id).where(*_is_good(uow, token, purpose))
    return uow.session.exec(live).one_or_none()


def spend(uow: UnitOfWork, token: str, purpose: TokenPurpose) -> OneTimeToken | None:
    """Use up a link; None when it was used before, is too old, or never was.

    The condition stands in the UPDATE: of two who click at the same moment, one gets a row.
    """
    spent = uow.session.execute(
        sa.update(_T).where(*_is_good(uow, token, purpose)).values(used_at=uow.now)
    )
    if spent.rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        return None
    return uow.session.exec(
        select(OneTimeToken).where(OneTimeToken.token_hash == hash_token(token))
    ).one()


def revoke(uow: UnitOfWork, user_id: UUID, purpose: TokenPurpose) -> None:
    """Make every unused link of an account for one purpose useless."""
    uow.session.execute(
        sa.update(_T)
        .where(_T.c.user_id == user_id, _T.c.purpose == purpose, _T.c.used_at.is_(None))
        .values(used_at=uow.now)
    )


def _is_good(
    uow: UnitOfWork, token: str, purpose: TokenPurpose
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _T.c.token_hash == hash_token(token),
        _T.c.purpose == purpose,
        _T.c.used_at.is_(None),
        _T.c.expires_at > uow.now,
    )


def _last_goal(uow: UnitOfWork, user_id: UUID, purpose: TokenPurpose) -> str:
    last = (
        select(OneTimeToken.go_to)
        .where(OneTimeToken.user_id == user_id, OneTimeToken.purpose == purpose)
        .order_by(col(OneTimeToken.created_at).desc())
        .limit(1)
    )
    return uow.session.exec(last).one_or_none() or ""
