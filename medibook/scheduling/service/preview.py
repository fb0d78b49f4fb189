"""What new hours would do, before they are kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.clinic import service as clinic
from medibook.kernel.actor import practitioner, staff
from medibook.kernel.errors import Invalid
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query
from medibook.scheduling import access
from medibook.scheduling.rules import WeeklyHours, open_time
from medibook.scheduling.rules.plan import MIDNIGHT
from medibook.scheduling.rules.weekly import problems_of_hours, wall_instant
from medibook.scheduling.schemas import HoursPreview, HoursRow
from medibook.scheduling.service.hours import owner
from medibook.scheduling.service.openings import outlooks

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_FAR = timedelta(days=400)


class _Tables(NamedTuple):
    """The hours as they are, and as they would be; the dates with hours of their own are in both."""

    now: tuple[WeeklyHours, ...]
    then: tuple[WeeklyHours, ...]


@query(allow=practitioner | staff)
def preview_hours(
    uow: UnitOfWork, *, hours: Sequence[HoursRow], whose: UUID | None = None
) -> HoursPreview:
    """Say what this weekly table would do, without keeping it. Raises Invalid row by row."""
    own_id = owner(uow, whose)
    zones = {place.location_id: place.zone for place in clinic.locations(uow)}
    if problems := problems_of_hours(hours, location_ids=zones):
        raise Invalid(problems)
    now = access.rules_of(uow, own_id)
    typed = tuple(WeeklyHours(**row.model_dump(), zone=zones[row.location_id]) for row in hours)
    dated = tuple(rule for rule in now if rule.on_date is not None)
    tables = _Tables(now, typed + dated)
    monday, week = _next_week(uow, next((rule.zone for rule in (*typed, *now)), "UTC"))
    times_now, times_then = _times(uow, own_id, tables, week)
    return HoursPreview(
        week=monday,
        times_now=times_now,
        times_then=times_then,
        outside=_newly_outside(uow, own_id, tables),
    )


def _next_week(uow: UnitOfWork, zone: str) -> tuple[date, Interval]:
    """The week that begins with the next Monday on the wall."""
    today = uow.now.astimezone(ZoneInfo(zone)).date()
    monday = today + timedelta(days=7 - today.weekday())
    begins, ends = (wall_instant(day, MIDNIGHT, zone) for day in (monday, monday + _WEEK))
    return monday, Interval(begins, ends)


def _times(
    uow: UnitOfWork, practitioner_id: UUID, tables: _Tables, week: Interval
) -> tuple[int, int]:
    """How many times the usual visit type could be booked in that week, now and then."""
    offered = clinic.services_of(uow, practitioner_id)
    if not offered:
        return 0, 0
    service, policy = clinic.service_and_policy(uow, practitioner_id, offered[0].service_id)
    found = outlooks(uow, {practitioner_id: service}, week, policy=policy)[practitioner_id]
    openings = found.openings

    def count(hours: tuple[WeeklyHours, ...]) -> int:
        return len(replace(openings, plan=replace(openings.plan, hours=hours)).free(week, uow.now))

    return count(tables.now), count(tables.then)


def _newly_outside(uow: UnitOfWork, practitioner_id: UUID, tables: _Tables) -> int:
    """How many booked visits would lie outside the hours, and do not today."""
    visits = access.visits_of(uow, practitioner_id, Interval(uow.now, uow.now + _FAR))
    if not visits:
        return 0
    window = Interval(visits[0].start - _DAY, visits[-1].end + _DAY)
    now, then = ([time for time, _, _ in open_time(hours, window)] for hours in tables)
    return sum(
        any(time.contains(visit) for time in now) and not any(time.contains(visit) for time in then)
        for visit in visits
    )
