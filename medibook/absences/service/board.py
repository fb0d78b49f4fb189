"""The board: who has answered what, who knows, and who has to be called."""

from collections.abc import Sequence
from uuid import UUID

from medibook.absences import access, rules
from medibook.absences.schemas import (
    Board,
    BoardLine,
    CaseCard,
    PlanLine,
    PlanState,
    Told,
)
from medibook.absences.service.cards import case_cards
from medibook.absences.service.messages import ABOUT_CASE
from medibook.absences.tables import AbsenceCase
from medibook.kernel.actor import admin, practitioner, staff
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query
from medibook.notifications import service as notifications
from medibook.people import service as people
from medibook.people.schemas import PatientContact


@query(allow=practitioner | staff | admin)
def absence_board(uow: UnitOfWork, *, plan_id: UUID) -> Board:
    """A plan as it stands now. Raises NotFound."""
    plan = access.find_plan(uow, plan_id)
    cases = access.cases_of(uow, [plan_id])
    cards = {card.case_id: card for card in case_cards(uow, cases)}
    letters = notifications.letters_about(uow, about_kind=ABOUT_CASE, ids=list(cards))
    contacts = people.contacts(uow, {case.patient_id for case in cases})
    callers = _callers(uow, cases)
    lines = [
        _line(
            uow,
            case,
            cards[case.id],
            contacts[case.patient_id],
            callers.get(case.reached_by, ""),
            rules.told(letters.get(case.id, ()), reached=case.reached_at is not None),
        )
        for case in cases
    ]
    return Board(
        plan_id=plan.id,
        practitioner_id=plan.practitioner_id,
        practitioner_name=people.name_plates(uow, [plan.practitioner_id])[
            plan.practitioner_id
        ].name,
        period=Interval(plan.starts_at, plan.ends_at),
        zone=plan.zone,
        state=plan.state,
        started_at=plan.started_at,
        undone_at=plan.undone_at,
        may_undo=plan.state is PlanState.RUNNING
        and rules.may_undo((case.state, case.cancelled_at is not None) for case in cases),
        lines=tuple(lines),
    )


@query(allow=practitioner | staff | admin)
def running_absences(uow: UnitOfWork) -> tuple[PlanLine, ...]:
    """The plans that stand and are not over, the soonest first."""
    plans = access.running_plans(uow)
    names = people.name_plates(uow, {plan.practitioner_id for plan in plans})
    cases: dict[UUID, list[AbsenceCase]] = {}
    for case in access.cases_of(uow, [plan.id for plan in plans]):
        cases.setdefault(case.plan_id, []).append(case)
    return tuple(
        PlanLine(
            plan_id=plan.id,
            practitioner_name=names[plan.practitioner_id].name,
            period=Interval(plan.starts_at, plan.ends_at),
            zone=plan.zone,
            patients=len(cases.get(plan.id, ())),
            still_open=sum(case.state in rules.OPEN for case in cases.get(plan.id, ())),
        )
        for plan in plans
    )


def _callers(uow: UnitOfWork, cases: Sequence[AbsenceCase]) -> dict[UUID | None, str]:
    """The names of those who have spoken to patients: a handful, however many cases there are."""
    who = {case.reached_by for case in cases if case.reached_by is not None}
    return {user_id: people.person(uow, user_id).name for user_id in who}


def _line(
    uow: UnitOfWork,
    case: AbsenceCase,
    card: CaseCard,
    contact: PatientContact,
    caller: str,
    told: Told,
) -> BoardLine:
    near = rules.is_near(case.was_at, now=uow.now)
    return BoardLine(
        case=card,
        phone=contact.phone,
        reached_through=contact.reached_through,
        told=told,
        is_here=case.is_here,
        reached_at=case.reached_at,
        reached_by=caller,
        answered_at=case.answered_at,
        by_phone=case.by_phone,
        must_call=rules.has_to_be_called(case.state, told, is_here=case.is_here),
        is_urgent=case.state in rules.OPEN and near and told is not Told.TOLD,
    )
