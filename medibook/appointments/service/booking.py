"""From a chosen time to a booked visit."""

from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.events import AppointmentBooked, AppointmentRequested
from medibook.appointments.schemas import (
    AppointmentStatus,
    AppointmentTerms,
    CheckPage,
    NewAppointment,
    OfferedTime,
)
from medibook.clinic import service as clinic
from medibook.clinic.schemas import ClinicPolicy, ServiceCard
from medibook.kernel.actor import anyone, patient
from medibook.kernel.errors import Forbidden
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules.refusals import HoldGone
from medibook.scheduling.schemas import BookingMode, HeldSlot, SlotWish


@query(allow=anyone)
def offered_time(
    uow: UnitOfWork, *, wish: SlotWish, for_patient: UUID | None = None
) -> OfferedTime:
    """Describe a chosen time before anything is held, to a stranger too.

    ``for_patient`` is somebody whom the actor books for; without, it is for the actor.

    Raises:
        SlotTaken: the time is not free. NotBookable, ServiceNotOffered.
    """
    free = scheduling.offered(uow, wish, for_patient)
    service, policy = clinic.service_and_policy(uow, wish.practitioner_id, wish.service_id)
    profile = people.practitioners(uow, [wish.practitioner_id])[wish.practitioner_id]
    place = clinic.locations_by_id(uow, [free.location_id])[free.location_id]
    return OfferedTime(
        practitioner_id=wish.practitioner_id,
        practitioner_name=profile.name,
        practitioner_slug=profile.slug,
        service_id=wish.service_id,
        service_name=service.name,
        location_name=place.name,
        location_address=place.street_and_town,
        is_video=service.is_video,
        starts_at=free.starts_at,
        ends_at=free.ends_at,
        zone=free.zone,
        terms=_terms(uow, wish, service, policy),
    )


@query(allow=patient)
def check_and_book(uow: UnitOfWork, *, hold_id: UUID) -> CheckPage:
    """All that is said before the click, for a time that is held for this patient. Raises HoldGone."""
    held = scheduling.held_slot(uow, hold_id)
    service, policy = clinic.service_and_policy(uow, held.practitioner_id, held.service_id)
    profile = people.practitioners(uow, [held.practitioner_id])[held.practitioner_id]
    return CheckPage(
        held=held,
        practitioner=profile,
        service=service,
        location=clinic.locations_by_id(uow, [held.location_id])[held.location_id],
        terms=_terms(uow, held, service, policy),
    )


@use_case(allow=patient)
def book_appointment(uow: UnitOfWork, *, new: NewAppointment) -> UUID:
    """Book the held time for whom it is held, or ask for it where the practitioner wants to be asked.

    Returns the visit; whoever wants to see it asks for its card afterwards, when nobody waits for
    this transaction any more. The same booking key gives the same visit again. A hold that has ended
    is as good as a live one while its time is still free.

    Raises:
        SlotTaken: with the three nearest free times; nothing was booked.
        HoldGone: there is no such hold. TooManyVisits: the patient has as many as the policy allows.
        TermsChanged: the terms are other than those that the patient has read.
    """
    actor = uow.actor
    if actor.patient_id is None or actor.user_id is None:  # the guard lets nobody else in
        raise Forbidden
    uow.lock(actor.user_id)  # before the key is looked for: of two clicks the second must see it
    if (known := access.of_key(uow, new.booking_key)) is not None:
        return access.find(uow, known, to=access.Action.SEE).id
    held, (service, policy) = scheduling.take_hold(uow, new.hold_id)
    if held.moves_appointment_id is not None:
        raise HoldGone
    rules.check_may_book(
        open_visits=access.count_open(uow, held.patient_id),
        policy=policy,
        phone=uow.settings.clinic_phone,
    )
    terms = _terms(uow, held, service, policy)
    rules.check_agreed(terms, new.agreed)
    visit = access.add(uow, columns_of(uow, held, terms, policy, reason=new.reason.strip()))
    scheduling.occupy(uow, appointment_id=visit.id, held=held)
    access.remember_key(uow, new.booking_key, visit.id)
    uow.audit("appointment", visit.id, patient_id=visit.patient_id)
    fact = AppointmentRequested if terms.by_request else AppointmentBooked
    uow.record(fact(visit.id, visit.practitioner_id, visit.patient_id, visit.version))
    return visit.id


def _terms(
    uow: UnitOfWork, wish: SlotWish | HeldSlot, service: ServiceCard, policy: ClinicPolicy
) -> AppointmentTerms:
    mode = scheduling.booking_mode(uow, wish.practitioner_id)
    return rules.terms_of(
        starts_at=wish.starts_at,
        fee=service.fee,
        by_request=mode is BookingMode.REQUEST,
        policy=policy,
    )


def columns_of(
    uow: UnitOfWork, held: HeldSlot, terms: AppointmentTerms, policy: ClinicPolicy, *, reason: str
) -> dict[str, object]:
    """The visit as its row: the terms are frozen with it, whatever the policy becomes later."""
    lapses = rules.lapses_at(starts_at=held.starts_at, now=uow.now, policy=policy)
    return {
        "patient_id": held.patient_id,
        "practitioner_id": held.practitioner_id,
        "service_id": held.service_id,
        "location_id": held.location_id,
        "room_id": held.room_id,
        "status": AppointmentStatus.PENDING if terms.by_request else AppointmentStatus.BOOKED,
        "starts_at": held.starts_at,
        "ends_at": held.ends_at,
        "wall_start": rules.wall_start(held.starts_at, held.zone),
        "zone": held.zone,
        "reason": reason,
        "fee_minor": terms.fee.minor,
        "fee_currency": terms.fee.currency,
        "cancel_until": terms.cancel_until,
        "late_cancel_allowed": terms.late_cancel_allowed,
        "booked_by": uow.actor.user_id,
        "lapses_at": lapses if terms.by_request else None,
        "cancel_reason": "",
    }
