"""The audit log: who did what to which, and why; chained, so that tampering shows."""

import hashlib
import json
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from medibook.kernel.actor import Actor
from medibook.kernel.db import instant, table_of

_GENESIS = "0" * 64


class AuditEvent(SQLModel, table=True):
    """One action or refusal (FHIR AuditEvent); the database refuses UPDATE and DELETE."""

    __tablename__ = "audit_event"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    recorded_at: datetime = instant()
    action: str = Field(max_length=80, index=True)
    outcome: str = Field(max_length=40)
    role: str = Field(max_length=16)
    user_id: UUID | None = Field(default=None, index=True)
    actor_name: str = Field(max_length=80, description="a system actor's name; never a person's")
    session_id: UUID | None = None
    entity_type: str = Field(default="", max_length=40)
    entity_id: UUID | None = Field(default=None, index=True)
    patient_id: UUID | None = Field(default=None, index=True)
    reason: str = Field(default="", max_length=200)
    prev_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class AuditHead(SQLModel, table=True):
    """The end of the chain, in a single row: a removed tail no longer fits it."""

    __tablename__ = "audit_head"

    id: int = Field(default=1, primary_key=True)
    seq: int
    hash: str = Field(max_length=64)


_EVENTS = table_of(AuditEvent)
_HEADS = table_of(AuditHead)
_ADD = sa.insert(_EVENTS)
_MOVE_HEAD = (
    sa.update(_HEADS)
    .where(_HEADS.c.id == 1)
    .values(seq=sa.bindparam("seq"), hash=sa.bindparam("hash"))
)
_HEAD = sa.select(_HEADS.c.seq, _HEADS.c.hash).where(_HEADS.c.id == 1).with_for_update()


def append(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    action: str,
    outcome: str = "ok",
    entity_type: str = "",
    entity_id: UUID | None = None,
    patient_id: UUID | None = None,
    reason: str = "",
) -> None:
    """Add one row, as the last write of a transaction: the head is locked until it commits."""
    seq, prev_hash = session.execute(_HEAD).one_or_none() or (0, _GENESIS)
    row = {
        "seq": seq + 1,
        "recorded_at": now,
        "action": action,
        "outcome": outcome,
        "role": actor.role.value if actor.role else "stranger",
        "user_id": actor.user_id,
        "actor_name": actor.name if actor.user_id is None else "",
        "session_id": actor.session_id,
        "entity_type": entity_type,
        "entity_id": entity_id,
        "patient_id": patient_id,
        "reason": reason[:200],
        "prev_hash": prev_hash,
    }
    row["hash"] = _digest(row)
    session.execute(_ADD, row)
    head = {"seq": row["seq"], "hash": row["hash"]}
    if seq == 0:
        session.execute(sa.insert(_HEADS), {"id": 1, **head})
    else:
        session.execute(_MOVE_HEAD, head)


def _digest(row: dict[str, object]) -> str:
    text = {
        k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items() if k != "hash"
    }
    return hashlib.sha256(json.dumps(text, sort_keys=True, default=str).encode()).hexdigest()


def chain_faults(session: Session) -> list[str]:
    """Walk the chain and name every gap, changed row and missing tail; [] when well (I10)."""
    faults: list[str] = []
    seq, prev_hash = 0, _GENESIS
    rows = session.execute(
        sa.select(_EVENTS).order_by(_EVENTS.c.seq).execution_options(yield_per=1000)
    )
    for row in rows.mappings():
        if row["seq"] != seq + 1:
            faults.append(f"audit rows {seq + 1}..{row['seq'] - 1} are missing")
        elif row["prev_hash"] != prev_hash or row["hash"] != _digest(dict(row)):
            faults.append(f"audit row {row['seq']} was changed")
        seq, prev_hash = row["seq"], row["hash"]
    head = session.execute(_HEAD).one_or_none()
    if head is None and seq:
        faults.append(f"the audit log ends at {seq}, but what says where it should end is gone")
    elif head is not None and (head.seq, head.hash) != (seq, prev_hash):
        faults.append(f"the audit log ends at {seq}, but {head.seq} rows were written")
    return faults
