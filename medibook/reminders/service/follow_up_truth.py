"""Whether somebody should still be asked to book: judged when it is written, and right before it leaves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import service as appointments
from medibook.appointments.schemas import OpenVisit
from medibook.clinic import service as clinic
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.schemas import About
from medibook.people import service as people
from medibook.reminders import access, rules
from medibook.reminders.schemas import FollowUpEnd, FollowUpState

ABOUT_FOLLOW_UP: Final = "follow-up"


def follow_ups_still_true(uow: UnitOfWork, abouts: Sequence[About]) -> list[str]:
    """For each follow-up: "" while its patient is to be asked, else why not, in a few words."""
    rows = access.these_follow_ups(uow, {about.about_id for about in abouts})
    against = against_follow_ups(uow, list(rows.values()))
    said = []
    for about in abouts:
        row = rows.get(about.about_id)
        if row is None or str(row.version) != about.mark:
            said.append(FollowUpEnd.SET_ANEW.value)
        elif (
            row.state is not FollowUpState.ACTIVE and row.closed_because is not FollowUpEnd.NOT_SENT
        ):
            said.append((row.closed_because or FollowUpEnd.TAKEN_BACK).value)
        else:
            why = against.get(row.id)
            said.append(why.value if why else "")
    return said


def against_follow_ups(uow: UnitOfWork, rows: Sequence[Any]) -> dict[UUID, FollowUpEnd]:
    """What stands against asking, for those of which something does; in one look for a whole list."""
    patients = {row.patient_id for row in rows}
    practitioners = {row.practitioner_id for row in rows}
    reached = people.who_can_be_asked(uow, patients)
    at_work = people.bookable(uow, practitioners) if rows else frozenset()
    offered = clinic.services_by_practitioner(uow, practitioners) if rows else {}
    visits = appointments.open_visits(uow, patients)
    against = {}
    for row in rows:
        services = {card.service_id for card in offered.get(row.practitioner_id, ())}
        if row.patient_id not in reached:
            against[row.id] = FollowUpEnd.NOBODY
        elif row.practitioner_id not in at_work or row.service_id not in services:
            against[row.id] = FollowUpEnd.NOT_OFFERED
        elif booked_for(row, visits.get(row.patient_id, ())) is not None:
            against[row.id] = FollowUpEnd.BOOKED
    return against


def booked_for(
    row: Any,  # noqa: ANN401 - a FollowUp, or a row of Core columns
    visits: Sequence[OpenVisit],
) -> OpenVisit | None:
    """The open visit that is what a follow-up asks for.

    Not the one during which it was set, nor one that comes long before the planned day.
    """
    return next(
        (
            visit
            for visit in visits
            if (visit.practitioner_id, visit.service_id) == (row.practitioner_id, row.service_id)
            and visit.appointment_id != row.after_id
            and comes_in_time(row, visit.starts_at)
        ),
        None,
    )


def comes_in_time(row: Any, starts_at: datetime) -> bool:  # noqa: ANN401 - likewise
    """Whether a visit at that time is near the day on which somebody should come again, or after it."""
    wall = ZoneInfo(row.zone)
    visit_on, set_on = (at.astimezone(wall).date() for at in (starts_at, row.created_at))
    return rules.counts_as_next(visit_on, set_on=set_on, due_on=row.due_on)
