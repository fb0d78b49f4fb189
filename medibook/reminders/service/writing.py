"""Looking at visits whose turn it is, and writing the reminders that are due before long.

A batch is one transaction: its plans are locked, so that two workers never look at one visit, and the
note that a reminder is written stands or falls with its messages.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter
from uuid import UUID

from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus, Standing
from medibook.clinic import service as clinic
from medibook.kernel.actor import system_only
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.notifications import service as notifications
from medibook.people import service as people
from medibook.reminders import access, rules
from medibook.reminders.rules import Due
from medibook.reminders.schemas import Named, Plan
from medibook.reminders.service.following import withdraw
from medibook.reminders.service.words import reminder

# So many visits in one transaction: on SQLite nobody else writes meanwhile.
AT_ONCE = 25
# A day on the wall is at most 25 hours long, and two zones may see to one patient.
_REST_OF_THE_DAY = timedelta(hours=36)
# Two that each hold some visits of a day would wait in a ring for the others.
_ONE_AT_A_TIME = UUID("5e1f0b52-70d1-4f5d-9c3e-6a0b9d3c1d5e")


@dataclass(frozen=True, slots=True)
class _Ready:
    """A visit with a reminder that is to be written now."""

    plan: Plan
    visit: Standing
    due: Due


@use_case(allow=system_only)
def write_reminders(uow: UnitOfWork) -> int:
    """Look at the visits whose turn it is; returns how many there were.

    Each is written its next reminder, if that is due before long; or it is looked at again when it
    will be; or, when it has begun, is cancelled, or has none left, never again.
    """
    uow.lock(_ONE_AT_A_TIME)
    plans = access.due(uow, limit=AT_ONCE)
    if not plans:
        return 0
    ready = _sorted_out(uow, plans)
    done: set[UUID] = set()
    days = _visits_around(uow, ready)
    services = {card.service_id for theirs in days.values() for card in theirs}
    hours = {
        service_id: policy.reminder_hours
        for service_id, policy in clinic.policies_for(uow, services).items()
    }
    for each in ready:
        if each.visit.appointment_id not in done:
            done |= _remind(uow, each, days[each.visit.patient_id], hours)
    return len(plans)


def _sorted_out(uow: UnitOfWork, plans: Sequence[Plan]) -> list[_Ready]:
    """Those whose reminder is to be written now; the others are put off, or forgotten."""
    standing = appointments.standing(uow, [plan.appointment_id for plan in plans])
    policies = clinic.policies_for(uow, {visit.service_id for visit in standing.values()})
    ready, over = [], []
    for plan in plans:
        visit = standing.get(plan.appointment_id)
        if visit is None or visit.status is not AppointmentStatus.BOOKED:
            over.append(plan.appointment_id)
            continue
        due = rules.next_reminder(
            visit.starts_at,
            policies[visit.service_id].reminder_hours,
            since=plan.since,
            told_hours=plan.told_hours,
            now=uow.now,
        )
        if visit.starts_at <= uow.now:
            over.append(plan.appointment_id)
        elif due is None:
            # Kept until it begins: its last reminder may have to be written anew.
            access.look_again(uow, plan.appointment_id, visit.starts_at)
        elif due.write_at > uow.now:
            access.look_again(uow, plan.appointment_id, due.write_at)
            ready.append(_Ready(plan, visit, due))
        else:
            ready.append(_Ready(plan, visit, due))
    if over:
        access.forget(uow, over)
    return ready


def _visits_around(
    uow: UnitOfWork, ready: Sequence[_Ready]
) -> Mapping[UUID, list[AppointmentCard]]:
    """The booked visits that are still to come of everybody concerned, in one question."""
    found: dict[UUID, list[AppointmentCard]] = defaultdict(list)
    if ready:
        until = max(each.visit.starts_at for each in ready) + _REST_OF_THE_DAY
        whose = {each.visit.patient_id for each in ready}
        for card in appointments.booked_between(uow, whose, uow.now, until):
            found[card.patient_id].append(card)
    return found


def _remind(
    uow: UnitOfWork,
    ready: _Ready,
    theirs: Sequence[AppointmentCard],
    hours: Mapping[UUID, tuple[int, ...]],
) -> set[UUID]:
    """Write a visit's reminder, which names every visit of that day; returns which it names."""
    visit, due = ready.visit, ready.due
    day = [card for card in theirs if rules.same_day(card.starts_at, visit.starts_at, visit.zone)]
    plans = {visit.appointment_id: ready.plan}
    if len(day) > 1:
        plans = access.of_visits(uow, [card.appointment_id for card in day])
        day = _as_they_stand(uow, day)
    if due.write_at > uow.now:
        _join(uow, ready, day, plans)
        return set()
    named = [
        card
        for card in day
        if (plan := plans.get(card.appointment_id)) is not None
        and (plan.told_hours is None or plan.told_hours > due.hours)
    ]
    own = [_own(uow, card, plans[card.appointment_id], hours) for card in named]
    # It leaves when the first of them is due; those that were booked after their own time come along.
    first = min((d for d in own if d and d.hours == due.hours), key=attrgetter("at"), default=due)
    _write(uow, first, named)
    access.told(uow, [card.appointment_id for card in named], due.hours)
    return {card.appointment_id for card in named}


