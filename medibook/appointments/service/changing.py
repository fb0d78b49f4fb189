"""Moving and cancelling. The old time is kept until the new one is sure."""

from datetime import datetime
from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.access import Action
from medibook.appointments.events import (
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentMoved,
)
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.service.cards import card
from medibook.appointments.tables import Appointment
from medibook.clinic import service as clinic
from medibook.kernel.actor import Role, patient, practitioner, staff
from medibook.kernel.errors import Conflict
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.scheduling import service as scheduling
from medibook.scheduling.events import SlotFreed
from medibook.scheduling.rules.refusals import HoldGone
from medibook.scheduling.schemas import HeldSlot, SlotWish


@use_case(allow=patient)
def move_appointment(uow: UnitOfWork, *, appointment_id: UUID, hold_id: UUID) -> AppointmentCard:
    """Move a visit to the time that is held for it; sent twice, it moves once.

    The cut-off is judged by the old time, and the new one keeps the terms that were agreed.

    Raises:
        SlotTaken: with the three nearest free times; the visit stays where it was.
        TooLate, VisitBegun, NotOpen, OffersOpen: it cannot be moved online.
        HoldGone, NotFound: no such hold for this visit, no such visit.
    """
    visit = access.find(uow, appointment_id, to=Action.MOVE)
    key = f"move:{hold_id}"
    if access.of_key(uow, key) == visit.id:
        return card(uow, visit)
    _check_patient_may_move(uow, visit)
    held, _ = scheduling.take_hold(uow, hold_id)
    _check_is_held_for(visit, held)
    if (held.starts_at, held.location_id) == (visit.starts_at, visit.location_id):
        return card(uow, visit)  # it is there already: nobody need be told
    old = Interval(visit.starts_at, visit.ends_at)
    scheduling.vacate(uow, visit.id)
    scheduling.occupy(uow, appointment_id=visit.id, held=held)
    put(uow, visit, held)
    access.write_history(
        uow, visit, from_status=visit.status.value, from_start=old.start, from_end=old.end
    )
    access.remember_key(uow, key, visit.id)
    uow.audit("appointment", visit.id, patient_id=visit.patient_id)
    uow.record(SlotFreed(visit.practitioner_id, old.start, old.end))
    ids = (visit.id, visit.practitioner_id, visit.patient_id, visit.version)
    uow.record(
        AppointmentMoved(*ids, moved_from=old.start, lasted_until=old.end, moved_by_patient=True)
    )
    return card(uow, visit)


def _check_is_held_for(visit: Appointment, held: HeldSlot) -> None:
    of_this_visit = (visit.id, visit.patient_id, visit.practitioner_id, visit.service_id)
    # The patient too: a guardian's own hold must not take their child's visit along.
    its = (held.moves_appointment_id, held.patient_id, held.practitioner_id, held.service_id)
    if its != of_this_visit:
        raise HoldGone


def put(uow: UnitOfWork, visit: Appointment, held: HeldSlot) -> None:
    """Let a visit be at the held time; how long before it can be cancelled stays as agreed."""
    cutoff = visit.starts_at - visit.cancel_until
    visit.starts_at, visit.ends_at = held.starts_at, held.ends_at
    visit.location_id, visit.room_id = held.location_id, held.room_id
    visit.wall_start, visit.zone = rules.wall_start(held.starts_at, held.zone), held.zone
    visit.cancel_until = held.starts_at - cutoff
    visit.confirmed_at = None  # they said so of the other time
    if visit.status is AppointmentStatus.PENDING:
        policy = clinic.policy(uow)
        visit.lapses_at = rules.lapses_at(starts_at=held.starts_at, now=uow.now, policy=policy)
    visit.version += 1


@use_case(allow=patient)
def move_to_time(
    uow: UnitOfWork, *, appointment_id: UUID, starts_at: datetime, to: datetime
) -> AppointmentCard:
    """Move a visit that was read as beginning at ``starts_at`` to a free time of the same kind.

    The time is kept and taken in this one transaction. Sent twice, it moves once.

    Raises: Conflict: the visit is at another time by now. And as :func:`move_appointment`.
    """
    visit = access.find(uow, appointment_id, to=Action.MOVE)
    if visit.starts_at == to:
        return card(uow, visit)
    _check_patient_may_move(uow, visit)
    if visit.starts_at != starts_at:
        raise Conflict
    wish = SlotWish(
        practitioner_id=visit.practitioner_id, service_id=visit.service_id, starts_at=to
    )
    held = scheduling.hold_slot(uow, wish=wish, moves=visit.id, for_patient=visit.patient_id)
    return move_appointment(uow, appointment_id=visit.id, hold_id=held.hold_id)


