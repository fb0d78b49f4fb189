"""The shapes that enter and leave the directory."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from medibook.clinic.schemas import LocationCard, ServiceCard, SpecialtyCard
from medibook.scheduling.schemas import BookingMode, FreeTime


class When(StrEnum):
    """How soon somebody wants to be seen."""

    ANY = "any"
    TODAY = "today"
    THIS_WEEK = "week"
    DAYS = "days"  # from one day until another, both included


class PartOfDay(StrEnum):
    """When on a day, on the location's wall."""

    MORNING = "morning"  # until 12:00
    AFTERNOON = "afternoon"  # until 17:00
    EVENING = "evening"


class Sort(StrEnum):
    """What comes first."""

    SOONEST = "soonest"
    NEAREST = "nearest"
    FEE = "fee"
    RATING = "rating"


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class SearchWish(_Shape):
    """Whom somebody is looking for; everything empty means everybody."""

    specialty: str = Field(default="", max_length=40, description="a specialty's code")
    text: str = Field(default="", max_length=80, description="a name or a plain word")
    city: str = Field(default="", max_length=80)
    near: str = Field(default="", max_length=40, description="a postcode or a city")
    within: int = Field(default=0, ge=0, le=1000, description="kilometres; 0 is any distance")
    language: str = Field(default="", max_length=8, description="BCP 47")
    fee: int | None = Field(default=None, ge=0, le=100_000, description="at most, in whole units")
    video: bool = False
    accepts_new: bool = False
    rating: int = Field(default=0, ge=0, le=5, description="at least so many stars")
    when: When = When.ANY
    from_day: date | None = None
    to_day: date | None = None
    parts: tuple[PartOfDay, ...] = Field(default=(), max_length=3)
    sort: Sort = Sort.SOONEST
    after: str = Field(default="", max_length=60, description="where the page before has ended")
    page: int = Field(default=1, ge=1, le=1000)

    @field_validator("*", mode="before")
    @classmethod
    def _that_a_database_takes(cls, value: object) -> object:
        # An address may hold NUL, and PostgreSQL refuses it even in a question.
        return value.replace("\0", "") if isinstance(value, str) else value


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
    accepts_new: bool = True
    has_video: bool = False
    kilometres: float | None = Field(default=None, description="to the nearest of the locations")
    rating: int = Field(default=0, description="hundredths of a star; 0 while there is none")
    reviews: int = 0


class SearchPage(_Shape):
    """One page of results.

    ``found`` goes by the stored bounds: of those who might have time in a window some may not.
    ``is_proven``: nobody who was not looked at could stand on this page.
    """

    cards: tuple[ResultCard, ...]
    found: int
    page: int
    is_exact: bool = True
    is_proven: bool = True
    next: str = Field(default="", description="after which the next page begins; empty on the last")
    meant: str = Field(default="", description="what was looked for instead of what was typed")
    place_unknown: bool = False
    wider: tuple[str, ...] = Field(
        default=(), description="which filters, if dropped, would find somebody: when, city, …"
    )


class Facets(_Shape):
    """How many each choice of a filter would leave, if the others stay as they are."""

    specialties: dict[str, int]
    cities: dict[str, int]
    languages: dict[str, int]
    fees: dict[int, int] = Field(description="at most so much, in whole units")
    whens: dict[When, int]
    video: int
    accepts_new: int
    within: dict[int, int] = Field(default_factory=dict, description="kilometres")
    has_points: bool = Field(default=False, description="distances are known to some place")


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
