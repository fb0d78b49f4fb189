"""What a clinic has said about itself. Whoever keeps something that follows from it, looks again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from medibook.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class PlaceChanged(Fact):
    """A location was added, changed, retired or brought back."""

    location_id: UUID


@dataclass(frozen=True, slots=True)
class LocationClosed(Fact):
    """A location is closed on further days; visits that are booked then stay, and are listed."""

    location_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class LocationOpened(Fact):
    """A closure was taken back: there may be free times sooner than was thought."""

    location_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class RoomsChanged(Fact):
    """The rooms of a location, or when they can be used, are different from now on."""

    location_id: UUID


@dataclass(frozen=True, slots=True)
class PoolsChanged(Fact):
    """A pool of rooms or equipment came or went."""

    pool_id: UUID


@dataclass(frozen=True, slots=True)
class VisitTypeChanged(Fact):
    """A visit type was added, changed, retired or brought back."""

    service_id: UUID


@dataclass(frozen=True, slots=True)
class OfferChanged(Fact):
    """A practitioner offers a visit type, offers it otherwise, or no longer."""

    practitioner_id: UUID
    service_id: UUID


@dataclass(frozen=True, slots=True)
class SpecialtyChanged(Fact):
    """A specialty was added, changed, retired or brought back."""

    specialty_id: UUID


@dataclass(frozen=True, slots=True)
class RulesChanged(Fact):
    """The clinic's rules for booking are different from now on."""

    version: int
