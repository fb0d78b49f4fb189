"""Follow-ups as people set them: when somebody should come again, taken back, and lived again."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import service as appointments
from medibook.appointments.rules import may_plan_next
from medibook.appointments.schemas import AppointmentCard
from medibook.clinic import service as clinic
from medibook.kernel.actor import Role, patient, practitioner, staff
from medibook.kernel.errors import Conflict, Forbidden
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.notifications import service as notifications
from medibook.people import service as people
from medibook.reminders import access, rules
from medibook.reminders.events import FollowUpEnded, FollowUpRestored, FollowUpSet
from medibook.reminders.schemas import (
    FollowUpCard,
    FollowUpEnd,
    FollowUpPage,
    FollowUpSheet,
    FollowUpStage,
    FollowUpState,
    NewFollowUp,
)
from medibook.reminders.service.follow_up_truth import ABOUT_FOLLOW_UP
from medibook.reminders.tables import FollowUp

# So long after taking one back it can still be seen there, to be had again.
_UNDO_LASTS = timedelta(days=1)


@use_case(allow=practitioner | staff)
def set_follow_up(uow: UnitOfWork, *, appointment_id: UUID, new: NewFollowUp) -> FollowUpCard:
    """Plan that the patient of a visit is asked to book the next one; what was planned so before makes way.

    Raises:
        NotFound: no such visit of theirs. NotSeenYet: it has not begun, or never was.
        Invalid: no such day. ServiceNotOffered: by this practitioner. Forbidden: by no account.
    """
    visit = appointments.visit(uow, appointment_id=appointment_id)
    if not may_plan_next(visit.status, visit.starts_at, uow.now):
        raise rules.NotSeenYet
    if uow.actor.user_id is None:
        raise Forbidden
    due_on = _due_on(visit, new, uow.now)
    service_id = new.service_id or visit.service_id
    clinic.service_and_policy(uow, visit.practitioner_id, service_id)
    uow.lock(visit.patient_id)  # one of a kind at a time: look, end the old one, write
    row = FollowUp(
        id=uow.new_id(),
        patient_id=visit.patient_id,
        practitioner_id=visit.practitioner_id,
        service_id=service_id,
        after_id=visit.appointment_id,
        due_on=due_on,
        zone=visit.zone,
        send_at=rules.by_day(due_on, visit.zone),
        set_by=uow.actor.user_id,
        created_at=uow.now,
    )
    if (before := access.active_follow_up(uow, row)) is not None:
        end(uow, before, FollowUpEnd.TOLD if has_left(uow, before) else FollowUpEnd.SET_ANEW)
    access.add_follow_up(uow, row)
    uow.audit("follow_up", row.id, patient_id=row.patient_id)
    uow.record(FollowUpSet(row.id, row.practitioner_id, row.patient_id))
    return _cards(uow, [access.these_follow_ups(uow, [row.id])[row.id]])[0]


def _due_on(visit: AppointmentCard, new: NewFollowUp, now: datetime) -> date:
    wall = ZoneInfo(visit.zone)
    seen_on, today = (at.astimezone(wall).date() for at in (visit.starts_at, now))
    return rules.follow_up_day(seen_on, new.number, new.span, today=today)


@use_case(allow=patient | practitioner | staff)
def take_follow_up_back(uow: UnitOfWork, *, follow_up_id: UUID) -> None:
    """Ask nobody after all; taking back what is over changes nothing. Raises NotFound."""
    row = access.find_follow_up(uow, follow_up_id)
    uow.audit("follow_up", row.id, patient_id=row.patient_id)
    if row.state is FollowUpState.ACTIVE:
        by_patient = uow.actor.role is Role.PATIENT
        end(uow, row, FollowUpEnd.NOT_WANTED if by_patient else FollowUpEnd.TAKEN_BACK)


@use_case(allow=patient | practitioner | staff)
def restore_follow_up(uow: UnitOfWork, *, follow_up_id: UUID) -> None:
    """Undo that a follow-up was taken back. Raises NotFound; Conflict: the other side has, or it is over."""
    row = access.find_follow_up(uow, follow_up_id)
    uow.audit("follow_up", row.id, patient_id=row.patient_id)
    uow.lock(row.patient_id)
    if row.state is FollowUpState.ACTIVE:
        return
    if not _may_restore(uow, row) or access.active_follow_up(uow, row) is not None:
        raise Conflict
    live_again(uow, row)


@query(allow=practitioner | staff)
def follow_up_sheet(uow: UnitOfWork, *, appointment_id: UUID) -> FollowUpSheet:
    """What is planned after a visit, for whoever plans it. Raises NotFound."""
    visit = appointments.visit(uow, appointment_id=appointment_id)
    rows = access.follow_ups_with(
        uow, patient_id=visit.patient_id, practitioner_id=visit.practitioner_id
    )
    told = (
        notifications.ledger_of(uow, about_kind=ABOUT_FOLLOW_UP, about_id=rows[0].id)
        if rows
        else ()
    )
    return FollowUpSheet(
        visit=visit,
        may_set=may_plan_next(visit.status, visit.starts_at, uow.now),
        services=clinic.services_of(uow, visit.practitioner_id),
        follow_ups=_cards(uow, rows),
        told=told,
    )


@query(allow=practitioner | staff)
def follow_ups(
    uow: UnitOfWork, *, stage: FollowUpStage, text: str = "", page: int = 1
) -> FollowUpPage:
    """A page of the follow-ups that stand so; a practitioner's own, the front desk's all.

    ``text``: of patients whose names begin so, three letters at least; less asks for nobody's.
    """
    found = people.patients_named(text) if text.strip() else None
    rows = access.page_of_follow_ups(uow, stage=stage, named=found, page=page)
    shown = rows[: access.PER_PAGE]
    return FollowUpPage(rows=_cards(uow, shown), has_more=len(rows) > len(shown))


@query(allow=patient)
def my_follow_ups(uow: UnitOfWork) -> tuple[FollowUpCard, ...]:
    """What is planned for whom the actor books for; what they have just cancelled can be had again."""
    rows = access.my_follow_ups(uow, ended_since=uow.now - _UNDO_LASTS)
    return tuple(
        card
        for card in _cards(uow, rows)
        if card.stage in (FollowUpStage.PLANNED, FollowUpStage.TOLD) or card.may_restore
    )


def end(
    uow: UnitOfWork, row: FollowUp, why: FollowUpEnd, *, settled_by: UUID | None = None
) -> None:
    """End a follow-up; what has been written and not left is taken back, with the reason."""
    access.end_follow_up(uow, row, why, settled_by=settled_by)
    notifications.withdraw(uow, about_kind=ABOUT_FOLLOW_UP, about_id=row.id, reason=why.value)
    uow.record(FollowUpEnded(row.id, row.practitioner_id, row.patient_id))


def live_again(uow: UnitOfWork, row: FollowUp) -> None:
    """Let a follow-up live again; who has been asked already is not asked a second time."""
    again = None
    if not has_left(uow, row):
        again = rules.not_before_day(row.send_at, uow.now, row.zone)
    access.revive_follow_up(uow, row, send_at=again)
    uow.record(FollowUpRestored(row.id, row.practitioner_id, row.patient_id))


def has_left(uow: UnitOfWork, row: FollowUp) -> bool:
    """Whether somebody has been asked, by whatever channel."""
    theirs = notifications.letters_about(uow, about_kind=ABOUT_FOLLOW_UP, ids=[row.id])
    return any(letter.may_have_left for letter in theirs.get(row.id, ()))


def _may_restore(uow: UnitOfWork, row: Any) -> bool:  # noqa: ANN401 - a FollowUp, or a row of Core columns
    mine = FollowUpEnd.NOT_WANTED if uow.actor.role is Role.PATIENT else FollowUpEnd.TAKEN_BACK
    return row.closed_because is mine and row.closed_at > uow.now - _UNDO_LASTS


def _cards(uow: UnitOfWork, rows: Sequence[Any]) -> tuple[FollowUpCard, ...]:
    """Rows of Core columns with everybody's names; the number of questions does not grow with the list."""
    names = people.patient_names(uow, {row.patient_id for row in rows})
    plates = people.name_plates(uow, {row.practitioner_id for row in rows})
    services = clinic.visit_types_by_id(uow, {row.service_id for row in rows})
    failed = [row.id for row in rows if row.closed_because is FollowUpEnd.NOT_SENT]
    letters = notifications.letters_about(uow, about_kind=ABOUT_FOLLOW_UP, ids=failed)
    cards = []
    for row in rows:
        plate = plates[row.practitioner_id]
        cards.append(
            FollowUpCard(
                follow_up_id=row.id,
                patient_id=row.patient_id,
                patient_name=names[row.patient_id],
                practitioner_name=plate.name,
                practitioner_slug=plate.slug,
                service_id=row.service_id,
                service_name=services[row.service_id].name,
                after_id=row.after_id,
                due_on=row.due_on,
                stage=FollowUpStage(row.stage),
                end=row.closed_because,
                problem=next((one.problem for one in letters.get(row.id, ()) if one.problem), ""),
                may_restore=_may_restore(uow, row),
            )
        )
    return tuple(cards)
