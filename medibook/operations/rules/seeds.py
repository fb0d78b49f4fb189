"""A clinic as plain values, before it has rows: what the demo, the proof and the benchmarks are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from medibook.appointments.events import AppointmentFact
from medibook.appointments.rules import ACTIVE, wall_start
from medibook.appointments.schemas import AppointmentStatus
from medibook.clinic.schemas import PoolKind
from medibook.kernel.actor import Role
from medibook.kernel.intervals import Interval
from medibook.kernel.words import N_
from medibook.operations.rules.chance import named_id
from medibook.people.schemas import ApprovalStatus
from medibook.scheduling.rules import WeeklyHours
from medibook.scheduling.schemas import BookingMode, TimeOffKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialtySeed:
    """A specialty with the plain words that people look for it with."""

    id: UUID
    code: str
    name: str
    synonyms: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSeed:
    """Rooms that do for each other."""

    id: UUID
    name: str
    kind: PoolKind = PoolKind.ROOM


# All the rooms of a made-up clinic do for each other.
ROOMS = PoolSeed(id=named_id("pool", "rooms"), name=N_("Rooms"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSeed:
    """A location with its rooms."""

    id: UUID
    name: str
    address: str
    city: str
    postcode: str
    country: str
    zone: str
    phone: str
    currency: str
    rooms: tuple[tuple[UUID, str], ...]
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSeed:
    """A visit type, in minutes."""

    id: UUID
    name: str
    minutes: int
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    pool_id: UUID | None = None
    is_video: bool = False

    @property
    def needs_room(self) -> bool:
        """Whether a room has to be free as well."""
        return self.pool_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSeed:
    """An account that signs in."""

    id: UUID
    email: str
    name: str
    role: Role
    locale: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientSeed:
    """A person who is treated; goes to one place."""

    id: UUID
    account: AccountSeed
    phone: str
    address: str
    birth_date: date
    place: PlaceSeed


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOffSeed:
    """A day off or a blocked time."""

    id: UUID
    kind: TimeOffKind
    time: Interval
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PractitionerSeed:
    """A person who treats: the claims, the decision about them, the week, and what they offer."""

    id: UUID
    account: AccountSeed
    slug: str
    name: str
    phone: str
    specialties: tuple[SpecialtySeed, ...]
    qualifications: str
    licence_number: str
    years_of_experience: int
    languages: str
    biography: str
    place: PlaceSeed
    status: ApprovalStatus
    booking_mode: BookingMode
    offers: tuple[tuple[ServiceSeed, int], ...] = ()
    hours: tuple[WeeklyHours, ...] = ()
    time_off: tuple[TimeOffSeed, ...] = ()
    applied_at: datetime | None = None  # when the clinic opened, unless it was later


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSeed:
    """A line of a visit's history, and the kind of fact that it was."""

    at: datetime
    fact: type[AppointmentFact]
    to_status: AppointmentStatus
    by_user_id: UUID | None
    by_role: str
    from_status: AppointmentStatus | None = None
    from_start: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSeed:
    """A visit with everything that happened to it, first step first."""

    id: UUID
    reference: str
    patient: PatientSeed
    practitioner: PractitionerSeed
    service: ServiceSeed
    fee_minor: int
    room_id: UUID | None
    time: Interval
    reason: str
    steps: tuple[StepSeed, ...]
    lapses_at: datetime | None = None

    @property
    def status(self) -> AppointmentStatus:
        """How far the visit has come."""
        return self.steps[-1].to_status

    @property
    def wall_start(self) -> str:
        """What the clock in the clinic says when it begins: ``2026-11-24T10:30``."""
        return wall_start(self.time.start, self.practitioner.place.zone)

    @property
    def is_active(self) -> bool:
        """Whether the visit is still to come or going on."""
        return self.status in ACTIVE

    @property
    def keeps_its_time(self) -> bool:
        """Whether nobody else may have been there then: it is active, or it took place."""
        return self.is_active or self.status is AppointmentStatus.FULFILLED

    @property
    def cancelled_by_patient(self) -> bool | None:
        """Who cancelled, or None when nobody did."""
        cancelled = self.status is AppointmentStatus.CANCELLED
        return self.steps[-1].by_role == "patient" if cancelled else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySeed:
    """Where a clinic's rules for booking differ from the usual ones."""

    minimum_notice_minutes: int = 120
    horizon_days: int = 60
    cancel_cutoff_hours: int = 24
    open_per_patient: int = 10
    grid_minutes: int = 10
    late_cancel: str = "ask-clinic"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicSeed:
    """A whole clinic."""

    opened_at: datetime
    places: tuple[PlaceSeed, ...]
    specialties: tuple[SpecialtySeed, ...]
    services: tuple[ServiceSeed, ...]
    accounts: tuple[AccountSeed, ...]
    practitioners: tuple[PractitionerSeed, ...]
    patients: tuple[PatientSeed, ...]
    visits: tuple[VisitSeed, ...] = ()
    policy: PolicySeed = field(default_factory=PolicySeed)
