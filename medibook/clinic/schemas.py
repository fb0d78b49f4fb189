"""The shapes that enter and leave the clinic room."""

from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from medibook.kernel.money import Money


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

    @property
    def street_and_town(self) -> str:
        """The address as somebody needs it who wants to go there."""
        return ", ".join(
            part for part in (self.address, f"{self.postcode} {self.city}".strip()) if part
        )


class RoomCard(_Shape):
    """A room at a location."""

    room_id: UUID
    location_id: UUID
    name: str


class VisitType(_Shape):
    """A visit type of the clinic; ``name`` is English and a msgid of the catalogue."""

    service_id: UUID
    name: str
    length: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    needs_room: bool


class ServiceCard(VisitType):
    """A visit type as one practitioner offers it."""

    fee: Money


class ClinicPolicy(_Shape):
    """The clinic's rules for booking."""

    minimum_notice: timedelta
    horizon: timedelta
    cancel_cutoff: timedelta
    late_cancel_allowed: bool
    daily_limit: int | None
    open_per_patient: int
    request_lapses: timedelta
    hold: timedelta
    grid: timedelta
