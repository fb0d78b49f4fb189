"""The clinic's day as the front desk sees it: who works, who comes, what is left, who waits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import access
from medibook.appointments.rules import ACTIVE
from medibook.appointments.schemas import AppointmentStatus, DayRow, VisitOnSheet
from medibook.appointments.schemas.desk import Arrivals, ClinicDay, DeskColumn, WaitingRow
from medibook.appointments.service.cards import day_rows, on_sheet
from medibook.clinic import service as clinic
from medibook.clinic.schemas import LocationCard
from medibook.kernel.actor import admin, staff
from medibook.kernel.errors import NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query
from medibook.people import service as people
from medibook.people.schemas import NamePlate
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import Workday

_DAY = timedelta(days=1)
_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(9000, 1, 1)  # an address may name any day
# What takes time that day, and visits that were to be: a cancelled one has given its time back.
_SHOWN = ACTIVE | {AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW}
_HERE = {AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN}


@query(allow=staff | admin)
def clinic_day(
    uow: UnitOfWork,
    *,
    on: date | None = None,
    location_id: UUID | None = None,
    first: int = 0,
    most: int | None = None,
) -> ClinicDay:
    """Everybody who works or has visits on this date of the wall, at one place or at all of them.

    Without ``on`` it is today there. Of the columns, by name, those from ``first`` on are told, ``most``
    of them or all: only what is in sight is read. The number of queries does not depend on how many
    work. Raises NotFound when there is no such place.
    """
    places = clinic.locations(uow)
    chosen = {p.location_id: p for p in places if location_id in (None, p.location_id)}
    if location_id is not None and not chosen:
        raise NotFound
    today = _today(uow.now, chosen)
    day = min(max(on or today, _FIRST_DAY), _LAST_DAY)
    walls = _walls(day, chosen)
    counts = access.count_on_day(uow, walls, location_id, of=_SHOWN)
    working = scheduling.working_on(uow, day, location_ids=chosen)
    who = _by_name(people.name_plates(uow, working | counts.keys()), counts)
    shown = who[first:][:most]
    return ClinicDay(
        day=day,
        today=today,
        location_id=location_id,
        places=places,
        practitioners=len(who),
        visits=sum(counts.values()),
        columns=_columns(uow, shown, day, chosen, walls, location_id),
    )


@query(allow=staff | admin)
def busiest_place(uow: UnitOfWork, *, on: date | None = None) -> UUID | None:
    """Where most doctors have hours on this date of the wall, or today; None when there is no place."""
    places = clinic.locations(uow)
    at_work = scheduling.count_working_on(uow, on or _today(uow.now, _by_id(places)))
    found = max(places, key=lambda place: at_work.get(place.location_id, 0), default=None)
    return found.location_id if found else None


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
    here = access.starts_of(uow, uow.now - _DAY, uow.now + _DAY, of=_HERE)
    return sum(_is_today(visit, uow.now) for visit in here)


def _by_id(places: Collection[LocationCard]) -> dict[UUID, LocationCard]:
    return {place.location_id: place for place in places}


def _today(now: datetime, places: Mapping[UUID, LocationCard]) -> date:
    zone = next((place.zone for place in places.values()), "UTC")
    return now.astimezone(ZoneInfo(zone)).date()


def _walls(day: date, places: Mapping[UUID, LocationCard]) -> dict[str, Interval]:
    """From when until when it is this day, on the wall of each of these places."""
    zones = {place.zone for place in places.values()} or {"UTC"}
    return {zone: scheduling.day_on_the_wall(day, zone) for zone in sorted(zones)}


def _by_name(plates: Mapping[UUID, NamePlate], visited: Collection[UUID]) -> list[NamePlate]:
    """Who has a column: whoever can be booked, and whoever somebody comes to anyway."""
    shown = [one for key, one in plates.items() if one.is_bookable or key in visited]
    return sorted(shown, key=lambda one: (one.name, str(one.practitioner_id)))


def _columns(
    uow: UnitOfWork,
    who: Sequence[NamePlate],
    day: date,
    places: Mapping[UUID, LocationCard],
    walls: Mapping[str, Interval],
    location_id: UUID | None,
) -> tuple[DeskColumn, ...]:
    whose = [one.practitioner_id for one in who]
    found = access.drawn_on_day(uow, walls, location_id, practitioner_ids=whose, of=_SHOWN)
    visits: dict[UUID, list[VisitOnSheet]] = {}
    for visit in on_sheet(uow, found):
        visits.setdefault(visit.practitioner_id, []).append(visit)
    window = Interval(min(w.start for w in walls.values()), max(w.end for w in walls.values()))
    workdays = scheduling.workdays(uow, day=day, places=places, whose=whose, window=window)
    usual = next(iter(walls))
    return tuple(
        _column(one, visits.get(one.practitioner_id, ()), workdays[one.practitioner_id], usual)
        for one in who
    )


def _column(
    who: NamePlate, visits: Sequence[VisitOnSheet], workday: Workday, usual_zone: str
) -> DeskColumn:
    # The day's own zone is for a column without either: of hours that the clocks skip, or of a visit
    # that was cancelled after it was counted.
    zones = [*(v.zone for v in visits), *(stretch.zone for stretch in workday.hours), usual_zone]
    return DeskColumn(
        practitioner_id=who.practitioner_id,
        practitioner_name=who.name,
        zone=zones[0],
        is_bookable=who.is_bookable,
        visits=tuple(visits),
        workday=workday,
    )
