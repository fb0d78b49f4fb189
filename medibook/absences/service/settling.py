"""What becomes of cases by themselves: times run out, visits come near, somebody changes them elsewhere."""

from uuid import UUID

from medibook.absences import access, rules
from medibook.absences.events import CaseChanged
from medibook.absences.schemas import CaseState, Told
from medibook.absences.service.messages import ABOUT_CASE
from medibook.absences.tables import AbsenceCase
from medibook.appointments import service as appointments
from medibook.appointments.events import AppointmentFact
from medibook.appointments.rules import ACTIVE
from medibook.kernel.actor import system_only
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.kernel.words import N_
from medibook.notifications import service as notifications
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.ui.i18n import translator

_AT_ONCE = 100
_REASON = N_("The doctor is away")


@use_case(allow=system_only)
def settle_case(uow: UnitOfWork, *, fact: AppointmentFact) -> None:
    """Let a case rest whose visit was moved or cancelled in another way; its other times are free again."""
    case = access.case_of_visit(uow, fact.appointment_id)
    if case is None or case.cancelled_at is not None:
        return
    plan = access.find_plan(uow, case.plan_id)
    visit = appointments.visits_by_id(uow, [fact.appointment_id]).get(fact.appointment_id)
    period = Interval(plan.starts_at, plan.ends_at)
    if visit is None or not (
        visit.status in ACTIVE
        and visit.practitioner_id == plan.practitioner_id
        and period.overlaps(Interval(visit.starts_at, visit.ends_at))
    ):
        _settle(uow, case, plan.practitioner_id)


@query(allow=system_only)
def cases_due(uow: UnitOfWork) -> tuple[UUID, ...]:
    """The open cases whose times have run out, or whose visits are near."""
    return tuple(access.due_cases(uow, near=uow.now + rules.CANCEL_BEFORE, limit=_AT_ONCE))


@use_case(allow=system_only)
def see_to_case(uow: UnitOfWork, *, case_id: UUID) -> bool:
    """End what has run out, and cancel the visit that is near; tells whether anything was to be done.

    Nothing is cancelled whose patient has not been told. Running it twice does no harm.
    """
    visit_id = access.find_case(uow, case_id).appointment_id
    # Locked before the case, as always.
    stands = appointments.is_open_to_change(uow, visit_id)
    case = access.lock_case(uow, case_id)
    if case.state not in rules.OPEN:
        return False
    plan = access.find_plan(uow, case.plan_id)
    if not stands and case.cancelled_at is None:
        return _settle(uow, case, plan.practitioner_id)
    is_near = stands and rules.is_near(case.was_at, now=uow.now)
    off = is_near and case.cancelled_at is None and _cancel_if_told(uow, case)
    ran_out = close_when_empty(uow, case_id)
    if off and not ran_out:
        _say(uow, case, plan.practitioner_id)
    return off or ran_out


def close_when_empty(uow: UnitOfWork, case_id: UUID) -> bool:
    """Put a case on the list of calls when nothing is kept for it any longer."""
    case = access.lock_case(uow, case_id)
    is_empty = not scheduling.kept_for_absences(uow, [case_id])
    if case.state is not CaseState.WAITING or not is_empty:
        return False
    case.state = CaseState.CALL
    scheduling.let_absence_go(uow, case_id)
    _say(uow, case, access.find_plan(uow, case.plan_id).practitioner_id)
    return True


def withdraw_messages(uow: UnitOfWork, case: AbsenceCase, reason: str) -> None:
    """Take back what has not left yet about a case."""
    notifications.withdraw(uow, about_kind=ABOUT_CASE, about_id=case.id, reason=reason)


def cancel_visit(uow: UnitOfWork, case: AbsenceCase) -> None:
    """Cancel the visit of a case, with the reason in its patient's words."""
    contact = people.contacts(uow, [case.patient_id])[case.patient_id]
    appointments.cancel_while_away(
        uow, appointment_id=case.appointment_id, reason=translator(contact.locale)(_REASON)
    )


def _cancel_if_told(uow: UnitOfWork, case: AbsenceCase) -> bool:
    letters = notifications.letters_about(uow, about_kind=ABOUT_CASE, ids=[case.id])
    knows = rules.told(letters.get(case.id, ()), reached=case.reached_at is not None)
    if knows is not Told.TOLD:
        return False
    case.cancelled_at = uow.now  # before the fact: it is this room's own doing
    access.write_down(uow)
    cancel_visit(uow, case)
    scheduling.keep_whole(uow, case.id)
    return True


def _settle(uow: UnitOfWork, case: AbsenceCase, practitioner_id: UUID) -> bool:
    case.state = CaseState.SETTLED
    case.answered_at = uow.now
    access.write_down(uow)
    scheduling.let_absence_go(uow, case.id)
    withdraw_messages(uow, case, "the visit was changed in another way")
    _say(uow, case, practitioner_id)
    return True


def _say(uow: UnitOfWork, case: AbsenceCase, practitioner_id: UUID) -> None:
    access.write_down(uow)
    uow.record(CaseChanged(case.plan_id, practitioner_id, case.id, case.patient_id))
