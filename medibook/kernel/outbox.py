"""Facts: written in the transaction that made them so, acted on afterwards from rows."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, cast, get_type_hints
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Session

from medibook.kernel.db import Table, instant, table_of
from medibook.kernel.facts import Fact, kind_named

_LEASE = timedelta(minutes=2)
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)
_UNREADABLE = "cannot be read"


class OutboxEvent(Table, table=True):
    """A fact that waits for its effects (messages); claimed by one worker at a time."""

    __tablename__ = "outbox_event"

    kind: str = Field(max_length=60)
    payload: str
    created_at: datetime = instant()
    due_at: datetime = instant()
    attempts: int = 0
    done_at: datetime | None = instant(nullable=True)
    problem: str = Field(default="", max_length=200)

    __table_args__ = (
        sa.Index(
            "ix_outbox_event_due",
            "due_at",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
    )


_T = table_of(OutboxEvent)
_ADD = sa.insert(_T)


def write(session: Session, fact: Fact, *, row_id: UUID, now: datetime, waits: bool) -> None:
    """Store ``fact`` in the running transaction; it becomes true with the commit, or never.

    ``waits``: something follows from it after the commit. Of the others only the row is kept: to claim
    and to finish each would be two more writes, and whoever books waits for them.
    """
    session.execute(
        _ADD,
        {
            "id": row_id,
            "kind": type(fact).__name__,
            "payload": payload_of(fact),
            "created_at": now,
            "due_at": now,
            "attempts": 0,
            "done_at": None if waits else now,
            "problem": "",
        },
    )


def claim_due(session: Session, now: datetime, *, limit: int = 20) -> list[tuple[UUID, Fact]]:
    """Claim facts that are due, oldest first; a claim that dies falls due again.

    A fact that this version of the code cannot read (its kind was renamed, an older version runs)
    is put aside: one of them would otherwise stop every message for ever.
    """
    waiting = (
        sa.select(_T.c.id, _T.c.kind, _T.c.payload, _T.c.due_at)
        .where(_T.c.done_at.is_(None), _T.c.due_at <= now)
        .order_by(_T.c.created_at)
        .limit(limit)
    )
    claimed = []
    for row in session.execute(waiting).all():
        mine = session.execute(
            sa.update(_T)
            .where(_T.c.id == row.id, _T.c.done_at.is_(None), _T.c.due_at == row.due_at)
            .values(due_at=now + _LEASE, attempts=_T.c.attempts + 1)
        )
        if cast("sa.CursorResult[Any]", mine).rowcount != 1:
            continue
        try:
            claimed.append((row.id, _fact(row.kind, row.payload)))
        except (LookupError, TypeError, ValueError):
            postpone(session, row.id, now, _UNREADABLE)
    return claimed


def finish(session: Session, row_id: UUID, now: datetime) -> None:
    """Note that every effect of this fact has happened."""
    session.execute(sa.update(_T).where(_T.c.id == row_id).values(done_at=now, problem=""))


def postpone(session: Session, row_id: UUID, now: datetime, problem: str) -> None:
    """Put a fact whose effects failed aside, longer each time, so that it cannot hold up the others."""
    attempts = session.execute(sa.select(_T.c.attempts).where(_T.c.id == row_id)).scalar_one()
    wait = min(_FIRST_WAIT * (1 << min(attempts - 1, 7)), _LONGEST_WAIT)
    values = {"due_at": now + wait, "problem": problem[:200]}
    session.execute(sa.update(_T).where(_T.c.id == row_id).values(**values))


def payload_of(fact: Fact) -> str:
    """Write a fact down as its row keeps it."""
    told = {field.name: getattr(fact, field.name) for field in fields(fact)}
    return json.dumps(told, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _fact(kind: str, payload: str) -> Fact:
    cls = kind_named(kind)
    hints = get_type_hints(cls)
    stored: dict[str, Any] = json.loads(payload)
    return cls(**{f.name: _revived(hints[f.name], stored[f.name]) for f in fields(cls)})


def _revived(hint: Any, value: Any) -> Any:  # noqa: ANN401 - a field of any fact
    if value is None:
        return None
    names = str(hint)
    if "UUID" in names:
        return UUID(value)
    if "datetime" in names:
        return datetime.fromisoformat(value).astimezone(UTC)
    return value
