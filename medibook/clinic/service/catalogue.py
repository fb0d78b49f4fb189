"""The clinic's visit types: what they are, who offers them where, and where their rules differ."""

from collections.abc import Collection
from uuid import UUID

from medibook.clinic import access
from medibook.clinic.events import OfferChanged, VisitTypeChanged
from medibook.clinic.rules.booking import checked_visit_type
from medibook.clinic.rules.offers import problems_of_offer
from medibook.clinic.schemas import NewVisitType, VisitTypeSheet
from medibook.kernel.actor import admin, staff
from medibook.kernel.errors import Invalid, NotFound
from medibook.kernel.money import Money
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.kernel.words import N_
from medibook.people import service as people


@query(allow=admin | staff)
def visit_types(uow: UnitOfWork) -> tuple[VisitTypeSheet, ...]:
    """Every visit type, also the retired ones, by name."""
    return access.visit_type_sheets(uow)


@query(allow=admin | staff)
def names_of_offerers(uow: UnitOfWork, *, ids: Collection[UUID]) -> dict[UUID, str]:
    """What the practitioners are called who offer visit types."""
    found = people.practitioners(uow, ids)
    return {practitioner_id: profile.name for practitioner_id, profile in found.items()}


@use_case(allow=admin)
def add_visit_type(uow: UnitOfWork, *, new: NewVisitType) -> UUID:
    """A new visit type for anybody to offer; returns its id. Raises Invalid."""
    service_id = access.insert_visit_type(uow, _checked(uow, new))
    _changed(uow, service_id)
    return service_id


@use_case(allow=admin)
def change_visit_type(
    uow: UnitOfWork, *, service_id: UUID, new: NewVisitType, version: int
) -> None:
    """Change a visit type from now on; what is booked stays as long as it was booked.

    Raises:
        Invalid: field by field.
        Conflict: somebody else has changed it since ``version``.
    """
    access.change_visit_type(uow, service_id, _checked(uow, new), version=version)
    _changed(uow, service_id)


@use_case(allow=admin)
def retire_visit_type(uow: UnitOfWork, *, service_id: UUID) -> None:
    """Let nobody book it any more; who offered it is kept, and booked visits stay."""
    access.retire_visit_type(uow, service_id, at=uow.now)
    _changed(uow, service_id)


@use_case(allow=admin)
def bring_back_visit_type(uow: UnitOfWork, *, service_id: UUID) -> None:
    """Let it be booked again, with those who offered it."""
    access.retire_visit_type(uow, service_id, at=None)
    _changed(uow, service_id)


@use_case(allow=admin)
def remove_visit_type(uow: UnitOfWork, *, service_id: UUID) -> None:
    """Delete a visit type that nobody offers and nobody came for. Raises InUse."""
    access.remove_visit_type(uow, service_id)
    _changed(uow, service_id)


@use_case(allow=admin)
def offer_for(
    uow: UnitOfWork,
    *,
    service_id: UUID,
    named: str,
    fee: Money,
    location_ids: Collection[UUID] = (),
) -> None:
    """Let a practitioner, found by name, offer a visit type at a fee, at these locations or anywhere.

    Offering it again changes fee and locations. Raises Invalid, NotFound.
    """
    problems = dict(
        problems_of_offer(name=None, minutes=None, fee_minor=fee.minor, fee_currency=fee.currency)
    )
    found = people.practitioners_named(uow, named) if named.strip() else ()
    if len(found) != 1:
        problems["practitioner"] = (
            N_("Several doctors are called that. Write the name in full.")
            if found
            else N_("There is no approved doctor of this name.")
        )
    unknown = set(location_ids) - {place.location_id for place in access.locations(uow)}
    if unknown:
        problems["location_ids"] = N_("Choose among the clinic's locations.")
    if problems:
        raise Invalid(problems)
    if not access.visit_types(uow, only=[service_id]):
        raise NotFound
    whose = {"practitioner_id": found[0].practitioner_id, "service_id": service_id}
    access.put_offer(uow, **whose, fee=fee)
    access.limit_offer(uow, **whose, location_ids=location_ids)
    uow.audit("service", service_id)
    uow.record(OfferChanged(**whose))


@use_case(allow=admin)
def end_offer(uow: UnitOfWork, *, service_id: UUID, practitioner_id: UUID) -> None:
    """Let a practitioner offer a visit type no longer; what is booked stays booked."""
    access.remove_offer(uow, practitioner_id=practitioner_id, service_id=service_id)
    uow.audit("service", service_id)
    uow.record(OfferChanged(practitioner_id, service_id))


def _checked(uow: UnitOfWork, new: NewVisitType) -> NewVisitType:
    checked = checked_visit_type(new)
    if checked.pool_id not in {None, *(pool.pool_id for pool in access.pools(uow))}:
        raise Invalid({"pool_id": N_("Choose one of the clinic's pools.")})
    return checked


def _changed(uow: UnitOfWork, service_id: UUID) -> None:
    uow.audit("service", service_id)
    uow.record(VisitTypeChanged(service_id))
