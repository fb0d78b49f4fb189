"""What the front desk chooses from: whom, what, everybody's first time, and what a time clashes with."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import access
from medibook.appointments.rules import ACTIVE
from medibook.appointments.schemas import AppointmentCard
from medibook.appointments.schemas.desk import DeskCheck, DeskChoice, FirstTime
from medibook.appointments.service.cards import cards
from medibook.clinic import service as clinic
from medibook.clinic.schemas import LocationCard, ServiceCard
from medibook.kernel.actor import staff
from medibook.kernel.errors import NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query
from medibook.people import service as people
from medibook.people.schemas import PatientContact
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules import NotBookable
from medibook.scheduling.schemas import FreeTime, Obstacle, Reason, SlotWish

_SHOWN = 12
_LONGEST_VISIT = timedelta(hours=12)
# The clinic itself is not bound by these.
_NOT_FOR_THE_DESK = {Reason.TOO_SOON, Reason.TOO_FAR, Reason.OFF_GRID}


@query(allow=staff)
def choices_at_desk(uow: UnitOfWork, *, location_id: UUID | None = None) -> tuple[DeskChoice, ...]:
    """Everybody whom the front desk can book at a place, or anywhere, by name, with what they offer."""
    places = [p.location_id for p in clinic.locations(uow) if location_id in (None, p.location_id)]
    whose = scheduling.who_works_at(uow, places)
    profiles = people.practitioners(uow, people.bookable(uow, whose))
    offers = clinic.services_by_practitioner(uow, profiles)
    return tuple(
        DeskChoice(
            practitioner_id=profile.practitioner_id,
            practitioner_name=profile.name,
            services=offers[profile.practitioner_id],
        )
        for profile in sorted(profiles.values(), key=lambda p: (p.name, str(p.practitioner_id)))
        if profile.practitioner_id in offers
    )


@query(allow=staff)
def patient_at_desk(uow: UnitOfWork, *, patient_id: UUID) -> PatientContact:
    """Who it is that the front desk books for. Raises NotFound."""
    found = people.contacts(uow, [patient_id]).get(patient_id)
    if found is None:
        raise NotFound
    return found


@query(allow=staff)
def first_times(
    uow: UnitOfWork,
    *,
    patient_id: UUID,
    service_id: UUID | None = None,
    location_id: UUID | None = None,
    is_today: bool = False,
) -> tuple[FirstTime, ...]:
    """The first time that this patient could have with each practitioner, soonest first.

    For one visit type, or, without one, for what each of them usually does. ``is_today``: for who
    stands there, no other day will do.
    """
    choices = {c.practitioner_id: c for c in choices_at_desk(uow, location_id=location_id)}
    services = {
        whose: service
        for whose, choice in choices.items()
        if (service := _wanted(choice, service_id)) is not None
    }
    found = scheduling.soonest(uow, services, patient_id=patient_id)
    chosen = sorted(
        found.items(), key=lambda one: (one[1].starts_at, choices[one[0]].practitioner_name)
    )
    return tuple(
        FirstTime(
            practitioner_name=choices[whose].practitioner_name, service=services[whose], free=free
        )
        for whose, free in chosen
        if location_id in (None, free.location_id) and not (is_today and _is_later(uow, free))
    )[:_SHOWN]


def _is_later(uow: UnitOfWork, free: FreeTime) -> bool:
    zone = ZoneInfo(free.zone)
    return free.starts_at.astimezone(zone).date() > uow.now.astimezone(zone).date()


def _wanted(choice: DeskChoice, service_id: UUID | None) -> ServiceCard | None:
    if service_id is None:
        return choice.services[0]
    return next((s for s in choice.services if s.service_id == service_id), None)


@query(allow=staff)
def check_at_desk(uow: UnitOfWork, *, wish: SlotWish, patient_id: UUID) -> DeskCheck:
    """A time before it is given away: its visit type, place and rooms, and what stands against it.

    Raises:
        NotFound: no such patient, or a practitioner without a place. NotBookable, ServiceNotOffered.
    """
    if patient_id not in people.contacts(uow, [patient_id]):
        raise NotFound
    against = _against(scheduling.why_not(uow, wish=wish, patient_id=patient_id))
    services = clinic.services_of(uow, wish.practitioner_id)
    service = next(s for s in services if s.service_id == wish.service_id)
    places = clinic.locations_by_id(uow, [p.location_id for p in clinic.locations(uow)])
    place = _place(uow, wish, places)
    profile = people.practitioners(uow, [wish.practitioner_id]).get(wish.practitioner_id)
    if profile is None:
        raise NotBookable
    pools = [service.pool_id] if service.pool_id is not None else []
    return DeskCheck(
        practitioner_name=profile.name,
        service=service,
        services=services,
        place=place,
        starts_at=wish.starts_at,
        ends_at=wish.starts_at + service.length,
        rooms=clinic.rooms_in(uow, pools, [place.location_id]) if pools else (),
        against=against,
        clashes=_clashes(uow, wish, service, patient_id) if against else (),
    )


def _against(obstacles: tuple[Obstacle, ...]) -> tuple[Obstacle, ...]:
    return tuple(one for one in obstacles if one.reason not in _NOT_FOR_THE_DESK)


def _place(uow: UnitOfWork, wish: SlotWish, places: Mapping[UUID, LocationCard]) -> LocationCard:
    """Where the practitioner is at that time, or else usually."""
    found = scheduling.usual_place_of(uow, wish.practitioner_id, wish.starts_at)
    if found is None or found not in places:
        raise NotFound
    return places[found]


def _clashes(
    uow: UnitOfWork, wish: SlotWish, service: ServiceCard, patient_id: UUID
) -> tuple[AppointmentCard, ...]:
    """The visits that stand there already, the practitioner's and the patient's own."""
    wanted = Interval(
        wish.starts_at - service.buffer_before,
        wish.starts_at + service.length + service.buffer_after,
    )
    around = access.between(uow, wanted.start - _LONGEST_VISIT, wanted.end)
    return cards(
        uow,
        [
            visit
            for visit in around
            if visit.status in ACTIVE
            and (visit.practitioner_id == wish.practitioner_id or visit.patient_id == patient_id)
            and wanted.overlaps(Interval(visit.starts_at, visit.ends_at))
        ],
    )
