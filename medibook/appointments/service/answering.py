"""What becomes of a request: accepted, declined with a reason, or lapsed because nobody answered."""

from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.access import Action
from medibook.appointments.events import (
    AppointmentAccepted,
    AppointmentDeclined,
    AppointmentLapsed,
    OffersLapsed,
)
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.service.cards import card
from medibook.appointments.service.changing import close
from medibook.appointments.tables import Appointment
from medibook.kernel.actor import Role, practitioner, system_only
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.people import service as people

_AT_ONCE = 100


@use_case(allow=practitioner)
def accept_request(uow: UnitOfWork, *, appointment_id: UUID) -> AppointmentCard:
    """Accept a request: the visit is booked. Accepting twice gives the same card.

    Raises:
        AlreadyAnswered: it was declined, withdrawn, or has lapsed.
    """
    visit = access.find(uow, appointment_id, to=Action.ANSWER)
    if visit.status is AppointmentStatus.BOOKED:
        return card(uow, visit)
    check_open(uow, visit)
    visit.status, visit.lapses_at = AppointmentStatus.BOOKED, None
    visit.version += 1
    access.write_history(
        uow, visit, from_status=AppointmentStatus.PENDING.value, from_start=visit.starts_at
    )
    uow.audit("appointment", visit.id, patient_id=visit.patient_id)
    uow.record(
        AppointmentAccepted(visit.id, visit.practitioner_id, visit.patient_id, visit.version)
    )
    return card(uow, visit)


@use_case(allow=practitioner)
def decline_request(uow: UnitOfWork, *, appointment_id: UUID, reason: str) -> AppointmentCard:
    """Decline a request, with a reason for the patient. Raises AlreadyAnswered, Invalid."""
    visit = access.find(uow, appointment_id, to=Action.ANSWER)
    said = rules.needed_reason(reason)
    check_open(uow, visit)
    close(uow, visit, by_patient=False, reason=said)
    uow.audit("appointment", visit.id, patient_id=visit.patient_id)
    uow.record(
        AppointmentDeclined(visit.id, visit.practitioner_id, visit.patient_id, visit.version)
    )
    return card(uow, visit)


@use_case(allow=system_only)
def lapse_requests(uow: UnitOfWork) -> int:
    """End the requests, and the offers, that nobody has answered in time; returns how many.

    Running it twice does no harm.
    """
    lapsed = access.lapsed(uow, limit=_AT_ONCE)
    for visit in lapsed:
        is_offer = visit.status is AppointmentStatus.PROPOSED
        close(uow, visit, by_patient=False, reason="")
        fact = OffersLapsed if is_offer else AppointmentLapsed
        uow.record(fact(visit.id, visit.practitioner_id, visit.patient_id, visit.version))
    return len(lapsed)


def check_open(uow: UnitOfWork, visit: Appointment) -> None:
    """Raise AlreadyAnswered, in words that say by whom, when a request does not wait any longer."""
    if visit.status is AppointmentStatus.PENDING:
        if visit.lapses_at is not None and visit.lapses_at <= uow.now:
            raise rules.RanOut  # the job that ends it has only not come round yet
        return
    answer = access.answer_to(uow, visit.id)
    if answer is None:
        raise rules.AlreadyAnswered
    if answer.by_role == Role.PATIENT:
        raise rules.Withdrawn
    if answer.by_user_id is None:
        raise rules.RanOut
    if answer.by_user_id == uow.actor.user_id:
        raise rules.AnsweredBefore
    raise rules.AnsweredBy(name=people.person(uow, answer.by_user_id).name)
