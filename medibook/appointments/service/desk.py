"""Booking at the front desk: for somebody who calls, for somebody who stands there, and on purpose twice."""

from datetime import datetime, timedelta
from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.events import AppointmentBooked, VisitProgressed
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.schemas.desk import DeskBooking, WalkIn
from medibook.appointments.service.booking import columns_of
from medibook.appointments.service.cards import card
from medibook.appointments.tables import Appointment
from medibook.clinic import service as clinic
from medibook.kernel.actor import staff
from medibook.kernel.errors import Forbidden, NotFound
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules import SlotTaken
from medibook.scheduling.schemas import SlotWish, StaffTerms

# Who is to be seen so soon need not go away again: they have arrived.
_WITHIN_MINUTES = timedelta(minutes=30)
_STEP = timedelta(minutes=5)


@use_case(allow=staff)
def book_for_patient(uow: UnitOfWork, *, new: DeskBooking) -> AppointmentCard:
    """Book a time for a patient, by whichever practitioner; nobody need be asked first.

    Notice, horizon, grid and the number of open visits do not bind the clinic itself. The same
    booking key gives the same visit again.

    Raises:
        SlotTaken: with the three nearest free times; nothing was booked. With an overbook reason
            only when the patient has another visit then, or it is over.
        NotFound: no such patient. NotBookable, ServiceNotOffered.
        Invalid: a reason is too long.
    """
    _lock(uow, new.patient_id)
    if (known := access.of_key(uow, new.booking_key)) is not None:
        return card(uow, access.find(uow, known, to=access.Action.SEE))
    visit = _book(uow, new)
    return card(uow, visit)


@use_case(allow=staff)
def add_walk_in(uow: UnitOfWork, *, new: WalkIn) -> AppointmentCard:
    """Give somebody who is here the practitioner's first free time; within minutes, they have arrived.

    With an overbook reason they are squeezed in now. The same booking key gives the same visit again.

    Raises:
        SlotTaken: there is no free time, or the patient has another visit now.
        NotFound: no such patient. NotBookable, ServiceNotOffered.
    """
    _lock(uow, new.patient_id)
    if (known := access.of_key(uow, new.booking_key)) is not None:
        return card(uow, access.find(uow, known, to=access.Action.SEE))
    # Before the first free time is looked for: of twenty who stand there, each must see who was first.
    uow.lock(new.practitioner_id)
    wish = SlotWish(
        practitioner_id=new.practitioner_id,
        service_id=new.service_id,
        starts_at=_now(uow) if new.overbook_reason.strip() else _first_free(uow, new),
    )
    visit = _book(
        uow,
        DeskBooking(
            patient_id=new.patient_id,
            wish=wish,
            booking_key=new.booking_key,
            overbook_reason=new.overbook_reason,
        ),
    )
    if visit.starts_at <= uow.now + _WITHIN_MINUTES:
        _arrive(uow, visit)
    return card(uow, visit)


def _lock(uow: UnitOfWork, patient_id: UUID) -> None:
    """Before a key is looked for: of two clicks the second must see it, for whomever they are."""
    if uow.actor.user_id is None:  # the guard lets nobody else in
        raise Forbidden
    uow.lock(uow.actor.user_id)
    uow.lock(patient_id)


def _book(uow: UnitOfWork, new: DeskBooking) -> Appointment:
    if new.patient_id not in people.contacts(uow, [new.patient_id]):
        raise NotFound
    because = rules.tidy_reason(new.overbook_reason)
    terms = StaffTerms(room_id=new.room_id, overbook_reason=because, outside_hours=bool(because))
    held = scheduling.take_time(uow, wish=new.wish, patient_id=new.patient_id, terms=terms)
    overrides = held.outside_hours or bool(held.overbooks)
    service, policy = clinic.service_and_policy(uow, held.practitioner_id, held.service_id)
    agreed = rules.terms_of(
        starts_at=held.starts_at, fee=service.fee, by_request=False, policy=policy
    )
    columns = columns_of(uow, held, agreed, policy, reason=new.reason.strip())
    # The reason was given for this act and stays with it, even if in the end nothing was in the way.
    overridden = {"override_by": uow.actor.user_id if overrides else None}
    visit = access.add(uow, columns | overridden, because=because)
    scheduling.occupy(uow, appointment_id=visit.id, held=held, overbooked_by=uow.actor.user_id)
    access.remember_key(uow, new.booking_key, visit.id)
    uow.audit("appointment", visit.id, patient_id=visit.patient_id, reason=because)
    uow.record(AppointmentBooked(visit.id, visit.practitioner_id, visit.patient_id, visit.version))
    return visit


def _arrive(uow: UnitOfWork, visit: Appointment) -> None:
    visit.status = AppointmentStatus.ARRIVED
    visit.version += 1
    access.write_history(
        uow, visit, from_status=AppointmentStatus.BOOKED.value, from_start=visit.starts_at
    )
    uow.record(VisitProgressed(visit.id, visit.practitioner_id, visit.patient_id, visit.version))


def _first_free(uow: UnitOfWork, new: WalkIn) -> datetime:
    service, _policy = clinic.service_and_policy(uow, new.practitioner_id, new.service_id)
    found = scheduling.soonest(uow, {new.practitioner_id: service}, patient_id=new.patient_id).get(
        new.practitioner_id
    )
    if found is None:
        raise SlotTaken
    return found.starts_at


def _now(uow: UnitOfWork) -> datetime:
    """The full five minutes that have just begun: a visit squeezed in at 10:03 stands at 10:00."""
    whole = uow.now.replace(second=0, microsecond=0)
    return whole - timedelta(minutes=whole.minute % (_STEP // timedelta(minutes=1)))
