"""What one reads of one's own messages, and chooses about them."""

from datetime import datetime, time
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from medibook.notifications.schemas import Channel, Topic


class InboxMessage(BaseModel):
    """A message that stands in the app for its reader."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message_id: UUID
    kind: str
    subject: str
    body: str = Field(repr=False)
    created_at: datetime
    is_new: bool


class InboxPage(BaseModel):
    """A page of the inbox, the newest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    messages: tuple[InboxMessage, ...]
    has_more: bool


class MyNumber(BaseModel):
    """A patient's own number, as they see it.

    ``is_proven_since``: also since it has said STOP, if it has; then ticking SMS takes that back.
    ``is_awaited``: a code was sent there that can still be typed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    is_proven: bool
    has_stopped: bool
    is_proven_since: bool
    is_awaited: bool


class Choices(BaseModel):
    """What somebody wants to be told by letter and by telephone, and when that is to stay silent.

    ``wanted`` holds what is wanted of ``CHOSEN_TOPICS`` by e-mail and SMS, and on devices when it
    ``speaks_of_devices``; in the app stands everything.
    ``quiet_from`` and ``quiet_until``: on the wall of ``zone`` (IANA); equal means never silent, and
    without a zone the clinic's usual hours hold, where the visit is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    wanted: frozenset[tuple[Topic, Channel]]
    quiet_from: time
    quiet_until: time
    zone: str = Field(default="", max_length=40)
    speaks_of_devices: bool = False
