"""What happens to conversations by SMS."""

from dataclasses import dataclass
from uuid import UUID

from medibook.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class ConversationFact(Fact):
    """Something was said, or done, in a conversation by SMS."""

    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class SmsHeard(ConversationFact):
    """A message came in."""


@dataclass(frozen=True, slots=True)
class SmsAnswered(ConversationFact):
    """The front desk has answered, or has put the conversation away."""
