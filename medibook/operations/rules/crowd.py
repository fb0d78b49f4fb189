"""A clinic of any size with calendars half full: what the benchmarks search, show and book in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from medibook.appointments.events import AppointmentBooked
from medibook.appointments.schemas import AppointmentStatus
from medibook.kernel.actor import Role
from medibook.kernel.intervals import Interval
from medibook.operations.rules.chance import named_id, named_reference
from medibook.operations.rules.places import FIRST_VISIT, FOLLOW_UP, PLACES, SERVICES, SPECIALTIES
from medibook.operations.rules.seeds import (
    AccountSeed,
    ClinicSeed,
    PatientSeed,
    PolicySeed,
    PractitionerSeed,
    StepSeed,
    VisitSeed,
)
from medibook.operations.rules.staff import weekly
from medibook.people.schemas import ApprovalStatus
from medibook.scheduling.schemas import BookingMode

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENTS_EACH = 5
_WEEK: dict[int, tuple[tuple[time, time], ...]] = dict.fromkeys(
    range(5), ((time(8), time(13)), (time(14), time(19)))
)
# On the wall; a visit of twenty minutes at each leaves the day in pieces, the hardest case.
_TAKEN_AT = (time(8, 20), time(9, 40), time(11), time(14, 20), time(16), time(17, 40))
_DAYS_AHEAD = 28


def crowd(number: int, now: datetime, *, visits: bool = True) -> ClinicSeed:
    """So many practitioners over all places and specialties, each with some 120 visits in four weeks."""
    busy = number if visits else 0
    admin = AccountSeed(
        id=named_id("crowd", "admin"), email="admin@crowd.example", name="Admin", role=Role.ADMIN
    )
    practitioners = tuple(_practitioner(n) for n in range(number))
    patients = tuple(
        _patient(n * PATIENTS_EACH + k, practitioners[n])
        for n in range(number)
        for k in range(PATIENTS_EACH)
    )
    return ClinicSeed(
        opened_at=now - timedelta(days=100), places=PLACES, specialties=SPECIALTIES, services=SERVICES,
        accounts=(admin,), practitioners=practitioners, patients=patients,
        visits=tuple(v for n in range(busy) for v in _visits(n, practitioners[n], patients, now)),
        policy=PolicySeed(open_per_patient=1_000_000, late_cancel="allowed", minimum_notice_minutes=0),
    )  # fmt: skip


def _practitioner(number: int) -> PractitionerSeed:
    place = PLACES[number % len(PLACES)]
    name = f"Dr Crowd Number{number:05}"
    account = AccountSeed(
        id=named_id("crowd", "account", number), email=f"practitioner{number}@crowd.example", name=name,
        role=Role.PRACTITIONER,
    )  # fmt: skip
    return PractitionerSeed(
        id=named_id("crowd", "practitioner", number), account=account, slug=f"crowd-{number}", name=name,
        phone=place.phone, specialties=(SPECIALTIES[number % len(SPECIALTIES)],), qualifications="",
        licence_number=f"C{number}", years_of_experience=number % 40, languages="en", biography="",
        place=place, status=ApprovalStatus.APPROVED, booking_mode=BookingMode.INSTANT,
        offers=((FOLLOW_UP, 3000), (FIRST_VISIT, 5000)), hours=weekly(place, _WEEK),
    )  # fmt: skip


def _patient(number: int, practitioner: PractitionerSeed) -> PatientSeed:
    account = AccountSeed(
        id=named_id("crowd", "patient account", number), email=f"patient{number}@crowd.example",
        name=f"Patient {number}", role=Role.PATIENT,
    )  # fmt: skip
    return PatientSeed(
        id=named_id("crowd", "patient", number), account=account, phone=practitioner.place.phone,
        address="Somewhere 1", birth_date=date(1980, 1, 1), place=practitioner.place,
    )  # fmt: skip


def _visits(
    number: int, practitioner: PractitionerSeed, patients: tuple[PatientSeed, ...], now: datetime
) -> Iterator[VisitSeed]:
    zone = ZoneInfo(practitioner.place.zone)
    today = now.astimezone(zone).date()
    for ahead in range(1, _DAYS_AHEAD + 1):
        day = today + timedelta(days=ahead)
        for index, reading in enumerate(_TAKEN_AT if day.weekday() in _WEEK else ()):
            start = datetime.combine(day, reading, tzinfo=zone).astimezone(UTC)
            patient = patients[number * PATIENTS_EACH + index % PATIENTS_EACH]
            step = StepSeed(
                at=now - timedelta(days=1), fact=AppointmentBooked, to_status=AppointmentStatus.BOOKED,
                by_user_id=patient.account.id, by_role="patient",
            )  # fmt: skip
            yield VisitSeed(
                id=named_id("crowd", "visit", number, ahead, index),
                reference=named_reference("crowd", number, ahead, index), patient=patient,
                practitioner=practitioner, service=FOLLOW_UP, fee_minor=3000, room_id=None,
                time=Interval(start, start + timedelta(minutes=20)), reason="", steps=(step,),
            )  # fmt: skip
