"""What becomes of a request: accepted, declined with a reason, or lapsed because nobody answered."""

from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.access import Action
from medibook.appointments.events import (
    AppointmentAccepted,
    AppointmentDeclined,
    AppointmentLapsed,
)
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.service.cards import card
from medibook.appointments.service.changing import close
from medibook.appointments.tables import Appointment
from medibook.kernel.actor import practitioner, system_only
from medibook.kernel.use_case import UnitOfWork, use_case

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
    _check_open(uow, visit)
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
    _check_open(uow, visit)
    close(uow, visit, by_patient=False, reason=said)
    uow.audit("appointment", visit.id, patient_id=visit.patient_id)
    uow.record(
        AppointmentDeclined(visit.id, visit.practitioner_id, visit.patient_id, visit.version)
    )
    return card(uow, visit)


@use_case(allow=system_only)
def lapse_requests(uow: UnitOfWork) -> int:
    """End the requests that nobody has answered in time; returns how many. Twice does no harm."""
    lapsed = access.lapsed(uow, limit=_AT_ONCE)
    for visit in lapsed:
        close(uow, visit, by_patient=False, reason="")
        uow.record(
            AppointmentLapsed(visit.id, visit.practitioner_id, visit.patient_id, visit.version)
        )
    return len(lapsed)


def _check_open(uow: UnitOfWork, visit: Appointment) -> None:
    if visit.status is not AppointmentStatus.PENDING:
        raise rules.AlreadyAnswered
    if visit.lapses_at is not None and visit.lapses_at <= uow.now:
        raise rules.AlreadyAnswered  # the job that ends it has only not come round yet
