"""The shapes that enter and leave the directory."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from medibook.clinic.schemas import LocationCard, ServiceCard, SpecialtyCard
from medibook.scheduling.schemas import BookingMode, FreeTime


class When(StrEnum):
    """How soon somebody wants to be seen."""

    ANY = "any"
    TODAY = "today"
    THIS_WEEK = "week"


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class SearchWish(_Shape):
    """Whom somebody is looking for; everything empty means everybody."""

    specialty: str = Field(default="", max_length=40, description="a specialty's code")
    text: str = Field(default="", max_length=80, description="a name or a plain word")
    city: str = Field(default="", max_length=80)
    language: str = Field(default="", max_length=8, description="BCP 47")
    when: When = When.ANY
    page: int = Field(default=1, ge=1, le=1000)


class ResultCard(_Shape):
    """A practitioner as a search result, with the next free times of their first service."""

    practitioner_id: UUID
    slug: str
    name: str
    specialties: tuple[SpecialtyCard, ...]
    locations: tuple[LocationCard, ...]
    languages: tuple[str, ...]
    picture_id: UUID | None
    service: ServiceCard
    next_times: tuple[FreeTime, ...]
    more_times: bool = Field(description="there are more in the days that were looked at")


class SearchPage(_Shape):
    """One page of results, soonest first."""

    cards: tuple[ResultCard, ...]
    found: int
    page: int
    pages: int
    wider: tuple[str, ...] = Field(
        default=(), description="which filters, if dropped, would find somebody: when, city, …"
    )


class Filters(_Shape):
    """What can be chosen from."""

    specialties: tuple[SpecialtyCard, ...]
    cities: tuple[str, ...]
    languages: tuple[str, ...]


class PublicProfile(_Shape):
    """All that the public may know about a practitioner."""

    practitioner_id: UUID
    slug: str
    name: str
    specialties: tuple[SpecialtyCard, ...]
    locations: tuple[LocationCard, ...]
    languages: tuple[str, ...]
    qualifications: str
    years_of_experience: int
    biography: str
    picture_id: UUID | None
    services: tuple[ServiceCard, ...]
    booking_mode: BookingMode
    approved_on: date | None
    cancel_cutoff_hours: int
    horizon_days: int
