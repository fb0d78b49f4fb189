"""Visits that lie outside the hours there are by now: a list to work through, never a silent cancel."""

from datetime import timedelta
from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.access import Action
from medibook.appointments.events import AppointmentKept
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus, DayRow
from medibook.appointments.service.cards import card, day_rows
from medibook.appointments.service.overview import whose_calendar
from medibook.kernel.actor import practitioner, staff
from medibook.kernel.errors import Conflict
from medibook.kernel.intervals import Interval, subtracted
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.scheduling import service as scheduling

_FAR = timedelta(days=400)
_OVER = frozenset(AppointmentStatus) - rules.ACTIVE


@query(allow=practitioner | staff)
def visits_outside_hours(uow: UnitOfWork, *, whose: UUID | None = None) -> tuple[DayRow, ...]:
    """The visits to come at which nobody would be there: hours, days off or a closure came after them.

    Those that somebody has said to keep are left out. Raises NotFound.
    """
    own_id = whose_calendar(uow, whose)
    ahead = Interval(uow.now, uow.now + _FAR)
    agenda = scheduling.agenda(uow, own_id, ahead)
    away = [Interval(row.starts_at, row.ends_at) for row in agenda.away]
    there = subtracted(agenda.open, away)
    outside = [
        visit
        for visit in access.of_practitioner(uow, own_id, ahead, besides=_OVER)
        if visit.override_by is None
        and visit.starts_at > uow.now
        and not any(time.contains(Interval(visit.starts_at, visit.ends_at)) for time in there)
    ]
    return day_rows(uow, outside)


@use_case(allow=practitioner | staff)
def keep_outside_hours(uow: UnitOfWork, *, appointment_id: UUID, version: int) -> AppointmentCard:
    """Let a visit be although the hours say otherwise by now: somebody answers for it by name (I2).

    Raises:
        Conflict: the visit has changed since ``version``. NotOpen: it is over. NotFound.
    """
    visit = access.find(uow, appointment_id, to=Action.RESCHEDULE)
    if visit.override_by is not None:
        return card(uow, visit)
    if visit.version != version:
        raise Conflict
    if visit.status not in rules.ACTIVE:
        raise rules.NotOpen
    visit.override_by = uow.actor.user_id
    visit.version += 1
    access.write_history(
        uow,
        visit,
        from_status=visit.status.value,
        from_start=visit.starts_at,
        reason="kept outside the hours",
    )
    uow.audit("appointment", visit.id, patient_id=visit.patient_id)
    uow.record(AppointmentKept(visit.id, visit.practitioner_id, visit.patient_id, visit.version))
    return card(uow, visit)
