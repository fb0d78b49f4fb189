"""A change by the clinic waits before it is told: what is undone at once, nobody hears of."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.events import AppointmentCancelled, AppointmentFact, AppointmentMoved
from medibook.appointments.schemas import AppointmentCard
from medibook.appointments.service.truth import ABOUT_VISIT, about_visit
from medibook.clinic import service as clinic
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import service as notifications
from medibook.people.schemas.reach import Recipient

# Whoever comes so soon may be on the way: they are told at once.
_SOON: Final = timedelta(hours=3)
OVERTAKEN: Final = "changed again before it left"


def leaves_at(uow: UnitOfWork, fact: AppointmentFact, visit: AppointmentCard) -> datetime | None:
    """When a change is told to the patient, UTC; None is at once, as all that they did themselves."""
    if not _is_by_clinic(fact):
        return None
    times = [visit.starts_at, *([fact.moved_from] if isinstance(fact, AppointmentMoved) else [])]
    return after_grace(uow, visit.service_id, times)


def after_grace(uow: UnitOfWork, service_id: UUID, times: Collection[datetime]) -> datetime | None:
    """When a change of the clinic's is told that concerns these times, UTC; None: at once."""
    if min(times) - uow.now < _SOON:
        return None
    return uow.now + clinic.policy_for(uow, service_id).change_grace


def take_back_overtaken(uow: UnitOfWork, visit: AppointmentCard) -> None:
    """Let no message leave that tells of this visit as it was before."""
    mark = about_visit(visit).mark
    notifications.withdraw(
        uow,
        about_kind=ABOUT_VISIT,
        about_id=visit.appointment_id,
        reason=OVERTAKEN,
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
    if not is_just_taken_back(uow, visit):
        return False
    told = notifications.last_told(
        uow,
        about_kind=ABOUT_VISIT,
        about_id=visit.appointment_id,
        recipient_id=whom.user_id,
        to=whom.email or whom.phone,
    )
    return told == about_visit(visit).mark


def is_just_taken_back(uow: UnitOfWork, visit: AppointmentCard) -> bool:
    """Whether the change before the last has been only shortly ago, and was not told in another way."""
    before = access.change_of(uow, visit.appointment_id, visit.version - 1)
    grace = clinic.policy_for(uow, visit.service_id).change_grace
    if before is None or before.reason == rules.TOLD_OTHERWISE:
        return False
    return bool(uow.now - before.at <= 2 * grace)


def _is_by_clinic(fact: AppointmentFact) -> bool:
    if isinstance(fact, AppointmentMoved):
        return not fact.moved_by_patient
    return isinstance(fact, AppointmentCancelled) and not fact.cancelled_by_patient
