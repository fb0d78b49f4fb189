"""What the front desk sees of everybody's time: the hours of one day, and what is left of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.clinic.schemas import Closed, LocationCard
from medibook.kernel.intervals import Interval, intersected, subtracted
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling.access.workdays import TakenTime, hours_on, taken_time
from medibook.scheduling.rules import WeeklyHours, open_time
from medibook.scheduling.rules.plan import MIDNIGHT
from medibook.scheduling.rules.weekly import wall_instant
from medibook.scheduling.schemas import OpenStretch, Workday

_DAY = timedelta(days=1)


def day_on_the_wall(day: date, zone: str) -> Interval:
    """From midnight to midnight on the wall of a zone; 23 or 25 hours when the clocks change."""
    return Interval(wall_instant(day, MIDNIGHT, zone), wall_instant(day + _DAY, MIDNIGHT, zone))


def workdays(
    uow: UnitOfWork,
    *,
    day: date,
    places: Mapping[UUID, LocationCard],
    whose: Collection[UUID],
    window: Interval,
) -> dict[UUID, Workday]:
    """The day of these practitioners at these places, whether or not they have hours there.

    ``window`` covers the day on every wall of these places. A few queries, however many there are.
    """
    hours = hours_on(uow, day, whose=whose, location_ids=places)
    closed = clinic.closures(uow, list(places), window)
    taken: dict[UUID, list[TakenTime]] = {}
    for row in taken_time(uow, whose, window) if whose else ():
        taken.setdefault(row.practitioner_id, []).append(row)
    return {each: _workday(day, hours.get(each, ()), taken.get(each, []), closed) for each in whose}


def _workday(
    day: date,
    hours: Sequence[WeeklyHours],
    taken: Sequence[TakenTime],
    closed: Mapping[UUID, Sequence[Closed]],
) -> Workday:
    standing = [row for row in taken if row.stands]
    obstacles = [row.time for row in standing]
    open_hours, free, shut = [], [], []
    for location_id, zone in dict.fromkeys((rule.location_id, rule.zone) for rule in hours):
        here = [rule for rule in hours if rule.location_id == location_id]
        whole_day = day_on_the_wall(day, zone)
        spans = intersected([span for span, _, _ in open_time(here, whole_day)], [whole_day])
        open_hours += [OpenStretch(span, location_id, zone) for span in spans]
        shut_here = [one for one in closed.get(location_id, ()) if one.time.overlaps(whole_day)]
        shut += shut_here
        left = subtracted(spans, [*obstacles, *(one.time for one in shut_here)])
        free += [OpenStretch(stretch, location_id, zone) for stretch in left]
    return Workday(
        hours=tuple(open_hours),
        free=tuple(free),
        away=tuple(row.time for row in standing if row.source_id is None),
        closed=tuple(shut),
        held=tuple(row.time for row in standing if row.is_hold),
        taken={row.source_id: row.time for row in standing if row.source_id and not row.is_hold},
        overbooked=frozenset(
            row.source_id for row in standing if row.is_overbooked and row.source_id
        ),
    )
