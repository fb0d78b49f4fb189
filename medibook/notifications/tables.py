"""Messages, one row each, with how far they have come."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from medibook.kernel.db import Table, enum_column, instant
from medibook.notifications.schemas import Channel, MessageState


class Message(Table, table=True):
    """A promised message; the unique key makes that saying it twice sends it once."""

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("fact_id", "recipient_id", "channel", "kind"),
        sa.Index("ix_message_due", "state", "send_at"),
        # To an address without an account: a key with NULL in it would hold nobody back.
        sa.Index(
            "uq_message_without_account",
            "fact_id",
            "to",
            "channel",
            "kind",
            unique=True,
            sqlite_where=sa.text("recipient_id IS NULL"),
            postgresql_where=sa.text("recipient_id IS NULL"),
        ),
    )

    fact_id: UUID
    kind: str = Field(max_length=60)
    recipient_id: UUID | None = Field(
        default=None,
        foreign_key="user_account.id",
        index=True,
        description="none: a patient without an account, at the address that the clinic has",
    )
    channel: Channel = Field(sa_type=enum_column(Channel), nullable=False)
    to: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body: str
    attachment_name: str = Field(default="", max_length=80)
    attachment: str = Field(default="")
    locale: str = Field(max_length=8)
    state: MessageState = Field(
        default=MessageState.PLANNED, sa_type=enum_column(MessageState), nullable=False
    )
    send_at: datetime = instant()
    created_at: datetime = instant(index=True)
    attempts: int = 0
    problem: str = Field(default="", max_length=200)
