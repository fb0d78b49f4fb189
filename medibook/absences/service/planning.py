"""The plan before it is started: who is affected, what they would be offered, who must be called."""

from collections.abc import Iterable
from uuid import UUID

from medibook.absences import access, rules
from medibook.absences.schemas import Candidate, NewAbsence, Preview, Proposal
from medibook.absences.service.ground import Could, said, visits_affected, wanting, who_could
from medibook.absences.service.reach import is_here, ways_to
from medibook.appointments.schemas import AppointmentCard
from medibook.clinic import service as clinic
from medibook.kernel.actor import practitioner, staff
from medibook.kernel.use_case import UnitOfWork, query
from medibook.people import service as people
from medibook.people.schemas import PatientContact


@query(allow=practitioner | staff)
def preview_absence(uow: UnitOfWork, *, new: NewAbsence) -> Preview:
    """Say what a plan would do: nothing is written, nobody is told. Raises Invalid, NotFound."""
    absence = said(uow, new)
    visits = visits_affected(uow, absence)
    kinds = {visit.service_id for visit in visits} | set(absence.video_instead.values())
    could = who_could(uow, absence.practitioner_id, kinds)
    given = rules.spread(wanting(uow, absence, visits, could))
    contacts = people.contacts(uow, {visit.patient_id for visit in visits})
    proposals = [
        _proposal(uow, visit, contacts[visit.patient_id], given[visit.appointment_id])
        for visit in visits
    ]
    whose = absence.practitioner_id
    return Preview(
        practitioner_id=whose,
        practitioner_name=people.name_plates(uow, [whose])[whose].name,
        period=absence.period,
        zone=absence.off.zone,
        first_day=absence.off.first_day,
        last_day=absence.off.last_day,
        proposals=tuple(proposals),
        names=_names(uow, could),
        may_be_video={v.service_id: v.service_name for v in visits if not v.is_video},
        videos=_videos(uow, whose, visits),
        running_id=access.overlapping(uow, whose, absence.period),
    )


def _proposal(
    uow: UnitOfWork,
    visit: AppointmentCard,
    contact: PatientContact,
    alternatives: tuple[Candidate, ...],
) -> Proposal:
    ways = ways_to(uow, contact)
    return Proposal(
        appointment_id=visit.appointment_id,
        patient_name=visit.patient_name,
        service_id=visit.service_id,
        service_name=visit.service_name,
        starts_at=visit.starts_at,
        zone=visit.zone,
        status=visit.status,
        phone=contact.phone,
        by_email=ways.email,
        by_sms=ways.sms,
        is_here=is_here(visit),
        alternatives=alternatives,
    )


def _names(uow: UnitOfWork, could: Could) -> dict[UUID, str]:
    everybody = {who for cards in could.values() for who in cards}
    return {who: plate.name for who, plate in people.name_plates(uow, everybody).items()}


def _videos(
    uow: UnitOfWork, practitioner_id: UUID, visits: Iterable[AppointmentCard]
) -> dict[UUID, str]:
    """The video visits that colleagues offer, for the front desk to say where one may do instead."""
    if all(visit.is_video for visit in visits):
        return {}
    asked = people.colleagues(uow, practitioner_id, limit=200)
    offered = clinic.services_by_practitioner(uow, asked)
    return {
        card.service_id: card.name
        for cards in offered.values()
        for card in cards
        if card.is_video and not card.is_retired
    }