def _own(
    uow: UnitOfWork, card: AppointmentCard, plan: Plan, hours: Mapping[UUID, tuple[int, ...]]
) -> Due | None:
    """The reminder that a visit would have next by itself."""
    return rules.next_reminder(
        card.starts_at,
        hours[card.service_id],
        since=plan.since,
        told_hours=plan.told_hours,
        now=uow.now,
    )


def _as_they_stand(uow: UnitOfWork, day: Sequence[AppointmentCard]) -> list[AppointmentCard]:
    """Those that have not changed while somebody else held their plan, which is locked by now."""
    standing = appointments.standing(uow, [card.appointment_id for card in day])
    return [card for card in day if standing[card.appointment_id].version == card.version]


def _write(uow: UnitOfWork, due: Due, visits: Sequence[AppointmentCard]) -> None:
    """Write one reminder of these visits to everybody who is told of them."""
    reminder_id = uow.new_id()
    named = [
        Named(
            reminder_id=reminder_id,
            appointment_id=card.appointment_id,
            version=card.version,
            mark=appointments.about_visit(card).mark,
            hours=due.hours,
        )
        for card in visits
    ]
    before = _written_before(uow, named)
    access.note_reminder(uow, named)
    for whom in people.recipients(uow, visits[0].patient_id):
        gone = notifications.channels_gone(
            uow, before, recipient_id=whom.user_id, addresses={whom.email, whom.phone} - {""}
        )
        notifications.tell(uow, reminder(uow, whom, visits, due, reminder_id, but_not=gone))


def _written_before(uow: UnitOfWork, named: Sequence[Named]) -> set[UUID]:
    """The reminders of the same hours that have named these visits as they are, and were taken back."""
    these = {(each.appointment_id, each.version, each.hours) for each in named}
    before = access.named_with(uow, [each.appointment_id for each in named])
    return {
        each.reminder_id
        for each in before
        if (each.appointment_id, each.version, each.hours) in these
    }


def _join(
    uow: UnitOfWork, ready: _Ready, day: Sequence[AppointmentCard], plans: Mapping[UUID, Plan]
) -> None:
    """Let a visit that was booked later be named by a reminder of that day which has not left yet."""
    mine, levels = ready.visit.appointment_id, {}
    for card in day:
        plan = plans.get(card.appointment_id)
        if plan is not None and plan.told_hours is not None and card.appointment_id != mine:
            levels[card.appointment_id] = (card.version, plan.told_hours)
    if not levels:
        return
    named = access.named_with(uow, list(levels))
    names_me = {each.reminder_id for each in named if each.appointment_id == mine}
    told = ready.plan.told_hours
    for each in named:
        if levels.get(each.appointment_id) != (each.version, each.hours):
            continue  # of a time that is over
        if each.reminder_id in names_me or (told is not None and told <= each.hours):
            continue
        if notifications.has_gone(uow, [each.reminder_id]):
            continue
        withdraw(uow, [each.appointment_id])
        access.told(uow, [each.appointment_id], each.hours + 1)
