"""What happens to messages."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from medibook.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class MessageCame(Fact):
    """A message lies in the demo's mailbox; for the open page that shows it."""

    needs_effects: ClassVar[bool] = False

    recipient_id: UUID
