"""What the card of a visit says about other times: those that are offered, and the one that was asked for."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from medibook.appointments import access
from medibook.appointments.schemas import AppointmentStatus, TimeOffer
from medibook.clinic import service as clinic
from medibook.kernel.actor import Role
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import HeldSlot

# The clinic's people see that and when; what it is about stays between patient and practitioner.
READS_REASONS = {Role.PATIENT, Role.PRACTITIONER}
_MAY_HAVE_BEEN_OFFERED = {AppointmentStatus.PROPOSED, AppointmentStatus.CANCELLED}
_OF_AN_OFFER = {"starts_at", "ends_at", "zone", "location_id", "expires_at"}


def offers_with(uow: UnitOfWork, visits: Sequence[Any]) -> dict[UUID, dict[str, Any]]:
    """Of those of these visits for which other times were offered; a few looks, however many."""
    asked = access.asked_for(uow, _of_status(visits, _MAY_HAVE_BEEN_OFFERED))
    if not asked:
        return {}
    kept = scheduling.offers_of(uow, _of_status(visits, {AppointmentStatus.PROPOSED}))
    open_offers = {
        visit.id: _with_its_own(uow, visit, kept.get(visit.id, ()))
        for visit in visits
        if visit.status is AppointmentStatus.PROPOSED
    }
    at = {offer.location_id for offers in open_offers.values() for offer in offers}
    names = {place_id: place.name for place_id, place in clinic.locations_by_id(uow, at).items()}
    may_read = uow.actor.role in READS_REASONS
    return {
        visit_id: {
            "asked_for": before.starts_at,
            "offers": tuple(
                TimeOffer(
                    offer_id=offer.hold_id,
                    location_name=names[offer.location_id],
                    **offer.model_dump(include=_OF_AN_OFFER),
                )
                for offer in open_offers.get(visit_id, ())
            ),
            "offer_note": before.note if may_read else "",
        }
        for visit_id, before in asked.items()
    }


def _of_status(visits: Sequence[Any], wanted: Collection[AppointmentStatus]) -> list[UUID]:
    return [visit.id for visit in visits if visit.status in wanted]


def _with_its_own(
    uow: UnitOfWork,
    visit: Any,  # noqa: ANN401 - a row, or an Appointment
    kept: Sequence[HeldSlot],
) -> list[HeldSlot]:
    """The times that can be taken now, earliest first: the kept ones, and where the visit stands."""
    offers = list(kept)
    if visit.lapses_at is not None and visit.lapses_at > uow.now:
        own = HeldSlot(
            hold_id=visit.id,
            practitioner_id=visit.practitioner_id,
            patient_id=visit.patient_id,
            service_id=visit.service_id,
            location_id=visit.location_id,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            zone=visit.zone,
            expires_at=visit.lapses_at,
        )
        offers.append(own)
    return sorted(offers, key=lambda offer: offer.starts_at)
