"""Visits as people see them: rows of this room, with the names that other rooms keep."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from medibook.appointments import rules
from medibook.appointments.schemas import AppointmentCard, DayRow, VisitOnSheet
from medibook.appointments.service.card_offers import READS_REASONS, offers_with
from medibook.appointments.tables import Appointment
from medibook.clinic import service as clinic
from medibook.kernel.money import Money
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people


def cards(uow: UnitOfWork, visits: Sequence[Appointment | Any]) -> tuple[AppointmentCard, ...]:
    """Cards of these visits, in their order; each other room is asked once."""
    if not visits:
        return ()
    return _cards(uow, visits, people.patient_names(uow, {visit.patient_id for visit in visits}))


def _cards(
    uow: UnitOfWork, visits: Sequence[Appointment | Any], patients: Mapping[UUID, str]
) -> tuple[AppointmentCard, ...]:
    practitioners = people.name_plates(uow, {visit.practitioner_id for visit in visits})
    services = clinic.visit_types_by_id(uow, {visit.service_id for visit in visits})
    places = clinic.locations_by_id(uow, {visit.location_id for visit in visits})
    offers = offers_with(uow, visits)
    return tuple(
        AppointmentCard(
            appointment_id=visit.id,
            reference=visit.reference,
            status=visit.status,
            patient_id=visit.patient_id,
            patient_name=patients[visit.patient_id],
            practitioner_id=visit.practitioner_id,
            practitioner_name=practitioners[visit.practitioner_id].name,
            practitioner_slug=practitioners[visit.practitioner_id].slug,
            service_id=visit.service_id,
            service_name=services[visit.service_id].name,
            location_id=visit.location_id,
            location_name=places[visit.location_id].name,
            location_address=places[visit.location_id].street_and_town,
            is_video=services[visit.service_id].is_video,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            zone=visit.zone,
            fee=Money(visit.fee_minor, visit.fee_currency),
            cancel_until=visit.cancel_until,
            late_cancel_allowed=visit.late_cancel_allowed,
            reason=visit.reason if uow.actor.role in READS_REASONS else "",
            cancelled_by_patient=visit.cancelled_by_patient,
            cancel_reason=visit.cancel_reason if uow.actor.role in READS_REASONS else "",
            lapses_at=visit.lapses_at,
            confirmed_at=visit.confirmed_at,
            version=visit.version,
            **offers.get(visit.id, {}),
        )
        for visit in visits
    )


def card(uow: UnitOfWork, visit: Appointment) -> AppointmentCard:
    """The card of one visit."""
    return cards(uow, [visit])[0]


def on_sheet(uow: UnitOfWork, visits: Sequence[Any]) -> tuple[VisitOnSheet, ...]:
    """These visits as a calendar draws them, in their order; names are all that is asked for."""
    if not visits:
        return ()
    names = people.patient_names(uow, {visit.patient_id for visit in visits})
    services = clinic.visit_types_by_id(uow, {visit.service_id for visit in visits})
    return tuple(
        VisitOnSheet(
            appointment_id=visit.id,
            practitioner_id=visit.practitioner_id,
            status=visit.status,
            patient_name=names[visit.patient_id],
            service_name=services[visit.service_id].name,
            is_video=services[visit.service_id].is_video,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            zone=visit.zone,
        )
        for visit in visits
    )


def day_rows(uow: UnitOfWork, visits: Sequence[Any]) -> tuple[DayRow, ...]:
    """Lines of the practitioner's lists: the visit, how to reach the patient, and what can be done."""
    if not visits:
        return ()
    contacts = people.contacts(uow, {visit.patient_id for visit in visits})
    names = {patient_id: contact.name for patient_id, contact in contacts.items()}
    return tuple(
        DayRow(
            visit=visit,
            patient_phone=contacts[visit.patient_id].phone,
            patient_email=contacts[visit.patient_id].email,
            patient_birth_date=contacts[visit.patient_id].birth_date.isoformat(),
            next_steps=rules.next_steps(
                status=visit.status,
                starts_at=visit.starts_at,
                zone=visit.zone,
                now=uow.now,
                role=uow.actor.role,
            ),
        )
        for visit in _cards(uow, visits, names)
    )
