"""What happens to follow-ups."""

from dataclasses import dataclass
from uuid import UUID

from medibook.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class FollowUpFact(Fact):
    """Something happened to a follow-up."""

    follow_up_id: UUID
    practitioner_id: UUID
    patient_id: UUID


@dataclass(frozen=True, slots=True)
class FollowUpSet(FollowUpFact):
    """Somebody should come again, and will be asked to book on a date."""


@dataclass(frozen=True, slots=True)
class FollowUpEnded(FollowUpFact):
    """A follow-up is over, and nobody is asked: it was taken back, or a visit is booked."""


@dataclass(frozen=True, slots=True)
class FollowUpRestored(FollowUpFact):
    """A follow-up lives again: its end was taken back, or its visit has fallen away."""
