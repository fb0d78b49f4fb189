"""Cases as people see them: rows of this room, with the names and times that other rooms keep."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from medibook.absences import access
from medibook.absences.schemas import Alternative, CaseCard
from medibook.absences.tables import AbsenceCase
from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentCard
from medibook.clinic import service as clinic
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people
from medibook.scheduling import service as scheduling


def alternatives_for(
    uow: UnitOfWork, cases: Collection[AbsenceCase]
) -> dict[UUID, tuple[Alternative, ...]]:
    """The other times that were offered for each case; a few looks, however many."""
    rows = access.alternatives_of(uow, [case.id for case in cases])
    every = [row for own in rows.values() for row in own]
    if not every:
        return {}
    kept = scheduling.kept_for_absences(uow, list(rows))
    living = {held.hold_id for own in kept.values() for held in own}
    plates = people.name_plates(uow, {row.practitioner_id for row in every})
    kinds = clinic.visit_types_by_id(uow, {row.service_id for row in every})
    places = clinic.locations_by_id(uow, {row.location_id for row in every})

    def one(row: Any) -> Alternative:  # noqa: ANN401 - a row of Core columns
        return Alternative(
            alternative_id=row.id,
            kind=row.kind,
            practitioner_id=row.practitioner_id,
            practitioner_name=plates[row.practitioner_id].name,
            service_id=row.service_id,
            service_name=kinds[row.service_id].name,
            is_video=kinds[row.service_id].is_video,
            location_name=places[row.location_id].name,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            zone=row.zone,
            expires_at=row.expires_at,
            is_open=row.id in living,
        )

    return {case_id: tuple(map(one, own)) for case_id, own in rows.items()}


def case_cards(uow: UnitOfWork, cases: Sequence[AbsenceCase]) -> tuple[CaseCard, ...]:
    """These cases as their patients see them, in their order."""
    if not cases:
        return ()
    ids = {case.appointment_id for case in cases} | {case.visit_id for case in cases}
    # A colleague has the visit by now: whoever is away still sees what has become of it.
    with uow.acting_as("absences"):
        visits = appointments.visits_by_id(uow, ids)
    offered = alternatives_for(uow, cases)
    return tuple(
        _card(case, visits[case.appointment_id], visits[case.visit_id], offered.get(case.id, ()))
        for case in cases
    )


def case_card(uow: UnitOfWork, case: AbsenceCase) -> CaseCard:
    """One case as its patient sees it."""
    cards = case_cards(uow, [case])
    if not cards:
        raise NotFound
    return cards[0]


def _card(
    case: AbsenceCase,
    visit: AppointmentCard,
    goes_on_as: AppointmentCard,
    offered: tuple[Alternative, ...],
) -> CaseCard:
    return CaseCard(
        case_id=case.id,
        plan_id=case.plan_id,
        appointment_id=case.appointment_id,
        patient_id=case.patient_id,
        patient_name=visit.patient_name,
        service_name=goes_on_as.service_name,
        practitioner_name=goes_on_as.practitioner_name,
        was_at=case.was_at,
        zone=visit.zone,
        state=case.state,
        is_cancelled=case.cancelled_at is not None,
        alternatives=offered,
        taken_id=case.taken_id,
        now_at=goes_on_as.starts_at if case.taken_id else None,
        visit_id=case.visit_id,
        lapses_at=case.lapses_at,
    )
