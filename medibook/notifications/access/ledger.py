"""What stands in the ledger of messages: what is due, sent, late, given up; and the jobs' signs of life."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.access.subjects import messages_naming
from medibook.notifications.schemas import Channel, MessageState, PromiseCounts
from medibook.notifications.tables import Heartbeat, Message

_M, _H = table_of(Message), table_of(Heartbeat)
_WAITING = (MessageState.PLANNED, MessageState.RETRY, MessageState.CLAIMED)
_ENDED_BADLY = (MessageState.DEAD, MessageState.UNKNOWN)
PER_PAGE = 50


def beat(uow: UnitOfWork, job: str) -> None:
    """Note that a job has run just now."""
    is_sqlite = uow.session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(_H) if is_sqlite else postgresql.insert(_H)
    uow.session.execute(
        insert.values(job=job, beat_at=uow.now).on_conflict_do_update(
            index_elements=["job"], set_={"beat_at": uow.now}
        )
    )


def last_beat(uow: UnitOfWork, job: str) -> datetime | None:
    """When a job has last run; None when it never has."""
    found: datetime | None = uow.session.execute(
        sa.select(_H.c.beat_at).where(_H.c.job == job)
    ).scalar_one_or_none()
    return found


def counts(
    uow: UnitOfWork, *, day: tuple[datetime, datetime], late_before: datetime
) -> PromiseCounts:
    """How the promises of a stretch stand (by when they were to leave), and what is late of all."""
    start, end = day
    outside = _M.c.channel != Channel.IN_APP
    by_state = (
        sa.select(_M.c.state, sa.func.count())
        .where(_M.c.send_at >= start, _M.c.send_at < end, outside)
        .group_by(_M.c.state)
    )
    states = dict(map(tuple, uow.session.execute(by_state)))
    late = sa.select(sa.func.count(), sa.func.min(_M.c.send_at, type_=_M.c.send_at.type)).where(
        _M.c.state.in_(_WAITING), _M.c.send_at < late_before, outside
    )
    overdue, oldest = uow.session.execute(late).one()
    bad = sa.select(_M.c.state, sa.func.count()).where(_M.c.state.in_(_ENDED_BADLY))
    troubled = dict(map(tuple, uow.session.execute(bad.group_by(_M.c.state))))
    return PromiseCounts(
        due=sum(states.values()),
        waiting=sum(states.get(state, 0) for state in _WAITING),
        accepted=states.get(MessageState.ACCEPTED, 0),
        expired=states.get(MessageState.EXPIRED, 0),
        dead=troubled.get(MessageState.DEAD, 0),
        unknown=troubled.get(MessageState.UNKNOWN, 0),
        overdue=overdue,
        oldest_unsent=oldest,
    )


def troubled(uow: UnitOfWork, *, late_before: datetime, page: int) -> Sequence[Any]:
    """Messages that a person should look at: late, given up, of unknown fate; the newest first."""
    late = sa.and_(_M.c.state.in_(_WAITING), _M.c.send_at < late_before)
    chosen = (
        sa.select(_M)
        .where(sa.or_(late, _M.c.state.in_(_ENDED_BADLY)))
        .order_by(_M.c.send_at.desc(), _M.c.id)
        .limit(PER_PAGE + 1)
        .offset((max(page, 1) - 1) * PER_PAGE)
    )
    return uow.session.execute(chosen).all()


def of_subject(uow: UnitOfWork, about_kind: str, about_id: UUID) -> Sequence[Any]:
    """Every message that speaks of one subject or names it, in the order in which they were to leave."""
    is_about = sa.and_(_M.c.about_id == about_id, _M.c.about_kind == about_kind)
    theirs = (
        sa.select(_M)
        .where(sa.or_(is_about, _M.c.id.in_(messages_naming(about_id))))
        .order_by(_M.c.send_at, _M.c.created_at, _M.c.channel)
    )
    return uow.session.execute(theirs).all()


def inbox(uow: UnitOfWork, user_id: UUID, *, page: int) -> Sequence[Any]:
    """What stands in the app for somebody, the newest first; one more than a page shows."""
    theirs = (
        sa.select(_M)
        .where(_of_inbox(user_id))
        .order_by(_M.c.created_at.desc(), _M.c.id)
        .limit(PER_PAGE + 1)
        .offset((max(page, 1) - 1) * PER_PAGE)
    )
    return uow.session.execute(theirs).all()


def count_unread(uow: UnitOfWork, user_id: UUID) -> int:
    """How many messages in the app somebody has not opened yet."""
    asked = sa.select(sa.func.count()).where(_of_inbox(user_id), _M.c.read_at.is_(None))
    return int(uow.session.execute(asked).scalar_one())


def mark_read(uow: UnitOfWork, user_id: UUID) -> int:
    """Note that somebody has seen all that stands in the app for them; returns how many were new."""
    chosen = sa.update(_M).where(_of_inbox(user_id), _M.c.read_at.is_(None))
    return int(uow.session.execute(chosen.values(read_at=uow.now)).rowcount)  # type: ignore[attr-defined]  # a CursorResult


def _of_inbox(user_id: UUID) -> sa.ColumnElement[bool]:
    return sa.and_(
        _M.c.recipient_id == user_id,
        _M.c.channel == Channel.IN_APP,
        _M.c.state == MessageState.ACCEPTED,
    )
