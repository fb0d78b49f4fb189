"""Broadcasts: one text to many people, told from rows a handful at a time."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from medibook.kernel.db import Table, enum_column, instant
from medibook.operations.schemas import Audience, BroadcastState


class Broadcast(Table, table=True):
    """What an admin tells many people, from when on, and how far it has come.

    ``told_until`` is the last reader who has been told, in the order of their ids: whoever goes on
    after a crash begins behind them.
    """

    __tablename__ = "broadcast"

    audience: Audience = Field(sa_type=enum_column(Audience), nullable=False)
    location_id: UUID | None = Field(default=None, foreign_key="location.id")
    state: BroadcastState = Field(sa_type=enum_column(BroadcastState), nullable=False, index=True)
    created_by: UUID = Field(foreign_key="user_account.id")
    created_at: datetime = instant()
    send_at: datetime = instant()
    counted: int = Field(description="how many people the admin has agreed to")
    told: int = 0
    told_until: UUID | None = None


class BroadcastText(SQLModel, table=True):
    """A broadcast in one language."""

    __tablename__ = "broadcast_text"

    broadcast_id: UUID = Field(foreign_key="broadcast.id", primary_key=True)
    locale: str = Field(max_length=8, primary_key=True)
    subject: str = Field(max_length=120)
    body: str = Field(max_length=4000)
