"""Starting a plan: the time off, the other times and the messages, in one transaction."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from medibook.absences import access, rules
from medibook.absences.events import AbsenceStarted
from medibook.absences.schemas import Candidate, CaseState, NewAbsence, Wanting
from medibook.absences.service.ground import Could, Said, said, visits_affected, wanting, who_could
from medibook.absences.service.messages import tell_of_case
from medibook.absences.service.reach import is_here
from medibook.absences.service.settling import close_when_empty
from medibook.absences.tables import AbsenceCase, AbsencePlan
from medibook.appointments.schemas import AppointmentCard
from medibook.kernel.actor import practitioner, staff
from medibook.kernel.errors import Forbidden
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import HeldSlot, SlotWish

_SECOND_CLICK = timedelta(minutes=1)


@use_case(allow=practitioner | staff)
def start_absence(uow: UnitOfWork, *, new: NewAbsence) -> UUID:
    """Let a practitioner be away: write the time off, keep other times, tell each patient once.

    Every visit stays until its patient has answered, or knows and its time has come near. The same
    click sent twice starts one plan. Returns the plan.

    Raises:
        AbsenceRuns: a plan for some of this time stands. Invalid: field by field. NotFound.
    """
    if uow.actor.user_id is None:  # the guard lets nobody else in
        raise Forbidden
    absence = said(uow, new)
    visits, could = _lock_everybody(uow, absence)
    if (known := access.overlapping(uow, absence.practitioner_id, absence.period)) is not None:
        return _same_click(uow, known, absence)
    off_id = scheduling.be_away(uow, absence.practitioner_id, absence.off)
    plan = access.add_plan(
        uow,
        AbsencePlan(
            id=uow.new_id(),
            practitioner_id=absence.practitioner_id,
            starts_at=absence.period.start,
            ends_at=absence.period.end,
            zone=absence.off.zone,
            time_off_id=off_id,
            started_by=uow.actor.user_id,
            started_at=uow.now,
        ),
    )
    # What is offered of that time to others, by this room or another, cannot be had any longer.
    for case_id in scheduling.take_back_offers(uow, absence.practitioner_id, absence.period):
        close_when_empty(uow, case_id)
    _open_cases(uow, plan, visits, wanting(uow, absence, visits, could))
    uow.audit("absence_plan", plan.id)
    uow.record(AbsenceStarted(plan.id, plan.practitioner_id))
    return plan.id


def _lock_everybody(uow: UnitOfWork, absence: Said) -> tuple[tuple[AppointmentCard, ...], Could]:
    """Let nobody else decide about these patients and practitioners meanwhile, patients first."""
    visits = visits_affected(uow, absence)
    kinds = {visit.service_id for visit in visits} | set(absence.video_instead.values())
    could = who_could(uow, absence.practitioner_id, kinds)
    uow.lock(*{visit.patient_id for visit in visits})
    uow.lock(absence.practitioner_id, *{who for cards in could.values() for who in cards})
    return visits_affected(uow, absence), could


def _same_click(uow: UnitOfWork, plan_id: UUID, absence: Said) -> UUID:
    plan = access.find_plan(uow, plan_id)
    same = (plan.starts_at, plan.ends_at) == (absence.period.start, absence.period.end)
    is_own = plan.started_by == uow.actor.user_id
    if same and is_own and uow.now - plan.started_at <= _SECOND_CLICK:
        return plan.id
    raise rules.AbsenceRuns


def _open_cases(
    uow: UnitOfWork,
    plan: AbsencePlan,
    visits: Sequence[AppointmentCard],
    wants: Sequence[Wanting],
) -> None:
    """A case for each visit, with the times that can be kept for it; then the messages."""
    cases = {visit.appointment_id: _open(uow, plan, visit) for visit in visits}
    kept: dict[UUID, list[HeldSlot]] = {visit: [] for visit in cases}

    def keep(want: Wanting, candidate: Candidate) -> bool:
        held = keep_alternative(uow, cases[want.appointment_id], candidate)
        kept[want.appointment_id] += [held] if held else []
        return held is not None

    rules.spread(wants, keep)
    for visit in visits:
        case, own = cases[visit.appointment_id], kept[visit.appointment_id]
        if own:
            case.state = CaseState.WAITING
            case.lapses_at = max(held.expires_at for held in own)
        access.write_down(uow)
        if not case.is_here:
            tell_of_case(uow, case, visit)


def _open(uow: UnitOfWork, plan: AbsencePlan, visit: AppointmentCard) -> AbsenceCase:
    case = AbsenceCase(
        id=uow.new_id(),
        plan_id=plan.id,
        appointment_id=visit.appointment_id,
        patient_id=visit.patient_id,
        was_at=visit.starts_at,
        state=CaseState.CALL,
        is_here=is_here(visit),
        visit_id=visit.appointment_id,
    )
    return access.add_case(uow, case)


def keep_alternative(uow: UnitOfWork, case: AbsenceCase, candidate: Candidate) -> HeldSlot | None:
    """Keep a time for a case, and write down what it is; None when it cannot be had."""
    held = scheduling.keep_for_absence(
        uow,
        wish=SlotWish(
            practitioner_id=candidate.practitioner_id,
            service_id=candidate.service_id,
            starts_at=candidate.time.start,
        ),
        patient_id=case.patient_id,
        case_id=case.id,
        moves=case.appointment_id,
        until=rules.lapses_at(candidate.time.start, now=uow.now),
    )
    if held is not None:
        access.add_alternative(
            uow,
            id=held.hold_id,
            case_id=case.id,
            kind=candidate.kind,
            **held.model_dump(include=_OF_A_HOLD),
        )
    return held


_OF_A_HOLD = {
    "practitioner_id",
    "service_id",
    "location_id",
    "starts_at",
    "ends_at",
    "zone",
    "expires_at",
}
