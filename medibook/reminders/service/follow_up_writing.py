"""Writing follow-ups some hours before they leave; and what follows for them from what happens to visits."""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from medibook.appointments import service as appointments
from medibook.appointments.events import AppointmentFact
from medibook.appointments.rules import ACTIVE
from medibook.appointments.schemas import AppointmentStatus
from medibook.kernel.actor import system_only
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.notifications import service as notifications
from medibook.people import service as people
from medibook.reminders import access, rules
from medibook.reminders.schemas import FollowUpEnd
from medibook.reminders.service.follow_up_truth import against_follow_ups, booked_for, comes_in_time
from medibook.reminders.service.follow_up_words import time_to_book
from medibook.reminders.service.follow_ups import end, has_left, live_again
from medibook.reminders.tables import FollowUp

AT_ONCE = 25
_PUT_OFF = timedelta(hours=1)
_STANDS = ACTIVE | {AppointmentStatus.FULFILLED}


@query(allow=system_only)
def due_follow_ups(uow: UnitOfWork) -> tuple[UUID, ...]:
    """Whom to write to before long, the longest waiting first."""
    return access.due_follow_ups(uow, before=uow.now + rules.AHEAD, limit=AT_ONCE)


@use_case(allow=system_only)
def write_follow_up(uow: UnitOfWork, *, follow_up_id: UUID) -> bool:
    """Write to whom is to be asked before long; whether it was still to be done.

    Who is not to be asked after all never is, and it says why. They are judged once more when the
    message leaves.
    """
    row = access.due_follow_up(uow, follow_up_id, before=uow.now + rules.AHEAD)
    if row is None:
        return False  # somebody else was there first
    why = against_follow_ups(uow, [row]).get(row.id)
    if why is None:
        _write(uow, row)
    else:
        end(uow, row, why, settled_by=visit_of(uow, row) if why is FollowUpEnd.BOOKED else None)
    return True


@use_case(allow=system_only)
def put_follow_up_off(uow: UnitOfWork, *, follow_up_id: UUID) -> None:
    """Look at one that cannot be written again in an hour, so that it holds up nobody."""
    row = access.due_follow_up(uow, follow_up_id, before=uow.now + rules.AHEAD)
    if row is not None:
        access.put_off(uow, row, until=uow.now + rules.AHEAD + _PUT_OFF)


@use_case(allow=system_only)
def settle_follow_ups(uow: UnitOfWork, *, fact: AppointmentFact) -> None:
    """A visit is booked or asked for: whoever was to be asked for just that is not asked any more."""
    planned = access.planned_with(
        uow, patient_id=fact.patient_id, practitioner_id=fact.practitioner_id
    )
    if not planned:
        return  # mostly so: booking is cheap
    visit = appointments.standing(uow, [fact.appointment_id]).get(fact.appointment_id)
    if visit is None:
        return
    for follow_up_id in planned.get(visit.service_id, ()):
        row = access.find_follow_up(uow, follow_up_id)
        if comes_in_time(row, visit.starts_at):
            end(uow, row, FollowUpEnd.BOOKED, settled_by=fact.appointment_id)


@use_case(allow=system_only)
def revive_follow_ups(uow: UnitOfWork, *, fact: AppointmentFact) -> None:
    """A visit has fallen away, or nobody came: what it had settled is to be asked again."""
    rows = access.settled_by(uow, fact.appointment_id)
    if not rows:
        return
    visit = appointments.standing(uow, [fact.appointment_id]).get(fact.appointment_id)
    if visit is None or visit.status in _STANDS:
        return
    uow.lock(fact.patient_id)  # one of a kind at a time, as when one is set
    for row in rows:
        if access.active_follow_up(uow, row) is not None:
            continue
        if (other := visit_of(uow, row)) is not None:
            access.note_settled(uow, row, by=other)
        else:
            live_again(uow, row)


def visit_of(uow: UnitOfWork, row: FollowUp) -> UUID | None:
    """The open visit that is what somebody was to be asked for; None: they have none."""
    visits = appointments.open_visits(uow, [row.patient_id]).get(row.patient_id, ())
    found = booked_for(row, visits)
    return found.appointment_id if found else None


def _write(uow: UnitOfWork, row: FollowUp) -> None:
    """Write one message to everybody who is told of the patient's visits."""
    # Not its own send_at: that may have been put off, into the night.
    day = rules.by_day(row.due_on, row.zone)
    send_at = rules.not_before_day(day, uow.now, row.zone)
    access.note_written(uow, row, send_at=send_at)
    if has_left(uow, row):
        return  # once is enough, whatever has happened since
    name = people.patient_names(uow, [row.patient_id])[row.patient_id]
    fact_id = uuid5(NAMESPACE_URL, f"follow-up:{row.id}:{row.version}")
    for whom in people.recipients(uow, row.patient_id):
        notifications.tell(uow, time_to_book(uow, whom, row, name, fact_id))
