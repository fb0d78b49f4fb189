"""What a link opens while a practitioner is away: the other times for a visit, or what it has come to."""

from collections.abc import Collection
from uuid import UUID

from medibook.absences import service as absences
from medibook.absences.rules import KIND_WORDS, OPEN
from medibook.absences.schemas import CaseCard, CaseState
from medibook.answers import rules
from medibook.answers.schemas import Answer, OfferedTime, Said, Stand
from medibook.appointments import service as appointments
from medibook.kernel.errors import Conflict, NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.schemas import AnswerLink
from medibook.notifications.schemas.links import Action


def answer_of(uow: UnitOfWork, link: AnswerLink) -> Answer:
    """The other times that can be taken; afterwards the visit as it is by now. Raises NotFound."""
    return answer_of_case(uow, _case(uow, link), link.actions)


def answer_of_case(uow: UnitOfWork, case: CaseCard, allowed: Collection[str]) -> Answer:
    """How a case stands for whoever has a link that allows this much."""
    if case.state not in OPEN:
        return _as_it_is_now(uow, case)
    times = tuple(
        OfferedTime(
            offer_id=one.alternative_id,
            starts_at=one.starts_at,
            zone=one.zone,
            note=KIND_WORDS[one.kind],
        )
        for one in case.alternatives
        if one.is_open
    )
    return Answer(
        first_name=rules.first_name(case.patient_name),
        starts_at=case.was_at,
        zone=case.zone,
        stand=Stand.OFFERED if times else Stand.TO_BE_CALLED,
        actions=_allowed((Action.TAKE, Action.DECLINE) if times else (), allowed),
        times=times,
        answer_until=case.lapses_at if times else None,
        is_away=True,
    )


def carry_out(uow: UnitOfWork, link: AnswerLink, action: Action, said: Said) -> None:
    """Take one of the other times, or none. Raises NotFound, Conflict, and what the room refuses."""
    carry_out_case(uow, _case(uow, link).case_id, action, said)


def carry_out_case(uow: UnitOfWork, case_id: UUID, action: Action, said: Said) -> None:
    """Take one of the other times of a case, or none."""
    match action:
        case Action.TAKE:
            absences.take_alternative(uow, case_id=case_id, alternative_id=_chosen(said))
        case Action.DECLINE:
            absences.decline_alternatives(uow, case_id=case_id)
        case _:
            raise NotFound


def _as_it_is_now(uow: UnitOfWork, case: CaseCard) -> Answer:
    visit = appointments.visit(uow, appointment_id=case.visit_id)
    return Answer(
        first_name=rules.first_name(visit.patient_name),
        starts_at=visit.starts_at,
        zone=visit.zone,
        stand=Stand.CANCELLED
        if case.state is CaseState.DECLINED
        else rules.stand_of(visit, uow.now),
        actions=(),
    )


def _case(uow: UnitOfWork, link: AnswerLink) -> CaseCard:
    case = absences.absence_case(uow, case_id=link.about.about_id)
    if case.patient_id != link.about.patient_id:
        raise NotFound
    return case


def _chosen(said: Said) -> UUID:
    if said.offer_id is None:
        raise Conflict
    return said.offer_id


def _allowed(actions: Collection[Action], by_link: Collection[str]) -> tuple[Action, ...]:
    return tuple(action for action in actions if action.value in by_link)
