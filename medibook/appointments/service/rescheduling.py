"""The clinic moves a visit, or gives it another length: dragged in the calendar, or by the form.

The old time is kept until the new one is sure, in one transaction; the patient is told once, with
both. A visit that was asked for and accepted stays booked: it is the practitioner who moves it.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.access import Action
from medibook.appointments.events import AppointmentMoved
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus, Proposal
from medibook.appointments.service.cards import card
from medibook.appointments.service.changing import put
from medibook.appointments.tables import Appointment
from medibook.kernel.actor import practitioner, staff
from medibook.kernel.errors import Conflict, Invalid
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.kernel.words import N_
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.scheduling.events import SlotFreed
from medibook.scheduling.schemas import HeldSlot, Reason, SlotWish, StaffTerms

UNDO_WITHIN: Final = timedelta(minutes=10)
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=8)
# What the clinic has said itself it may unsay for one visit; a visit that is there already it may not.
_OWN_TO_DECIDE: Final = {
    Reason.CLOSED,
    Reason.OTHER_HOURS,
    Reason.NOT_HERE,
    Reason.HOLIDAY,
    Reason.TIME_OFF,
}


@query(allow=practitioner | staff)
def propose_reschedule(
    uow: UnitOfWork, *, appointment_id: UUID, starts_at: datetime, length: timedelta | None = None
) -> Proposal:
    """Judge another time for a visit before asking whether it is meant. Nothing is changed.

    Raises:
        NotFound: it is not theirs. NotOpen, AnswerFirst: it cannot be moved at all.
    """
    visit = access.find(uow, appointment_id, to=Action.SEE)
    wished = _wished(visit, starts_at, length)
    _check_status(visit, wished)
    against = scheduling.why_not(
        uow,
        wish=_wish(visit, wished.start),
        patient_id=visit.patient_id,
        terms=StaffTerms(length=wished.length, moves=visit.id),
    )
    contact = people.contacts(uow, [visit.patient_id])[visit.patient_id]
    return Proposal(
        visit=card(uow, visit),
        starts_at=wished.start,
        ends_at=wished.end,
        can_be_told=bool(contact.email),
        against=against,
        is_outside_hours=bool(against) and {each.reason for each in against} <= _OWN_TO_DECIDE,
    )


@use_case(allow=practitioner | staff)
def reschedule_appointment(
    uow: UnitOfWork,
    *,
    appointment_id: UUID,
    starts_at: datetime,
    version: int,
    length: timedelta | None = None,
    outside_hours: bool = False,
    tell: bool = True,
) -> AppointmentCard:
    """Put a visit at another time, or give it another length; sent twice, it moves once.

    ``length`` None keeps the one that it has. ``outside_hours``: also when closed, or away.

    Raises:
        Conflict: the visit has changed since ``version`` was shown.
        SlotTaken: somebody else has the time; the visit stays where it was.
        NotOpen, AnswerFirst: it cannot be moved. NotFound: it is not theirs. Invalid: such a length.
    """
    visit = access.find(uow, appointment_id, to=Action.RESCHEDULE)
    wished = _wished(visit, starts_at, length)
    if wished == Interval(visit.starts_at, visit.ends_at):
        return card(uow, visit)  # it is there already: nobody need be told
    if visit.version != version:
        raise Conflict
    _check_status(visit, wished)
    terms = StaffTerms(length=wished.length, moves=visit.id, outside_hours=outside_hours)
    _reschedule(uow, visit, wished.start, terms, is_told=tell, is_undone=False)
    return card(uow, visit)


@use_case(allow=practitioner | staff)
def undo_reschedule(
    uow: UnitOfWork, *, appointment_id: UUID, version: int, tell: bool = True
) -> AppointmentCard:
    """Take one's own move back, shortly after it, while nothing else has happened to the visit.

    Raises:
        TooLateToUndo: it was a while ago, somebody else's, or has changed since.
        SlotTaken: somebody has taken the old time meanwhile; the visit stays where it is.
    """
    visit = access.find(uow, appointment_id, to=Action.RESCHEDULE)
    change = access.last_change(uow, visit)
    if change is None or change.from_start is None or change.from_end is None:
        raise rules.TooLateToUndo
    is_own = change.by_user_id == uow.actor.user_id
    if not is_own or visit.version != version or uow.now - change.at > UNDO_WITHIN:
        raise rules.TooLateToUndo
    before = Interval(change.from_start, change.from_end)
    _check_status(visit, before)
    # Where it was before it may be again, whatever the hours are by now.
    terms = StaffTerms(length=before.length, moves=visit.id, outside_hours=True)
    _reschedule(uow, visit, before.start, terms, is_told=tell, is_undone=True)
    return card(uow, visit)


def _reschedule(
    uow: UnitOfWork,
    visit: Appointment,
    starts_at: datetime,
    terms: StaffTerms,
    *,
    is_told: bool,
    is_undone: bool,
) -> None:
    """Move a visit on these terms, with everything that follows from it."""
    old = Interval(visit.starts_at, visit.ends_at)
    held = scheduling.take_time(
        uow, wish=_wish(visit, starts_at), patient_id=visit.patient_id, terms=terms
    )
    scheduling.vacate(uow, visit.id)
    scheduling.occupy(uow, appointment_id=visit.id, held=held)
    _answer_for(uow, visit, held)
    put(uow, visit, held)
    why, status = "" if is_told else rules.TOLD_OTHERWISE, visit.status.value
    access.write_history(
        uow, visit, from_status=status, from_start=old.start, from_end=old.end, reason=why
    )
    uow.audit("appointment", visit.id, patient_id=visit.patient_id)
    uow.record(SlotFreed(visit.practitioner_id, old.start, old.end))
    ids = (visit.id, visit.practitioner_id, visit.patient_id, visit.version)
    uow.record(
        AppointmentMoved(
            *ids,
            moved_from=old.start,
            moved_by_patient=False,
            lasted_until=old.end,
            is_undone=is_undone,
            is_told=is_told,
        )
    )


def _answer_for(uow: UnitOfWork, visit: Appointment, held: HeldSlot) -> None:
    """Outside the hours somebody answers for it by name (I2); inside them nobody need."""
    visit.override_by = uow.actor.user_id if held.outside_hours else None


def _wish(visit: Appointment, starts_at: datetime) -> SlotWish:
    return SlotWish(
        practitioner_id=visit.practitioner_id, service_id=visit.service_id, starts_at=starts_at
    )


def _wished(visit: Appointment, starts_at: datetime, length: timedelta | None) -> Interval:
    if length is not None and not SHORTEST <= length <= LONGEST:
        raise Invalid({"minutes": N_("Choose a length of 5 minutes to 8 hours.")})
    return Interval(starts_at, starts_at + (length or visit.ends_at - visit.starts_at))


def _check_status(visit: Appointment, wished: Interval) -> None:
    """Raise when a visit in its status cannot be moved, or, where only its end changes, stretched."""
    if visit.status in (AppointmentStatus.PENDING, AppointmentStatus.PROPOSED):
        raise rules.AnswerFirst
    only_its_end = wished.start == visit.starts_at
    if visit.status not in (rules.STRETCHABLE if only_its_end else rules.MOVABLE):
        raise rules.NotOpen
