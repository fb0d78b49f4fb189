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
    )

    fact_id: UUID
    kind: str = Field(max_length=60)
    recipient_id: UUID = Field(foreign_key="user_account.id", index=True)
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
