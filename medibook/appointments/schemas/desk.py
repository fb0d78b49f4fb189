"""What the front desk sees and says."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from medibook.appointments.schemas import AppointmentCard, DayRow, VisitOnSheet
from medibook.clinic.schemas import LocationCard, RoomCard, ServiceCard
from medibook.scheduling.schemas import FreeTime, Obstacle, SlotWish, Workday


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class DeskColumn(_Shape):
    """One practitioner's day as the front desk sees it; who cannot be booked shows visits alone."""

    practitioner_id: UUID
    practitioner_name: str
    zone: str
    is_bookable: bool
    visits: tuple[VisitOnSheet, ...]
    workday: Workday


class ClinicDay(_Shape):
    """The clinic's day at one place, or at all of them: a column for each practitioner, by name.

    ``columns`` are those that were asked for, of ``practitioners`` in all; ``visits`` counts everybody's.
    """

    day: date
    today: date
    location_id: UUID | None
    places: tuple[LocationCard, ...]
    practitioners: int
    visits: int
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


class DeskBooking(_Shape):
    """A visit that the front desk books for somebody who calls or stands there.

    With an ``overbook_reason`` it is booked although the time is taken, the day full or the doctor
    away; the reason stays in the history of the visit. Without a ``room_id`` the room is picked.
    """

    patient_id: UUID
    wish: SlotWish
    booking_key: str = Field(max_length=64, description="the same key books at most once (I5)")
    reason: str = Field(default="", max_length=500)
    overbook_reason: str = Field(default="", max_length=300)
    room_id: UUID | None = None


class WalkIn(_Shape):
    """Somebody who is here without a visit: the first free time of this practitioner is theirs.

    With an ``overbook_reason`` it is the present time, whatever stands there.
    """

    patient_id: UUID
    practitioner_id: UUID
    service_id: UUID
    booking_key: str = Field(max_length=64, description="the same key books at most once (I5)")
    overbook_reason: str = Field(default="", max_length=300)


class DeskChoice(_Shape):
    """A practitioner whom the front desk can book, with what they offer, the usual visit first."""

    practitioner_id: UUID
    practitioner_name: str
    services: tuple[ServiceCard, ...]

    def service(self, key: str) -> ServiceCard | None:
        """The visit type of this id, if they offer it; without an id the usual one."""
        return next((s for s in self.services if key in ("", str(s.service_id))), None)


class FirstTime(_Shape):
    """The first time that somebody can have with a practitioner."""

    practitioner_name: str
    service: ServiceCard
    free: FreeTime


class DeskCheck(_Shape):
    """A time that the front desk is about to give away: what it is, and what it clashes with.

    ``against`` are the reasons in the clinic's words; empty when the time can simply be booked.
    """

    practitioner_name: str
    service: ServiceCard
    services: tuple[ServiceCard, ...]
    place: LocationCard
    starts_at: datetime
    ends_at: datetime
    rooms: tuple[RoomCard, ...] = ()
    against: tuple[Obstacle, ...] = ()
    clashes: tuple[AppointmentCard, ...] = ()
