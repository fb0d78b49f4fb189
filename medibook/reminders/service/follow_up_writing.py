"""Writing follow-ups some hours before they leave; and what follows for them from what happens to visits."""

from uuid import NAMESPACE_URL, UUID, uuid5

from medibook.appointments import service as appointments
from medibook.appointments.events import AppointmentFact
from medibook.appointments.rules import ACTIVE
from medibook.appointments.schemas import AppointmentStatus
from medibook.kernel.actor import system_only
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.notifications import service as notifications
from medibook.people import service as people
from medibook.reminders import access, rules
from medibook.reminders.schemas import FollowUpEnd
from medibook.reminders.service.follow_up_truth import against_follow_ups, booked_for, comes_in_time
from medibook.reminders.service.follow_up_words import time_to_book
from medibook.reminders.service.follow_ups import end, has_left, live_again
from medibook.reminders.tables import FollowUp

AT_ONCE = 25
_STANDS = ACTIVE | {AppointmentStatus.FULFILLED}


@use_case(allow=system_only)
def write_follow_ups(uow: UnitOfWork) -> int:
    """Write whom to ask before long; returns how many were looked at.

    Who is not to be asked after all never is, and it says why. They are judged once more when the
    message leaves.
    """
    rows = access.due_follow_ups(uow, before=uow.now + rules.AHEAD, limit=AT_ONCE)
    against = against_follow_ups(uow, rows)
    for row in rows:
        why = against.get(row.id)
        if why is None:
            _write(uow, row)
        else:
            end(uow, row, why, settled_by=visit_of(uow, row) if why is FollowUpEnd.BOOKED else None)
    return len(rows)


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
    send_at = rules.not_before_day(row.send_at, uow.now, row.zone)
    access.note_written(uow, row, send_at=send_at)
    if has_left(uow, row):
        return  # once is enough, whatever has happened since
    name = people.patient_names(uow, [row.patient_id])[row.patient_id]
    fact_id = uuid5(NAMESPACE_URL, f"follow-up:{row.id}:{row.version}")
    for whom in people.recipients(uow, row.patient_id):
        notifications.tell(uow, time_to_book(uow, whom, row, name, fact_id))
