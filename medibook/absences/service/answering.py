"""The patient's answer: one of the other times, or none; by themselves, or to whoever rings them."""

from uuid import UUID

from medibook.absences import access, rules
from medibook.absences.events import CaseAnswered, CaseChanged
from medibook.absences.schemas import CaseCard, CaseState
from medibook.absences.service.cards import case_card
from medibook.absences.service.messages import about_case, short_answer
from medibook.absences.service.settling import cancel_visit, withdraw_messages
from medibook.absences.tables import AbsenceCase
from medibook.appointments import service as appointments
from medibook.appointments.events import AppointmentConfirmed
from medibook.appointments.rules import OfferGone
from medibook.kernel.actor import Role, admin, patient, practitioner, staff, system_only
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.notifications.schemas import About
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules.refusals import NotBookable
from medibook.scheduling.schemas import HeldSlot

_CLINIC = {Role.STAFF, Role.PRACTITIONER}
_ANSWERED = "answered"


@query(allow=patient | practitioner | staff | admin | system_only)
def absence_case(uow: UnitOfWork, *, case_id: UUID) -> CaseCard:
    """A visit that cannot be, with the other times and what has become of it. Raises NotFound."""
    return case_card(uow, access.find_case(uow, case_id))


@query(allow=patient | practitioner | staff | admin | system_only)
def absence_case_of_visit(uow: UnitOfWork, *, appointment_id: UUID) -> CaseCard | None:
    """The case of a visit, while its patient has yet to answer, or when it goes on as another visit."""
    case = access.last_case_of_visit(uow, appointment_id)
    if case is None:
        return None
    went_on = case.state is CaseState.TAKEN and case.visit_id != appointment_id
    return case_card(uow, case) if went_on or case.state in rules.OPEN else None


@use_case(allow=system_only)
def refuse_while_away(uow: UnitOfWork, *, fact: AppointmentConfirmed) -> None:
    """Let nobody confirm a visit that cannot be, in whichever way they say it. Raises PractitionerAway."""
    if access.visits_in_doubt(uow, [fact.appointment_id]):
        raise rules.PractitionerAway


def answer_while_away(
    uow: UnitOfWork, *, case_id: UUID, user_id: UUID | None, locale: str
) -> tuple[str, About]:
    """What a patient is answered by SMS who speaks of a visit that cannot be, and what that is about."""
    case = access.find_case(uow, case_id)
    everybody = people.recipients(uow, case.patient_id)
    whom = next((each for each in everybody if each.user_id == user_id), everybody[0])
    return short_answer(uow, case, whom.model_copy(update={"locale": locale})), about_case(case)


@use_case(allow=patient | practitioner | staff | system_only)
def take_alternative(uow: UnitOfWork, *, case_id: UUID, alternative_id: UUID) -> CaseCard:
    """Take one of the other times: the visit is there from now on, and the old time is given back.

    What else was kept is free again. Taking it twice moves once. When the old visit has been
    cancelled meanwhile, a new one is booked.

    Raises:
        AlternativeGone: it is not kept any longer. AlreadyAnswered: something else came first.
        StaysAfterAll: the plan was taken back. NotBookable: the colleague has left meanwhile.
    """
    case, held = _lock(uow, case_id, alternative_id)
    if case.state is CaseState.TAKEN and case.taken_id == alternative_id:
        return case_card(uow, case)
    _check_open(case)
    if held is None:
        raise rules.AlternativeGone
    if not people.is_bookable(uow, held.practitioner_id):
        raise NotBookable
    _answer(uow, case, CaseState.TAKEN)
    case.taken_id = alternative_id
    access.write_down(
        uow
    )  # before the visit moves: whoever follows that must see that it is answered
    try:
        case.visit_id = appointments.go_elsewhere(
            uow, appointment_id=case.appointment_id, held=held
        )
    except OfferGone as gone:
        raise rules.AlternativeGone from gone
    _close(uow, case)
    return case_card(uow, case)


@use_case(allow=patient | practitioner | staff | system_only)
def decline_alternatives(uow: UnitOfWork, *, case_id: UUID) -> CaseCard:
    """Want none of the other times: all are free again, and the visit is cancelled. Twice does no harm.

    Raises:
        AlreadyAnswered: one was taken, or the visit was changed elsewhere. StaysAfterAll.
    """
    case, _held = _lock(uow, case_id, None)
    if case.state is CaseState.DECLINED:
        return case_card(uow, case)
    _check_open(case)
    _answer(uow, case, CaseState.DECLINED)
    is_off = case.cancelled_at is not None
    case.cancelled_at = case.cancelled_at or uow.now
    access.write_down(uow)
    if not is_off:
        cancel_visit(uow, case)
    _close(uow, case)
    return case_card(uow, case)


@use_case(allow=practitioner | staff)
def note_reached(uow: UnitOfWork, *, case_id: UUID, reached: bool) -> CaseCard:
    """Note that somebody has spoken to the patient, who knows by now; or that this was a mistake."""
    case = access.lock_case(uow, case_id)
    if case.state is CaseState.UNDONE:
        raise rules.StaysAfterAll
    case.reached_at = uow.now if reached else None
    case.reached_by = uow.actor.user_id if reached else None
    access.write_down(uow)
    whose = access.find_plan(uow, case.plan_id).practitioner_id
    uow.audit("absence_case", case.id, patient_id=case.patient_id)
    uow.record(CaseChanged(case.plan_id, whose, case.id, case.patient_id))
    return case_card(uow, case)


def _lock(
    uow: UnitOfWork, case_id: UUID, alternative_id: UUID | None
) -> tuple[AbsenceCase, HeldSlot | None]:
    """The case and the kept time, locked in the order of the house: visit, patient, practitioner, case.

    Whoever moves the visit in another way takes the same locks and then meets the case.
    """
    known = access.find_case(uow, case_id)
    with uow.acting_as("absences"):
        appointments.is_open_to_change(uow, known.appointment_id)
    held = _kept(uow, case_id, alternative_id)
    uow.lock(known.patient_id)
    if held is not None:
        uow.lock(held.practitioner_id)
    case = access.lock_case(uow, case_id)
    return case, _kept(uow, case_id, alternative_id)


def _kept(uow: UnitOfWork, case_id: UUID, alternative_id: UUID | None) -> HeldSlot | None:
    kept = scheduling.kept_for_absences(uow, [case_id]).get(case_id, ())
    return next((held for held in kept if held.hold_id == alternative_id), None)


def _check_open(case: AbsenceCase) -> None:
    if case.state is CaseState.UNDONE:
        raise rules.StaysAfterAll
    if case.state not in rules.OPEN:
        raise rules.AlreadyAnswered


def _answer(uow: UnitOfWork, case: AbsenceCase, state: CaseState) -> None:
    case.state, case.answered_at = state, uow.now
    case.answered_by = uow.actor.user_id
    case.by_phone = uow.actor.role in _CLINIC


def _close(uow: UnitOfWork, case: AbsenceCase) -> None:
    """Give back what else was kept, take back what has not left, and say that it is answered."""
    scheduling.let_absence_go(uow, case.id)
    withdraw_messages(uow, case, _ANSWERED)
    with uow.acting_as("absences"):
        plan = access.find_plan(uow, case.plan_id)
    access.write_down(uow)
    uow.audit("absence_case", case.id, patient_id=case.patient_id)
    uow.record(CaseAnswered(case.plan_id, plan.practitioner_id, case.id, case.patient_id))
