"""What the front desk sees and says."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from medibook.appointments.schemas import DayRow
from medibook.clinic.schemas import LocationCard
from medibook.scheduling.schemas import Workday


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class DeskColumn(_Shape):
    """One practitioner's day as the front desk sees it; who cannot be booked shows visits alone."""

    practitioner_id: UUID
    practitioner_name: str
    practitioner_slug: str
    zone: str
    is_bookable: bool
    visits: tuple[DayRow, ...]
    workday: Workday


class ClinicDay(_Shape):
    """The clinic's day at one place, or at all of them: a column for each practitioner, by name."""

    day: date
    today: date
    location_id: UUID | None
    places: tuple[LocationCard, ...]
    columns: tuple[DeskColumn, ...]


class WaitingRow(_Shape):
    """Somebody who is here: their visit, and since when they have been waiting."""

    row: DayRow
    since: datetime


class Arrivals(_Shape):
    """Who is here and who is due today, at one place or at all of them; soonest first."""

    places: tuple[LocationCard, ...]
    waiting: tuple[WaitingRow, ...]
    due: tuple[DayRow, ...]
