"""The shapes that enter and leave the clinic room."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from medibook.kernel.intervals import Interval
from medibook.kernel.money import Money


class PoolKind(StrEnum):
    """What a pool holds."""

    ROOM = "room"
    EQUIPMENT = "equipment"


class VisitKind(StrEnum):
    """For whom a visit type is."""

    ANY = "any"
    FIRST = "first"
    FOLLOW_UP = "follow-up"


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class SpecialtyCard(_Shape):
    """A specialty; ``name`` is English and a msgid of the catalogue."""

    specialty_id: UUID
    code: str
    name: str
    synonyms: tuple[str, ...] = ()


class LocationCard(_Shape):
    """A place where people are seen."""

    location_id: UUID
    name: str
    address: str
    city: str
    postcode: str
    country: str
    zone: str
    phone: str
    latitude: float | None = None
    longitude: float | None = None
    is_retired: bool = False

    @property
    def street_and_town(self) -> str:
        """The address as somebody needs it who wants to go there."""
        return ", ".join(
            part for part in (self.address, f"{self.postcode} {self.city}".strip()) if part
        )


class RoomCard(_Shape):
    """A room, or a piece of equipment, at a location; one of its pool, if it is in any."""

    room_id: UUID
    location_id: UUID
    name: str
    pool_id: UUID | None = None


class Closed(_Shape):
    """A time in which a location is closed to everybody; ``name`` says why: a holiday, mostly."""

    time: Interval
    name: str


class VisitType(_Shape):
    """A visit type of the clinic; ``name`` is English and a msgid of the catalogue."""

    service_id: UUID
    name: str
    length: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    pool_id: UUID | None = None
    is_video: bool = False
    visit_kind: VisitKind = VisitKind.ANY
    is_retired: bool = False

    @property
    def needs_room(self) -> bool:
        """Whether a room, or a piece of equipment, of its pool has to be free as well."""
        return self.pool_id is not None


class ServiceCard(VisitType):
    """A visit type as one practitioner offers it: at these locations, or wherever they work."""

    fee: Money
    location_ids: frozenset[UUID] | None = None


class ClinicPolicy(_Shape):
    """The rules for booking, of the clinic or for one visit type.

    ``daily_limit`` counts the visits of a practitioner on a day, ``patient_daily_limit`` those of a
    patient; None is no limit.
    """

    minimum_notice: timedelta
    horizon: timedelta
    cancel_cutoff: timedelta
    late_cancel_allowed: bool
    daily_limit: int | None
    open_per_patient: int
    request_lapses: timedelta
    hold: timedelta
    grid: timedelta
    patient_daily_limit: int | None = None
