"""Rows of signed-in browsers; the one look-up that every call of every person goes through."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from medibook.kernel.actor import Actor, Role
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.people.rules.sessions import ALIVE_EVERY, idle_limit
from medibook.people.schemas import ApprovalStatus, SessionRow
from medibook.people.tables import AccountStatus, Patient, Practitioner, SignInSession, User

_S, _U = table_of(SignInSession), table_of(User)
_PATIENT, _PRACTITIONER = table_of(Patient), table_of(Practitioner)

# Status, role and approval are read anew each time, so that a suspension bites at once.
_WHO = (
    sa.select(
        _S.c.id,
        _S.c.user_id,
        _S.c.last_seen_at,
        _U.c.role,
        _U.c.name,
        _U.c.locale,
        _PATIENT.c.id.label("patient_id"),
        _PRACTITIONER.c.id.label("practitioner_id"),
        _PRACTITIONER.c.status.label("approval"),
    )
    .select_from(
        _S.join(_U, _U.c.id == _S.c.user_id)
        .outerjoin(_PATIENT, _PATIENT.c.user_id == _U.c.id)
        .outerjoin(_PRACTITIONER, _PRACTITIONER.c.user_id == _U.c.id)
    )
    .where(
        _S.c.token_hash == sa.bindparam("token_hash"),
        _S.c.expires_at > sa.bindparam("now"),
        _U.c.status == AccountStatus.ACTIVE,
        _U.c.email_verified_at.is_not(None),
    )
    .limit(1)
)


def who(uow: UnitOfWork, token_hash: str) -> tuple[Actor, bool] | None:
    """Return who is behind a live session, and whether its sign of life is due; None when it has ended."""
    row = uow.session.execute(_WHO, {"token_hash": token_hash, "now": uow.now}).one_or_none()
    if row is None or uow.now - row.last_seen_at >= idle_limit(row.role, uow.settings):
        return None
    actor = Actor(
        role=row.role,
        user_id=row.user_id,
        patient_id=row.patient_id if row.role is Role.PATIENT else None,
        practitioner_id=row.practitioner_id if row.role is Role.PRACTITIONER else None,
        approved=row.role is Role.PRACTITIONER and row.approval is ApprovalStatus.APPROVED,
        session_id=row.id,
        name=row.name,
        locale=row.locale,
    )
    return actor, uow.now - row.last_seen_at >= ALIVE_EVERY


def keep_alive(uow: UnitOfWork, session_id: UUID) -> None:
    """Note a sign of life; never backwards, when the machine's clock was."""
    uow.session.execute(
        sa.update(_S)
        .where(_S.c.id == session_id, _S.c.last_seen_at < uow.now)
        .values(last_seen_at=uow.now)
    )


def add(
    uow: UnitOfWork, user: User, token_hash: str, *, lasts: timedelta, device: str
) -> SignInSession:
    """Keep a fresh session of an account."""
    row = SignInSession(
        id=uow.new_id(),
        user_id=user.id,
        token_hash=token_hash,
        created_at=uow.now,
        last_seen_at=uow.now,
        expires_at=uow.now + lasts,
        device=device,
    )
    uow.session.add(row)
    return row


def end(uow: UnitOfWork, session_id: UUID | None) -> None:
    """End one session; ending it twice does no harm."""
    uow.session.execute(sa.delete(_S).where(_S.c.id == session_id))


def end_all(uow: UnitOfWork, user_id: UUID | None, *, besides: UUID | None = None) -> None:
    """End every session of an account, but ``besides``."""
    theirs = sa.delete(_S).where(_S.c.user_id == user_id)
    uow.session.execute(theirs.where(_S.c.id != besides) if besides else theirs)


def forget_ended(uow: UnitOfWork, user_id: UUID) -> None:
    """Remove what is left of an account's sessions that have run out."""
    uow.session.execute(sa.delete(_S).where(_S.c.user_id == user_id, _S.c.expires_at <= uow.now))


def of(uow: UnitOfWork, user_id: UUID | None, *, seen_since: datetime) -> tuple[SessionRow, ...]:
    """Return an account's live sessions, the latest first."""
    mine = (
        select(SignInSession)
        .where(
            SignInSession.user_id == user_id,
            SignInSession.expires_at > uow.now,
            SignInSession.last_seen_at > seen_since,
        )
        .order_by(col(SignInSession.last_seen_at).desc())
    )
    return tuple(
        SessionRow(
            session_id=row.id,
            device=row.device,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_this_one=row.id == uow.actor.session_id,
        )
        for row in uow.session.exec(mine).all()
    )
