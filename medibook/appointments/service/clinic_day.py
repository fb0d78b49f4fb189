"""The clinic's day as the front desk sees it: who works, who comes, what is left, who waits."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import access
from medibook.appointments.rules import ACTIVE
from medibook.appointments.schemas import AppointmentStatus, DayRow
from medibook.appointments.schemas.desk import Arrivals, ClinicDay, DeskColumn, WaitingRow
from medibook.appointments.service.cards import day_rows
from medibook.clinic import service as clinic
from medibook.clinic.schemas import LocationCard
from medibook.kernel.actor import admin, staff
from medibook.kernel.errors import NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query
from medibook.people import service as people
from medibook.people.schemas import PractitionerProfile
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import Workday

_DAY = timedelta(days=1)
_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(9000, 1, 1)  # an address may name any day
# What takes time that day, and visits that were to be: a cancelled one has given its time back.
_SHOWN = ACTIVE | {AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW}
_HERE = {AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN}


@query(allow=staff | admin)
def clinic_day(
    uow: UnitOfWork, *, on: date | None = None, location_id: UUID | None = None
) -> ClinicDay:
    """Everybody who works or has visits on this date of the wall, at one place or at all of them.

    Without ``on`` it is today there. The number of queries does not depend on how many work. Raises
    NotFound when there is no such place.
    """
    places = clinic.locations(uow)
    chosen = {p.location_id: p for p in places if location_id in (None, p.location_id)}
    if location_id is not None and not chosen:
        raise NotFound
    today = _today(uow.now, chosen)
    day = min(max(on or today, _FIRST_DAY), _LAST_DAY)
    window = _window(day, chosen)
    rows = _visits_of(uow, day, window, location_id)
    visited = {row.visit.practitioner_id for row in rows}
    workdays = scheduling.workdays(uow, day=day, places=chosen, visited=visited, window=window)
    return ClinicDay(
        day=day,
        today=today,
        location_id=location_id,
        places=places,
        columns=_columns(uow, rows, workdays, visited),
    )


@query(allow=staff | admin)
def visit_at_desk(uow: UnitOfWork, *, appointment_id: UUID) -> DayRow:
    """One visit with how to reach its patient and what can be done next. Raises NotFound."""
    return day_rows(uow, [access.find(uow, appointment_id, to=access.Action.SEE)])[0]


@query(allow=staff | admin)
def arrivals(uow: UnitOfWork, *, location_id: UUID | None = None) -> Arrivals:
    """Who is here and who is due, today on the wall of each place. Raises NotFound: no such place."""
    places = clinic.locations(uow)
    chosen = {p.location_id: p for p in places if location_id in (None, p.location_id)}
    if location_id is not None and not chosen:
        raise NotFound
    found = access.between(uow, uow.now - _DAY, uow.now + _DAY, location_id=location_id)
    today = [visit for visit in found if _is_today(visit, uow.now)]
    here = {visit.id for visit in today if visit.status in _HERE}
    since = access.arrivals(uow, here)
    rows = day_rows(uow, [v for v in today if v.id in here or v.status is AppointmentStatus.BOOKED])
    return Arrivals(
        places=places,
        waiting=tuple(
            WaitingRow(row=row, since=since.get(row.visit.appointment_id, row.visit.starts_at))
            for row in rows
            if row.visit.appointment_id in here
        ),
        due=tuple(row for row in rows if row.visit.appointment_id not in here),
    )


def _is_today(visit: Any, now: datetime) -> bool:  # noqa: ANN401 - a row of Core columns
    zone = ZoneInfo(visit.zone)
    return bool(visit.starts_at.astimezone(zone).date() == now.astimezone(zone).date())


@query(allow=staff | admin)
def count_waiting(uow: UnitOfWork) -> int:
    """How many people have arrived somewhere in the clinic and have not been seen yet."""
    around = access.between(uow, uow.now - _DAY, uow.now + _DAY)
    return sum(visit.status in _HERE and _is_today(visit, uow.now) for visit in around)


def _today(now: datetime, places: Mapping[UUID, LocationCard]) -> date:
    first = next((place.zone for place in places.values()), "UTC")
    return now.astimezone(ZoneInfo(first)).date()


def _window(day: date, places: Mapping[UUID, LocationCard]) -> Interval:
    """The day on every wall of these places."""
    zones = {place.zone for place in places.values()} or {"UTC"}
    days = [scheduling.day_on_the_wall(day, zone) for zone in zones]
    return Interval(min(d.start for d in days), max(d.end for d in days))


def _visits_of(
    uow: UnitOfWork, day: date, window: Interval, location_id: UUID | None
) -> tuple[DayRow, ...]:
    found = access.between(uow, window.start, window.end, location_id=location_id)
    return day_rows(
        uow,
        [
            visit
            for visit in found
            if visit.status in _SHOWN
            and visit.starts_at.astimezone(ZoneInfo(visit.zone)).date() == day
        ],
    )


def _columns(
    uow: UnitOfWork,
    rows: Collection[DayRow],
    workdays: Mapping[UUID, Workday],
    visited: Collection[UUID],
) -> tuple[DeskColumn, ...]:
    profiles = people.practitioners(uow, workdays)
    bookable = people.bookable(uow, workdays)
    by_practitioner: dict[UUID, list[DayRow]] = {}
    for row in rows:
        by_practitioner.setdefault(row.visit.practitioner_id, []).append(row)
    columns = [
        _column(profile, by_practitioner.get(whose, []), workdays[whose], whose in bookable)
        for whose, profile in profiles.items()
        if whose in bookable or whose in visited
    ]
    return tuple(sorted(columns, key=lambda c: (c.practitioner_name, str(c.practitioner_id))))


def _column(
    profile: PractitionerProfile,
    rows: Collection[DayRow],
    workday: Workday,
    is_bookable: bool,  # noqa: FBT001 - one of four facts about a column
) -> DeskColumn:
    zones = [row.visit.zone for row in rows] + [stretch.zone for stretch in workday.hours]
    return DeskColumn(
        practitioner_id=profile.practitioner_id,
        practitioner_name=profile.name,
        practitioner_slug=profile.slug,
        zone=zones[0],
        is_bookable=is_bookable,
        visits=tuple(rows),
        workday=workday,
    )
