"""Entries and offers as people see them: rows of this room, with the names that other rooms keep."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from medibook.appointments import service as appointments
from medibook.appointments.schemas import OpenVisit
from medibook.clinic import service as clinic
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people
from medibook.waitlist.access import entries, offers
from medibook.waitlist.rules import ANOTHER_WAS_FIRST
from medibook.waitlist.schemas import (
    EntryCard,
    EntryState,
    NewEntry,
    OfferCard,
    OfferState,
    Priority,
)


def entry_cards(uow: UnitOfWork, rows: Sequence[Any]) -> tuple[EntryCard, ...]:
    """Cards of these entries, in their order; each other room is asked once."""
    if not rows:
        return ()
    whom = entries.practitioners_of(uow, {row.id for row in rows})
    names = people.patient_names(uow, {row.patient_id for row in rows})
    plates = people.name_plates(uow, {each for ids in whom.values() for each in ids})
    services = clinic.visit_types_by_id(uow, {row.service_id for row in rows} - {None})
    specialties = clinic.specialties_by_id(uow, {row.specialty_id for row in rows} - {None})
    visits = appointments.open_visits(uow, {row.patient_id for row in rows if row.replaces_id})
    last = _last_offers(uow, rows, visits)
    return tuple(
        EntryCard(
            entry_id=row.id,
            patient_id=row.patient_id,
            patient_name=names[row.patient_id],
            wish=_wish(row, whom.get(row.id, ())),
            service_name=services[row.service_id].name if row.service_id else "",
            specialty_name=specialties[row.specialty_id].name if row.specialty_id else "",
            practitioner_names=tuple(plates[each].name for each in whom.get(row.id, ())),
            since=row.since,
            state=row.state,
            position=entries.position(uow, row) if row.state is EntryState.WAITING else 0,
            offer=_if_open(uow, last.get(row.id)),
            last_offer=last.get(row.id),
            appointment_id=row.appointment_id,
            priority=Priority(row.priority),
            priority_reason=row.priority_reason,
            version=row.version,
            **_replaced(row, visits),
        )
        for row in rows
    )


def _if_open(uow: UnitOfWork, offer: OfferCard | None) -> OfferCard | None:
    """The offer while it can be answered; a beat may not have come round yet to close it."""
    is_open = offer is not None and offer.state is OfferState.OPEN and offer.expires_at > uow.now
    return offer if is_open else None


def _wish(row: Any, whom: tuple[UUID, ...]) -> NewEntry:  # noqa: ANN401 - a row of Core columns
    return NewEntry(
        service_id=row.service_id,
        specialty_id=row.specialty_id,
        practitioner_ids=whom,
        city=row.city,
        weekdays=frozenset(map(int, row.weekdays)),
        not_before=row.not_before,
        not_after=row.not_after,
        first_day=row.first_day,
        last_day=row.last_day,
        replaces_id=row.replaces_id,
    )


def _replaced(row: Any, visits: Mapping[UUID, Sequence[OpenVisit]]) -> dict[str, Any]:  # noqa: ANN401 - likewise
    """When the visit is that would go, and on whose wall; nothing when it is off or over."""
    if row.replaces_id is None:
        return {}
    own = visits.get(row.patient_id, ())
    visit = next((v for v in own if v.appointment_id == row.replaces_id), None)
    return {"replaces_start": visit.starts_at, "replaces_zone": visit.zone} if visit else {}


def _last_offers(
    uow: UnitOfWork, rows: Sequence[Any], visits: Mapping[UUID, Sequence[OpenVisit]]
) -> dict[UUID, OfferCard]:
    """The newest offer of each of these entries."""
    found = offers.last_of_entries(uow, {row.id for row in rows})
    by_id = {row.id: _replaced(row, visits) for row in rows}
    cards = offer_cards(uow, list(found.values()))
    return {card.entry_id: card.model_copy(update=by_id[card.entry_id]) for card in cards}


def offer_cards(uow: UnitOfWork, rows: Sequence[Any]) -> tuple[OfferCard, ...]:
    """Cards of these offers, in their order; each other room is asked once."""
    if not rows:
        return ()
    whom = {row.practitioner_id for row in rows}
    names = people.patient_names(uow, {row.patient_id for row in rows})
    plates = people.name_plates(uow, whom)
    services = clinic.visit_types_by_id(uow, {row.service_id for row in rows})
    places = clinic.locations_by_id(uow, {row.location_id for row in rows})
    fees = {
        (who, card.service_id): card.fee
        for who, cards in clinic.services_by_practitioner(uow, whom).items()
        for card in cards
    }
    return tuple(
        OfferCard(
            offer_id=row.id,
            entry_id=row.entry_id,
            patient_id=row.patient_id,
            patient_name=names[row.patient_id],
            practitioner_id=row.practitioner_id,
            practitioner_name=plates[row.practitioner_id].name,
            service_name=services[row.service_id].name,
            is_video=services[row.service_id].is_video,
            location_name=places[row.location_id].name,
            location_address=places[row.location_id].street_and_town,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            zone=row.zone,
            fee=fees.get((row.practitioner_id, row.service_id)),
            state=row.state,
            offered_at=row.offered_at,
            expires_at=row.expires_at,
            asked_with=row.asked_with,
            another_was_first=row.closed_because == ANOTHER_WAS_FIRST,
            appointment_id=row.appointment_id,
        )
        for row in rows
    )
