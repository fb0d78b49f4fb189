"""What happens to broadcasts."""

from dataclasses import dataclass
from uuid import UUID

from medibook.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class BroadcastWentOn(Fact):
    """Some more people were told, or it was stopped; for the pages that watch it."""

    broadcast_id: UUID
