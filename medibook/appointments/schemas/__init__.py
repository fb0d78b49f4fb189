"""The shapes that enter and leave the appointments room."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from medibook.clinic.schemas import LocationCard, ServiceCard
from medibook.kernel.money import Money
from medibook.people.schemas import PractitionerProfile
from medibook.scheduling.schemas import HeldSlot, Obstacle, TimeOffRow


class AppointmentStatus(StrEnum):
    """FHIR R4's appointment status; https://hl7.org/fhir/R4/valueset-appointmentstatus.html."""

    PROPOSED = "proposed"
    PENDING = "pending"
    BOOKED = "booked"
    ARRIVED = "arrived"
    CHECKED_IN = "checked-in"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"
    ENTERED_IN_ERROR = "entered-in-error"
    WAITLIST = "waitlist"


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class AppointmentTerms(_Shape):
    """What the patient agrees to: said before the click, frozen with the booking."""

    by_request: bool
    fee: Money
    cancel_until: datetime = Field(description="UTC; until then cancelling and moving is free")
    late_cancel_allowed: bool


class NewAppointment(_Shape):
    """A booking as the patient confirms it; the time is the held one, never the browser's."""

    hold_id: UUID
    reason: str = Field(default="", max_length=500)
    booking_key: str = Field(max_length=64, description="the same key books at most once (I5)")
    agreed: AppointmentTerms | None = Field(default=None, description="as read; None: on no page")


class TimeOffer(_Shape):
    """A time that the practitioner offers instead of the one that was asked for; kept until it expires."""

    offer_id: UUID
    starts_at: datetime
    ends_at: datetime
    zone: str
    location_id: UUID
    location_name: str
    expires_at: datetime


class AppointmentCard(_Shape):
    """A visit as its patient, its practitioner and the clinic's lists see it."""

    appointment_id: UUID
    reference: str
    status: AppointmentStatus
    patient_id: UUID
    patient_name: str
    practitioner_id: UUID
    practitioner_name: str
    practitioner_slug: str
    service_id: UUID
    service_name: str
    location_id: UUID
    location_name: str
    location_address: str
    is_video: bool
    starts_at: datetime
    ends_at: datetime
    zone: str
    fee: Money
    cancel_until: datetime
    late_cancel_allowed: bool
    reason: str = ""
    cancelled_by_patient: bool | None = None
    cancel_reason: str = ""
    lapses_at: datetime | None = None
    confirmed_at: datetime | None = Field(default=None, description="the patient will come")
    asked_for: datetime | None = Field(default=None, description="before other times were offered")
    offers: tuple[TimeOffer, ...] = Field(default=(), description="that can be taken now")
    offer_note: str = ""
    version: int = 1


class Visits(_Shape):
    """A patient's visits: what is to come, soonest first; what is over or cancelled, latest first."""

    upcoming: tuple[AppointmentCard, ...]
    past: tuple[AppointmentCard, ...]


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """A visit that somebody has before them, as far as it matters to whom else a time is offered."""

    appointment_id: UUID
    practitioner_id: UUID
    service_id: UUID
    series_id: UUID | None
    starts_at: datetime
    zone: str
    booked_at: datetime


class DayRow(_Shape):
    """A line of the practitioner's day: the visit, and how to reach the patient."""

    visit: AppointmentCard
    patient_phone: str
    patient_email: str
    patient_birth_date: str
    next_steps: tuple[AppointmentStatus, ...]


class ClosedVisit(_Shape):
    """A visit that is booked while its location is closed; ``closed_for`` is "" when it is retired."""

    row: DayRow
    closed_for: str


class OfferedTime(_Shape):
    """A time somebody may be about to book, described before anything is held."""

    practitioner_id: UUID
    practitioner_name: str
    practitioner_slug: str
    service_id: UUID
    service_name: str
    location_name: str
    location_address: str
    is_video: bool
    starts_at: datetime
    ends_at: datetime
    zone: str
    terms: AppointmentTerms


class CheckPage(_Shape):
    """A held time with all that is said before the click; ``held.expires_at`` may have passed."""

    held: HeldSlot
    practitioner: PractitionerProfile
    service: ServiceCard
    location: LocationCard
    terms: AppointmentTerms


class DayPlan(_Shape):
    """A practitioner's day, on the wall of the place where they work that day."""

    day: date
    today: date
    rows: tuple[DayRow, ...]


@dataclass(frozen=True, slots=True)
class VisitOnSheet:
    """A visit as a calendar and the front desk's day draw it: who comes, for what, and when.

    How to reach the patient, what it costs and what can be done is told when somebody opens it.
    """

    appointment_id: UUID
    practitioner_id: UUID
    status: AppointmentStatus
    patient_name: str
    service_name: str
    is_video: bool
    starts_at: datetime
    ends_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class CalendarVisit:
    """A visit in a calendar; the practitioner's time is taken from ``busy_from``, with the buffers.

    ``may_move`` and ``may_stretch`` say whether somebody may drag it, or its end.
    """

    visit: VisitOnSheet
    busy_from: datetime
    busy_until: datetime
    may_move: bool
    may_stretch: bool


class Stretch(_Shape):
    """A part of a calendar: half-open, UTC; a closure has a name."""

    starts_at: datetime
    ends_at: datetime
    name: str = ""


class CalendarPage(_Shape):
    """Some days of a practitioner's calendar, on the wall of ``zone``; ``last`` is the last day shown."""

    practitioner_id: UUID
    zone: str
    today: date
    first: date
    last: date
    has_hours: bool
    visits: tuple[CalendarVisit, ...]
    held: tuple[Stretch, ...]
    away: tuple[TimeOffRow, ...]
    open: tuple[Stretch, ...]
    closed: tuple[Stretch, ...]


class Proposal(_Shape):
    """Another time for a visit, judged before anything is changed.

    ``against`` is all that stands against it. When nothing but opening hours and the practitioner's
    own absence does, ``is_outside_hours`` says that it can be had all the same, if they mean it.
    """

    visit: AppointmentCard
    starts_at: datetime
    ends_at: datetime
    can_be_told: bool
    against: tuple[Obstacle, ...] = ()
    is_outside_hours: bool = False

    @property
    def is_possible(self) -> bool:
        """Whether the visit can be there at all."""
        return not self.against or self.is_outside_hours


class Standing(BaseModel):
    """How a visit stands: what a reminder of it is reckoned by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    appointment_id: UUID
    patient_id: UUID
    service_id: UUID
    status: AppointmentStatus
    starts_at: datetime
    zone: str
    version: int
