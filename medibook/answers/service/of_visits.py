"""Links to visits: how one stands, and what is done about it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from medibook.absences import service as absences
from medibook.absences.schemas import CaseCard
from medibook.answers import rules
from medibook.answers.schemas import Answer, OfferedTime, Said
from medibook.answers.service import of_absences
from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentCard
from medibook.kernel.errors import Conflict, NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.schemas import AnswerLink
from medibook.notifications.schemas.links import Action

_INSTEAD: Final = (Action.TAKE, Action.DECLINE)


def visit_of(uow: UnitOfWork, link: AnswerLink) -> AppointmentCard:
    """The visit that a link is for. Raises NotFound, also when it is another patient's."""
    if link.about.kind != appointments.ABOUT_VISIT:
        raise NotFound
    visit = appointments.visit(uow, appointment_id=link.about.about_id)
    if visit.patient_id != link.about.patient_id:
        raise NotFound
    return visit


def allowed(uow: UnitOfWork, link: AnswerLink) -> tuple[str, ...]:
    """What this link lets do: who may move and cancel a visit may also choose another time for it."""
    may_choose = {Action.MOVE.value, Action.CANCEL.value} <= set(link.actions)
    if may_choose and _case_of(uow, link) is not None:
        return (*link.actions, *(each.value for each in _INSTEAD))
    return link.actions


def _case_of(uow: UnitOfWork, link: AnswerLink) -> CaseCard | None:
    return absences.absence_case_of_visit(uow, appointment_id=link.about.about_id)


def answer_of(uow: UnitOfWork, link: AnswerLink) -> Answer:
    """What the link shows: of a visit that cannot be, the other times instead. Raises NotFound."""
    visit = visit_of(uow, link)
    if (case := _case_of(uow, link)) is not None:
        return of_absences.answer_of_case(uow, case, allowed(uow, link))
    actions, is_late = rules.possible(visit, link.actions, uow.now)
    return Answer(
        first_name=rules.first_name(visit.patient_name),
        starts_at=visit.starts_at,
        zone=visit.zone,
        stand=rules.stand_of(visit, uow.now),
        actions=actions,
        is_late=is_late,
        times=tuple(
            OfferedTime(offer_id=each.offer_id, starts_at=each.starts_at, zone=each.zone)
            for each in (visit.offers if Action.TAKE in actions else ())
        ),
        answer_until=visit.lapses_at if Action.TAKE in actions else None,
    )


def carry_out(uow: UnitOfWork, link: AnswerLink, action: Action, said: Said) -> None:
    """Do it. Raises NotFound, Conflict, and whatever the story itself refuses."""
    visit_id = visit_of(uow, link).appointment_id
    if action in _INSTEAD and (case := _case_of(uow, link)) is not None:
        of_absences.carry_out_case(uow, case.case_id, action, said)
        return
    _change(uow, visit_id, action, said)


def _change(uow: UnitOfWork, visit_id: UUID, action: Action, said: Said) -> None:
    match action:
        case Action.CONFIRM:
            appointments.confirm_appointment(
                uow, appointment_id=visit_id, starts_at=_seen(said.starts_at)
            )
        case Action.MOVE:
            appointments.move_to_time(
                uow, appointment_id=visit_id, starts_at=_seen(said.starts_at), to=_seen(said.to)
            )
        case Action.CANCEL:
            appointments.cancel_appointment(
                uow, appointment_id=visit_id, starts_at=_seen(said.starts_at)
            )
        case Action.TAKE:
            if said.offer_id is None:
                raise Conflict
            appointments.take_offered_time(uow, appointment_id=visit_id, offer_id=said.offer_id)
        case Action.DECLINE:
            appointments.decline_offers(uow, appointment_id=visit_id)
        case Action.LEAVE:
            raise NotFound


def _seen(claim: datetime | None) -> datetime:
    """The time that a form says its reader has seen; without one, it is no form of ours."""
    if claim is None:
        raise Conflict
    return claim
