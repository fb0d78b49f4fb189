"""What a practitioner offers, at which fee."""

from uuid import UUID

from medibook.clinic import access
from medibook.clinic.events import OfferChanged
from medibook.clinic.rules import (
    FIRST_MINUTES,
    FIRST_SERVICE,
    LastService,
    ServiceNotOffered,
    problems_of_offer,
)
from medibook.clinic.schemas import ServiceCard, VisitType
from medibook.clinic.service.reading import services_of
from medibook.kernel.actor import practitioner, system_only
from medibook.kernel.errors import Forbidden, Invalid
from medibook.kernel.money import Money
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.people import service as people
from medibook.people.events import PractitionerApproved
from medibook.people.rules.fields import one_line


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
    is_new, name = service_id is None, one_line(name)
    problems = problems_of_offer(
        name=name if is_new else None,
        minutes=minutes if is_new else None,
        fee_minor=fee_minor,
        fee_currency=fee_currency,
    )
    if problems:
        raise Invalid(problems)
    if service_id is None:
        service_id = access.add_visit_type(uow, name=name, minutes=minutes)
    elif service_id not in {known.service_id for known in access.visit_types(uow)}:
        raise ServiceNotOffered
    access.put_offer(
        uow,
        practitioner_id=_own_id(uow),
        service_id=service_id,
        fee=Money(fee_minor, fee_currency),
    )
    uow.audit("service", service_id)
    uow.record(OfferChanged(_own_id(uow), service_id))
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
    uow.record(OfferChanged(_own_id(uow), service_id))
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