@use_case(allow=patient)
def confirm_appointment(
    uow: UnitOfWork, *, appointment_id: UUID, starts_at: datetime
) -> AppointmentCard:
    """Say that one will come to the visit, which was read as beginning at ``starts_at``.

    Nothing else about the visit changes. Said twice, it is said once.

    Raises: Conflict: it is at another time by now. NotOpen, VisitBegun: it cannot be confirmed.
    """
    visit = access.find(uow, appointment_id, to=Action.CONFIRM)
    rules.check_may_confirm(status=visit.status, starts_at=visit.starts_at, now=uow.now)
    if visit.starts_at != starts_at:
        raise Conflict
    if visit.confirmed_at is None:
        visit.confirmed_at = uow.now
        uow.record(
            AppointmentConfirmed(visit.id, visit.practitioner_id, visit.patient_id, visit.version)
        )
    uow.audit("appointment", visit.id, patient_id=visit.patient_id)
    return card(uow, visit)


@use_case(allow=patient | practitioner | staff)
def cancel_appointment(
    uow: UnitOfWork, *, appointment_id: UUID, reason: str = "", starts_at: datetime | None = None
) -> AppointmentCard:
    """Cancel a visit: a patient by the policy, the clinic at any time before its end, with a reason.

    Cancelling again what one's own side has cancelled gives the same card. ``starts_at``: when it
    begins as whoever cancels it has read.

    Raises:
        Conflict: it is at another time than ``starts_at`` by now.
        TooLate, VisitBegun: a patient, after the cut-off or the start.
        NotOpen: it is over, or the other side has cancelled it. Invalid: the clinic gave no reason.
    """
    visit = access.find(uow, appointment_id, to=Action.CANCEL)
    by_patient = uow.actor.role is Role.PATIENT
    if visit.status is AppointmentStatus.CANCELLED and visit.cancelled_by_patient is by_patient:
        return card(uow, visit)
    if starts_at not in (None, visit.starts_at):
        raise Conflict
    if by_patient:
        _check_patient_may_change(uow, visit)
        said = rules.tidy_reason(reason)
    else:
        said = rules.needed_reason(reason)
    if visit.status not in rules.ACTIVE:
        raise rules.NotOpen
    close(uow, visit, by_patient=by_patient, reason=said)
    uow.audit("appointment", visit.id, patient_id=visit.patient_id)
    uow.record(
        AppointmentCancelled(
            visit.id,
            visit.practitioner_id,
            visit.patient_id,
            visit.version,
            cancelled_by_patient=by_patient,
        )
    )
    return card(uow, visit)


def close(uow: UnitOfWork, visit: Appointment, *, by_patient: bool, reason: str) -> None:
    """End a visit that will not be, and give its time back; the caller records why."""
    before = visit.status
    visit.status = AppointmentStatus.CANCELLED
    visit.cancelled_by_patient = by_patient
    visit.cancel_reason = reason
    visit.lapses_at = None
    visit.version += 1
    access.write_history(
        uow, visit, from_status=before.value, from_start=visit.starts_at, reason=reason
    )
    scheduling.vacate(uow, visit.id)
    if before is AppointmentStatus.PROPOSED:
        scheduling.let_offers_go(uow, visit.id)
    if visit.ends_at > uow.now:
        uow.record(SlotFreed(visit.practitioner_id, visit.starts_at, visit.ends_at))


def _check_patient_may_move(uow: UnitOfWork, visit: Appointment) -> None:
    _check_patient_may_change(uow, visit)
    if visit.status is AppointmentStatus.PROPOSED:
        raise rules.OffersOpen


def _check_patient_may_change(uow: UnitOfWork, visit: Appointment) -> None:
    rules.check_patient_may_change(
        status=visit.status,
        starts_at=visit.starts_at,
        cancel_until=visit.cancel_until,
        late_allowed=visit.late_cancel_allowed,
        now=uow.now,
        phone=uow.settings.clinic_phone,
    )
