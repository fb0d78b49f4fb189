"""What happens to time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from medibook.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class SlotHeld(Fact):
    """A time is kept for one person while they decide."""

    practitioner_id: UUID
    patient_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SlotFreed(Fact):
    """A time has become free: a visit was cancelled or moved, a hold was let go or ran out."""

    practitioner_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class HoursChanged(Fact):
    """A practitioner's opening hours, days off or blocked times have changed."""

    practitioner_id: UUID
