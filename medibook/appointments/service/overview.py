"""The practitioner's calendar: the visible days and no more, in a number of queries that never grows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import access, rules
from medibook.appointments.schemas import (
    AppointmentStatus,
    CalendarPage,
    CalendarVisit,
    Stretch,
)
from medibook.appointments.service.cards import on_sheet
from medibook.kernel.actor import Role, practitioner, staff
from medibook.kernel.errors import Invalid, NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules.plan import MIDNIGHT
from medibook.scheduling.rules.weekly import wall_instant
from medibook.scheduling.schemas import TimeOffRow
from medibook.scheduling.service.agenda import Agenda

_DAY = timedelta(days=1)
MOST_DAYS: Final = 42
_YEARS: Final = range(1970, 9000)
# Walls are up to fourteen hours ahead of UTC: the zone is only known once the hours are read.
_AROUND = timedelta(hours=15)
_GONE: Final = (
    AppointmentStatus.CANCELLED,
    AppointmentStatus.ENTERED_IN_ERROR,
    AppointmentStatus.WAITLIST,
)


@query(allow=practitioner | staff)
def practitioner_calendar(
    uow: UnitOfWork, *, first: date, last: date, practitioner_id: UUID | None = None
) -> CalendarPage:
    """The days from ``first`` to ``last`` of the practitioner who asks, or of the one that staff name.

    Raises:
        NotFound: it is somebody else's calendar. Invalid: more than six weeks, or none at all.
    """
    whose = whose_calendar(uow, practitioner_id)
    if first.year not in _YEARS or not 0 <= (last - first).days < MOST_DAYS:
        raise Invalid
    wide = Interval(
        wall_instant(first, MIDNIGHT, "UTC") - _AROUND,
        wall_instant(last + _DAY, MIDNIGHT, "UTC") + _AROUND,
    )
    agenda = scheduling.agenda(uow, whose, wide)
    zone = agenda.zone or "UTC"
    window = Interval(
        wall_instant(first, MIDNIGHT, zone), wall_instant(last + _DAY, MIDNIGHT, zone)
    )
    visits = access.drawn_of_practitioner(uow, whose, window, besides=_GONE)
    return CalendarPage(
        practitioner_id=whose,
        zone=zone,
        today=uow.now.astimezone(ZoneInfo(zone)).date(),
        first=first,
        last=last,
        has_hours=bool(agenda.zone),
        visits=_visits(uow, visits, agenda.taken),
        held=_stretches(agenda.held, window),
        away=_absences(uow, agenda, window),
        open=_stretches(agenda.open, window),
        closed=tuple(
            Stretch(starts_at=time.start, ends_at=time.end, name=name)
            for time, name in agenda.closed
            if time.overlaps(window)
        ),
    )


def whose_calendar(uow: UnitOfWork, practitioner_id: UUID | None) -> UUID:
    """Whose calendar the actor means: practitioners their own, the front desk anybody's. NotFound."""
    own = uow.actor.practitioner_id
    whose = practitioner_id or own
    if whose is None or (uow.actor.role is Role.PRACTITIONER and whose != own):
        raise NotFound
    return whose


def _visits(
    uow: UnitOfWork, visits: Sequence[object], taken: Mapping[UUID, Interval]
) -> tuple[CalendarVisit, ...]:
    found = []
    for visit in on_sheet(uow, visits):
        busy = taken.get(visit.appointment_id, Interval(visit.starts_at, visit.ends_at))
        found.append(
            CalendarVisit(
                visit=visit,
                busy_from=busy.start,
                busy_until=busy.end,
                may_move=visit.status in rules.MOVABLE,
                may_stretch=visit.status in rules.STRETCHABLE,
            )
        )
    return tuple(found)


def _absences(uow: UnitOfWork, agenda: Agenda, window: Interval) -> tuple[TimeOffRow, ...]:
    # The note on an absence is the practitioner's own.
    hides = uow.actor.role is not Role.PRACTITIONER
    return tuple(
        row.model_copy(update={"reason": ""}) if hides else row
        for row in agenda.away
        if Interval(row.starts_at, row.ends_at).overlaps(window)
    )


def _stretches(times: Iterable[Interval], window: Interval) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(starts_at=time.start, ends_at=time.end) for time in times if time.overlaps(window)
    )
