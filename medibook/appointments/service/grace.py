"""A change by the clinic waits before it is told: what is undone at once, nobody hears of."""

from datetime import datetime, timedelta
from typing import Final

from medibook.appointments import access, rules
from medibook.appointments.events import AppointmentCancelled, AppointmentFact, AppointmentMoved
from medibook.appointments.schemas import AppointmentCard
from medibook.appointments.service.truth import ABOUT_VISIT, about_visit
from medibook.clinic import service as clinic
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import service as notifications
from medibook.people.schemas import Recipient

# Whoever comes so soon may be on the way: they are told at once.
_SOON: Final = timedelta(hours=3)
_OVERTAKEN: Final = "changed again before it left"


def leaves_at(uow: UnitOfWork, fact: AppointmentFact, visit: AppointmentCard) -> datetime | None:
    """When a change is told to the patient, UTC; None is at once, as all that they did themselves."""
    if not _is_by_clinic(fact):
        return None
    times = [visit.starts_at, *([fact.moved_from] if isinstance(fact, AppointmentMoved) else [])]
    if min(times) - uow.now < _SOON:
        return None
    return uow.now + clinic.policy_for(uow, visit.service_id).change_grace


def take_back_overtaken(uow: UnitOfWork, visit: AppointmentCard) -> None:
    """Let no message leave that tells of this visit as it was before."""
    mark = about_visit(visit).mark
    notifications.withdraw(
        uow,
        about_kind=ABOUT_VISIT,
        about_id=visit.appointment_id,
        reason=_OVERTAKEN,
        unless_mark=mark,
    )


def knows_already(
    uow: UnitOfWork, fact: AppointmentFact, whom: Recipient, visit: AppointmentCard
) -> bool:
    """Whether somebody was last told of the visit as it is again, and of nothing in between.

    Only shortly after the change that was taken back: later they may have heard of it in another way.
    """
    if not isinstance(fact, AppointmentMoved) or not _is_by_clinic(fact):
        return False
    if fact.from_practitioner_id is not None:
        return False  # at the same time, but with somebody else
    before = access.change_of(uow, fact.appointment_id, fact.version - 1)
    grace = clinic.policy_for(uow, visit.service_id).change_grace
    if before is None or before.reason == rules.TOLD_OTHERWISE or uow.now - before.at > 2 * grace:
        return False
    told = notifications.last_told(
        uow,
        about_kind=ABOUT_VISIT,
        about_id=visit.appointment_id,
        recipient_id=whom.user_id,
        to=whom.email,
    )
    return told == about_visit(visit).mark


def _is_by_clinic(fact: AppointmentFact) -> bool:
    if isinstance(fact, AppointmentMoved):
        return not fact.moved_by_patient
    return isinstance(fact, AppointmentCancelled) and not fact.cancelled_by_patient
