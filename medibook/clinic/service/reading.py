"""What the clinic is and offers: to read for everybody, and for the other rooms."""

from collections.abc import Collection, Mapping
from uuid import UUID

from medibook.clinic import access
from medibook.clinic.rules import ServiceNotOffered
from medibook.clinic.schemas import (
    ClinicPolicy,
    Closed,
    LocationCard,
    RoomCard,
    ServiceCard,
    SpecialtyCard,
    VisitType,
)
from medibook.kernel.actor import anyone
from medibook.kernel.errors import NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query


@query(allow=anyone)
def specialties(uow: UnitOfWork, *, also: Collection[UUID] = ()) -> tuple[SpecialtyCard, ...]:
    """Every specialty of the clinic that is in use, by name; and these, retired or not."""
    return access.specialties(uow, also=also)


@query(allow=anyone)
def locations(uow: UnitOfWork, *, also: Collection[UUID] = ()) -> tuple[LocationCard, ...]:
    """Every location where people are seen, by name; and these, retired or not."""
    return access.locations(uow, also=also)


@query(allow=anyone)
def house_zone(uow: UnitOfWork) -> str:
    """On whose wall the house as a whole is meant (IANA): that of most locations, in doubt the first."""
    zones = [place.zone for place in access.locations(uow)]
    return max(zones, key=zones.count, default="UTC")


# ── for the other rooms: no doors, they run inside somebody else's use case ─────────────────────


def policy(uow: UnitOfWork) -> ClinicPolicy:
    """The clinic's rules for booking, as they are where a visit type has none of its own."""
    return access.policy(uow)


def policy_for(uow: UnitOfWork, service_id: UUID) -> ClinicPolicy:
    """The rules for one visit type: its own where it has some, else the clinic's. Raises NotFound."""
    try:
        return access.policies_for(uow, service_ids=[service_id])[service_id]
    except KeyError:
        raise NotFound from None


def policies_for(uow: UnitOfWork, service_ids: Collection[UUID]) -> dict[UUID, ClinicPolicy]:
    """The rules for each of these visit types, in one look."""
    return access.policies_for(uow, service_ids=service_ids)


def specialties_by_id(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, SpecialtyCard]:
    """These specialties, to be found by id; also those that are retired."""
    return {card.specialty_id: card for card in access.specialties(uow, only=ids)}


def locations_by_id(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, LocationCard]:
    """These locations, to be found by id; also those that are retired."""
    return {card.location_id: card for card in access.locations(uow, only=ids)}


def every_location_id(uow: UnitOfWork) -> frozenset[UUID]:
    """Every location, the retired ones too."""
    return frozenset(place.location_id for place in access.locations(uow, retired=True))


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
    """One visit type of a practitioner and the rules for it, in one look. Raises ServiceNotOffered."""
    found = access.offer_and_policy(uow, practitioner_id=practitioner_id, service_id=service_id)
    if found is None:
        raise ServiceNotOffered
    return found


def services_and_policies(
    uow: UnitOfWork, service_by_practitioner: Mapping[UUID, UUID]
) -> dict[UUID, tuple[ServiceCard, ClinicPolicy]]:
    """One visit type of each of these practitioners and the rules for it, in one look.

    Whoever does not offer it any more is absent.
    """
    return access.offers_and_policies(uow, service_by_practitioner)


def who_offers(uow: UnitOfWork, service_id: UUID) -> tuple[UUID, ...]:
    """Everybody who offers a visit type, bookable or not, always in the same order."""
    return tuple(access.who_offers(uow, service_id))


def rooms_in(
    uow: UnitOfWork, pool_ids: Collection[UUID], location_ids: Collection[UUID]
) -> tuple[RoomCard, ...]:
    """What these pools have at these locations, in the order in which it is filled; nothing retired."""
    return access.rooms_in(uow, pool_ids=pool_ids, location_ids=location_ids)


def outages(
    uow: UnitOfWork, room_ids: Collection[UUID], window: Interval
) -> dict[UUID, tuple[Interval, ...]]:
    """When these rooms are out of order within the window; a room that never is, is absent."""
    return access.outages(uow, room_ids=room_ids, window=window)


def closures(
    uow: UnitOfWork, location_ids: Collection[UUID], window: Interval
) -> dict[UUID, tuple[Closed, ...]]:
    """When these locations are closed within the window: whole days on their walls, and retired ones.

    A location that is open all the while is absent.
    """
    return access.closures(uow, location_ids=location_ids, window=window)
