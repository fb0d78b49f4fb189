"""From rows to what the rules read: the plan of one practitioner, or of many, in three queries."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.clinic import service as clinic
from medibook.clinic.schemas import ClinicPolicy, RoomCard, ServiceCard
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling import access
from medibook.scheduling.access import Taken
from medibook.scheduling.rules import BookingPolicy, Plan, WeeklyHours, open_time
from medibook.scheduling.rules.openings import Openings, RoomTime

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom free time is asked: a patient's own visits are in the way, their own holds are not.

    ``moves`` is a visit of theirs that would move: the time it has now is no obstacle for itself.
    ``along`` are visits of their series that move with it; whoever names them has found them theirs.
    ``past_holds`` sees what would be free if every hold ended now.
    """

    patient_id: UUID | None = None
    moves: UUID | None = None
    along: frozenset[UUID] = frozenset()
    past_holds: bool = False


NOBODY = Viewer()


@dataclass(frozen=True, slots=True)
class Outlook:
    """The openings of one practitioner, and every row of busy time that they were made from."""

    openings: Openings
    taken: tuple[Taken, ...]


def outlooks(
    uow: UnitOfWork,
    services: Mapping[UUID, ServiceCard],
    window: Interval,
    *,
    policy: ClinicPolicy,
    viewer: Viewer = NOBODY,
) -> dict[UUID, Outlook]:
    """What decides the free time of these practitioners, each for one visit type."""
    hours = access.weekly_hours(uow, list(services))
    rooms = _rooms(uow, services, hours)
    resources = {*services, *(room.room_id for room in rooms)}
    if viewer.patient_id is not None:
        resources.add(viewer.patient_id)
    rows = _taken(uow, resources, window, viewer)
    busy = _by_resource(row for row in _obstacles(rows, viewer) if row.source_id is not None)
    away = _by_resource(row for row in rows if row.source_id is None)
    own_busy = busy.get(viewer.patient_id, ()) if viewer.patient_id else ()
    found = {}
    for practitioner_id, service in services.items():
        weekly = hours.get(practitioner_id, ())
        visits = busy.get(practitioner_id, ())
        plan = Plan(
            hours=weekly,
            time_off=away.get(practitioner_id, ()),
            busy=visits,
            own=own_busy,
            policy=BookingPolicy(
                policy.minimum_notice, policy.horizon, policy.grid, policy.daily_limit
            ),
            booked_per_day=_per_day(weekly, visits) if policy.daily_limit is not None else {},
        )
        usable = _rooms_for(service, weekly, rooms, busy)
        found[practitioner_id] = Outlook(
            Openings(practitioner_id, service, plan, usable), tuple(rows)
        )
    return found


def is_whose(rows: Iterable[Taken], source_id: UUID | None, patient_id: UUID | None) -> bool:
    """Whether this visit takes this patient's time: only then is it theirs to move."""
    return patient_id is not None and any(
        row.source_id == source_id and row.resource_id == patient_id for row in rows
    )


def _taken(
    uow: UnitOfWork, resources: set[UUID], window: Interval, viewer: Viewer
) -> Sequence[Taken]:
    return access.taken(
        uow,
        resource_ids=resources,
        # A day more on each side, so that the limit per day sees whole days.
        window=Interval(window.start - _DAY, window.end + _DAY),
        patient_id=viewer.patient_id,
        past_holds=viewer.past_holds,
    )


def _obstacles(rows: Sequence[Taken], viewer: Viewer) -> Iterable[Taken]:
    own = viewer.moves is not None and is_whose(rows, viewer.moves, viewer.patient_id)
    leaving = viewer.along | {viewer.moves} if own else viewer.along
    return (row for row in rows if row.stands and row.source_id not in leaving)


def _by_resource(rows: Iterable[Taken]) -> dict[UUID, tuple[Interval, ...]]:
    found: dict[UUID, list[Interval]] = {}
    for row in rows:
        found.setdefault(row.resource_id, []).append(row.time)
    return {resource_id: tuple(times) for resource_id, times in found.items()}


def _rooms(
    uow: UnitOfWork,
    services: Mapping[UUID, ServiceCard],
    hours: Mapping[UUID, tuple[WeeklyHours, ...]],
) -> tuple[RoomCard, ...]:
    pools = {service.pool_id for service in services.values() if service.pool_id is not None}
    if not pools:
        return ()
    places = {rule.location_id for rules in hours.values() for rule in rules}
    return clinic.rooms_in(uow, pools, places)


def _rooms_for(
    service: ServiceCard,
    weekly: Sequence[WeeklyHours],
    rooms: Sequence[RoomCard],
    busy: Mapping[UUID, tuple[Interval, ...]],
) -> tuple[RoomTime, ...] | None:
    if not service.needs_room:
        return None
    places = {rule.location_id for rule in weekly}
    return tuple(
        RoomTime(room.room_id, room.location_id, busy.get(room.room_id, ()))
        for room in rooms
        if room.location_id in places and room.pool_id == service.pool_id
    )


def _per_day(weekly: Sequence[WeeklyHours], visits: Iterable[Interval]) -> Counter[date]:
    """How many visits each day has, by the date on the wall of the location where they are."""
    zones = {rule.zone for rule in weekly}
    days: Counter[date] = Counter()
    for visit in visits:
        zone = next(iter(zones), "UTC")
        if len(zones) > 1:
            zone = next((zone for _, _, zone in open_time(weekly, visit)), zone)
        middle = visit.start + visit.length / 2  # the visit, whatever its buffers reach into
        days[middle.astimezone(ZoneInfo(zone)).date()] += 1
    return days
