"""What happens to messages."""

from dataclasses import dataclass
from uuid import UUID

from medibook.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class MessageCame(Fact):
    """A message lies in the demo's mailbox; for the open page that shows it."""

    recipient_id: UUID | None


@dataclass(frozen=True, slots=True)
class DevicesChanged(Fact):
    """What is known of somebody's devices has changed; for their open page that shows them."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class MessageDied(Fact):
    """A message will not be sent any more: its provider refuses it, or has not taken it in time."""

    message_id: UUID
    channel: str
