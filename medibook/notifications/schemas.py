"""The shapes that enter and leave the notifications room."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Channel(StrEnum):
    """The way by which a message travels."""

    EMAIL = "email"


class MessageState(StrEnum):
    """How far a message has come."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    RETRY = "retry"
    DEAD = "dead"


class NewMessage(BaseModel):
    """A message for one person, already in that person's language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact_id: UUID
    kind: str = Field(max_length=60)
    recipient_id: UUID | None
    to: str
    subject: str
    body: str = Field(repr=False)
    attachment_name: str = ""
    attachment: str = Field(default="", repr=False, description="a calendar file, as text")
    locale: str = "en"


class MailboxMessage(BaseModel):
    """A message as the demo's mailbox shows it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message_id: UUID
    to: str
    subject: str
    body: str
    attachment_name: str
    attachment: str = Field(default="", repr=False)
    kind: str
    state: str
    created_at: datetime


class Outgoing(BaseModel):
    """A claimed message on its way to a channel."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message_id: UUID
    kind: str
    to: str
    subject: str
    body: str = Field(repr=False)
    attachment_name: str
    attachment: str = Field(repr=False)
    attempts: int
    created_at: datetime
