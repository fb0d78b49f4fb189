"""What a message says of a visit, and whether it is still so when the message is about to leave."""

from collections.abc import Sequence
from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.access import Action
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.service.cards import card
from medibook.kernel.actor import admin, practitioner, staff
from medibook.kernel.use_case import UnitOfWork, query
from medibook.notifications import service as notifications
from medibook.notifications.schemas import About, LedgerLine

ABOUT_VISIT, ABOUT_SERIES_VISIT = "appointment", "series-visit"
_GONE, _CANCELLED, _OTHERWISE = "the visit is gone", "cancelled", "changed since"


def about_visit(visit: AppointmentCard) -> About:
    """The visit as a message tells of it now: another time, place or status, and it is no longer so."""
    return About(
        kind=ABOUT_VISIT,
        about_id=visit.appointment_id,
        mark=str(mark_of(visit)),
        patient_id=visit.patient_id,
    )


def mark_of(visit: AppointmentCard) -> rules.Mark:
    """What a message that is written now says of a visit."""
    return rules.Mark(
        visit.status, visit.starts_at, visit.ends_at, visit.location_id, visit.practitioner_id
    )


def about_series_visit(visit: AppointmentCard) -> About:
    """The visit as a message about its whole series tells of it."""
    return About(
        kind=ABOUT_SERIES_VISIT, about_id=visit.appointment_id, mark=mark_of(visit).in_series
    )


def series_still_true(uow: UnitOfWork, abouts: Sequence[About]) -> list[str]:
    """For each visit that a message about a series names: "" when it is as it says, else what has changed."""
    now = access.marks(uow, {about.about_id for about in abouts})
    return [_against(about, now.get(about.about_id), in_series=True) for about in abouts]


def still_true(uow: UnitOfWork, abouts: Sequence[About]) -> list[str]:
    """For each visit that a message speaks of: "" when it is still as it says, else what has changed."""
    now = access.marks(uow, {about.about_id for about in abouts})
    return [_against(about, now.get(about.about_id)) for about in abouts]


@query(allow=practitioner | staff | admin)
def messages_of_visit(
    uow: UnitOfWork, *, appointment_id: UUID
) -> tuple[AppointmentCard, tuple[LedgerLine, ...]]:
    """A visit, and every message that was promised about it: when, by what, and what became of it.

    Not what the messages say. Raises NotFound, also when the visit is somebody else's.
    """
    visit = card(uow, access.find(uow, appointment_id, to=Action.SEE))
    told = notifications.ledger_of(uow, about_kind=ABOUT_VISIT, about_id=appointment_id)
    return visit, told


def _against(about: About, now: rules.Mark | None, *, in_series: bool = False) -> str:
    if now is None:
        return _GONE
    if rules.is_as_said(about.mark, now.in_series if in_series else str(now)):
        return ""
    return _CANCELLED if now.status is AppointmentStatus.CANCELLED else _OTHERWISE
