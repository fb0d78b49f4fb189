"""What happens to messages."""

from dataclasses import dataclass
from uuid import UUID

from medibook.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class MessageCame(Fact):
    """A message lies in the demo's mailbox; for the open page that shows it."""

    recipient_id: UUID | None
