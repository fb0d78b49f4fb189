"""Taking a whole plan back, for as long as nobody has answered."""

from uuid import UUID

from medibook.absences import access, rules
from medibook.absences.events import AbsenceUndone
from medibook.absences.schemas import CaseState, PlanState
from medibook.absences.service.messages import ABOUT_CASE, tell_that_it_stays
from medibook.absences.service.settling import withdraw_messages
from medibook.absences.tables import AbsenceCase
from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentCard
from medibook.kernel.actor import practitioner, staff
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.notifications import service as notifications
from medibook.notifications.schemas import Letter
from medibook.scheduling import service as scheduling

_WHY = "the plan was taken back"


@use_case(allow=practitioner | staff)
def undo_absence(uow: UnitOfWork, *, plan_id: UUID) -> None:
    """Take a plan back: the other times and the time off are given back, and every visit stays.

    Whose message has left is told that all stays; whose has not is never told. Twice does no harm.

    Raises:
        AnsweredAlready: somebody has answered, or a visit was cancelled. NotFound.
    """
    whose = access.find_plan(uow, plan_id).practitioner_id
    uow.lock(whose)
    plan = access.lock_plan(uow, plan_id)
    if plan.state is PlanState.UNDONE:
        return
    cases = access.cases_of(uow, [plan_id], locked=True)
    if not rules.may_undo((case.state, case.cancelled_at is not None) for case in cases):
        raise rules.AnsweredAlready
    plan.state, plan.undone_at = PlanState.UNDONE, uow.now
    open_cases = [case for case in cases if case.state is not CaseState.SETTLED]
    for case in open_cases:
        case.state = CaseState.UNDONE
    access.write_down(uow)
    visits = appointments.visits_by_id(uow, {case.appointment_id for case in open_cases})
    letters = notifications.letters_about(
        uow, about_kind=ABOUT_CASE, ids=[case.id for case in open_cases]
    )
    for case in open_cases:
        scheduling.let_absence_go(uow, case.id)
        withdraw_messages(uow, case, _WHY)
        _say_that_it_stays(uow, case, visits[case.appointment_id], letters.get(case.id, ()))
    scheduling.be_back(uow, plan.practitioner_id, plan.time_off_id)
    uow.audit("absence_plan", plan.id)
    uow.record(AbsenceUndone(plan.id, plan.practitioner_id))


def _say_that_it_stays(
    uow: UnitOfWork, case: AbsenceCase, visit: AppointmentCard, letters: tuple[Letter, ...]
) -> None:
    left = frozenset((each.recipient_id, each.to) for each in letters if each.may_have_left)
    if left:
        tell_that_it_stays(uow, case, visit, to=left)
