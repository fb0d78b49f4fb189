"""What the clinic offers: to read for everybody, to change for the practitioner whose offer it is."""

from collections.abc import Collection
from uuid import UUID

from medibook.clinic import access
from medibook.clinic.rules import (
    FIRST_MINUTES,
    FIRST_SERVICE,
    LastService,
    ServiceNotOffered,
    problems_of_offer,
)
from medibook.clinic.schemas import (
    ClinicPolicy,
    LocationCard,
    RoomCard,
    ServiceCard,
    SpecialtyCard,
    VisitType,
)
from medibook.kernel.actor import anyone, practitioner, system_only
from medibook.kernel.errors import Forbidden, Invalid
from medibook.kernel.money import Money
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.people import service as people
from medibook.people.events import PractitionerApproved


@query(allow=anyone)
def specialties(uow: UnitOfWork) -> tuple[SpecialtyCard, ...]:
    """Every specialty of the clinic, by name."""
    return access.specialties(uow)


@query(allow=anyone)
def locations(uow: UnitOfWork) -> tuple[LocationCard, ...]:
    """Every place where people are seen, by name."""
    return access.locations(uow)


@query(allow=practitioner)
def my_services(uow: UnitOfWork) -> tuple[ServiceCard, ...]:
    """What the practitioner offers, the usual visit first."""
    return services_of(uow, _own_id(uow))


@query(allow=practitioner)
def all_services(uow: UnitOfWork) -> tuple[VisitType, ...]:
    """The clinic's visit types, to choose from."""
    return access.visit_types(uow)


@use_case(allow=practitioner)
def offer_service(
    uow: UnitOfWork,
    *,
    fee_minor: int,
    fee_currency: str,
    service_id: UUID | None = None,
    name: str = "",
    minutes: int = 0,
) -> tuple[ServiceCard, ...]:
    """Offer a visit type, one of the clinic's or a new one, at a fee; offering it again changes the fee.

    Raises:
        Invalid: field by field: name, minutes, fee.
        ServiceNotOffered: the clinic has no such visit type.
    """
    is_new = service_id is None
    problems = problems_of_offer(
        name=name.strip() if is_new else None,
        minutes=minutes if is_new else None,
        fee_minor=fee_minor,
        fee_currency=fee_currency,
    )
    if problems:
        raise Invalid(problems)
    if service_id is None:
        service_id = access.add_visit_type(uow, name=name.strip(), minutes=minutes)
    elif not access.visit_types(uow, only=[service_id]):
        raise ServiceNotOffered
    access.put_offer(
        uow,
        practitioner_id=_own_id(uow),
        service_id=service_id,
        fee=Money(fee_minor, fee_currency),
    )
    uow.audit("service", service_id)
    return services_of(uow, _own_id(uow))


@use_case(allow=practitioner)
def withdraw_service(uow: UnitOfWork, *, service_id: UUID) -> tuple[ServiceCard, ...]:
    """Offer a visit type no longer; what is booked stays booked. Raises LastService, ServiceNotOffered."""
    uow.lock(_own_id(uow))
    own = services_of(uow, _own_id(uow))
    if service_id not in {card.service_id for card in own}:
        raise ServiceNotOffered
    if len(own) == 1:
        raise LastService
    access.remove_offer(uow, practitioner_id=_own_id(uow), service_id=service_id)
    uow.audit("service", service_id)
    return tuple(card for card in own if card.service_id != service_id)


@use_case(allow=system_only)
def offer_first_service(uow: UnitOfWork, *, fact: PractitionerApproved) -> None:
    """Give a newly approved practitioner one visit type at the fee they named, so that they can be booked."""
    if services_of(uow, fact.practitioner_id):
        return
    profile = people.practitioners(uow, [fact.practitioner_id])[fact.practitioner_id]
    access.put_offer(
        uow,
        practitioner_id=fact.practitioner_id,
        service_id=access.add_visit_type(uow, name=FIRST_SERVICE, minutes=FIRST_MINUTES),
        fee=Money(profile.fee_minor, profile.fee_currency),
    )


def _own_id(uow: UnitOfWork) -> UUID:
    if uow.actor.practitioner_id is None:  # the guard lets nobody else in
        raise Forbidden
    return uow.actor.practitioner_id


# ── for the other rooms: no doors, they run inside somebody else's use case ─────────────────────


def policy(uow: UnitOfWork) -> ClinicPolicy:
    """The clinic's rules for booking."""
    return access.policy(uow)


def locations_by_id(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, LocationCard]:
    """These locations, to be found by id."""
    return {card.location_id: card for card in access.locations(uow, only=ids)}


def visit_types_by_id(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, VisitType]:
    """These visit types, to be found by id; also those that nobody offers any more."""
    return {card.service_id: card for card in access.visit_types(uow, only=ids)}


def services_of(uow: UnitOfWork, practitioner_id: UUID) -> tuple[ServiceCard, ...]:
    """What a practitioner offers, the usual visit first."""
    offers = access.offered(uow, practitioner_ids=[practitioner_id])
    return tuple(offers.get(practitioner_id, ()))


def services_by_practitioner(
    uow: UnitOfWork, practitioner_ids: Collection[UUID]
) -> dict[UUID, tuple[ServiceCard, ...]]:
    """What each of these practitioners offers, the usual visit first; who offers nothing is absent."""
    offers = access.offered(uow, practitioner_ids=practitioner_ids)
    return {practitioner_id: tuple(cards) for practitioner_id, cards in offers.items()}


def service_and_policy(
    uow: UnitOfWork, practitioner_id: UUID, service_id: UUID
) -> tuple[ServiceCard, ClinicPolicy]:
    """One visit type of a practitioner and the clinic's rules, in one look. Raises ServiceNotOffered."""
    found = access.offer_and_policy(uow, practitioner_id=practitioner_id, service_id=service_id)
    if found is None:
        raise ServiceNotOffered
    return found


def rooms_at(uow: UnitOfWork, location_ids: Collection[UUID]) -> tuple[RoomCard, ...]:
    """The rooms of these locations, in the order in which they are filled."""
    return access.rooms(uow, location_ids=location_ids)
