"""What happens on the waiting list."""

from dataclasses import dataclass
from uuid import UUID

from medibook.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class WaitlistFact(Fact):
    """Something happened to somebody's place in the list."""

    entry_id: UUID
    patient_id: UUID


@dataclass(frozen=True, slots=True)
class WaitlistJoined(WaitlistFact):
    """Somebody waits from now on."""


@dataclass(frozen=True, slots=True)
class WaitlistLeft(WaitlistFact):
    """Somebody waits no longer: they left, were taken off, or their last day has passed."""


@dataclass(frozen=True, slots=True)
class WaitlistReordered(WaitlistFact):
    """The front desk has given somebody another priority."""


@dataclass(frozen=True, slots=True)
class WaitlistOffered(WaitlistFact):
    """A freed time is kept for somebody who waits, and they are asked."""

    offer_id: UUID
    practitioner_id: UUID


@dataclass(frozen=True, slots=True)
class WaitlistOfferClosed(WaitlistFact):
    """An offer is answered, has run out, or was taken back; ``state`` says which."""

    offer_id: UUID
    practitioner_id: UUID
    state: str
