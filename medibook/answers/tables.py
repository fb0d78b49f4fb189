"""Conversations by SMS, one per number: what was said, what we have asked, and whether people must look."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from medibook.kernel.db import Table, instant


class SmsConversation(Table, table=True):
    """A telephone number that has answered us; whose it is, is asked anew each time.

    ``asked`` are the visits among which we have asked it to choose, in that order, each with the start
    that was told; separated by blanks.
    """

    __tablename__ = "sms_conversation"

    number: str = Field(max_length=16, unique=True, description="E.164")
    asked: str = Field(default="", max_length=1000)
    asked_action: str = Field(default="", max_length=12)
    asked_at: datetime | None = instant(nullable=True)
    waits_since: datetime | None = instant(nullable=True, index=True)
    done_at: datetime | None = instant(nullable=True)
    done_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    created_at: datetime = instant()
    version: int = 1


class SmsLine(Table, table=True):
    """One message of a conversation, from the number or to it; never changed."""

    __tablename__ = "sms_line"
    __table_args__ = (sa.Index("ix_sms_line_conversation_id_place", "conversation_id", "place"),)

    conversation_id: UUID = Field(foreign_key="sms_conversation.id")
    is_ours: bool
    text: str = Field(max_length=1000)
    at: datetime = instant()
    place: int = Field(description="its place in the conversation: two may come in one instant")
    provider_id: str | None = Field(
        default=None, max_length=120, unique=True, description="the same id twice is one message"
    )
    by_user_id: UUID | None = Field(
        default=None, foreign_key="user_account.id", description="of ours: who wrote it; none: we"
    )
