"""From rows to what the rules read: the plan of one practitioner, or of many, in a few queries."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.clinic import service as clinic
from medibook.clinic.schemas import ClinicPolicy, Closed, RoomCard, ServiceCard
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling import access
from medibook.scheduling.access import OpenHours, Taken
from medibook.scheduling.rules import BookingPolicy, Plan, WeeklyHours, open_time
from medibook.scheduling.rules.openings import Openings
from medibook.scheduling.rules.plan import RoomTime
from medibook.scheduling.rules.seconds import Span, spans_of

_DAY = timedelta(days=1)

Offer = tuple[ServiceCard, ClinicPolicy]
"""What somebody would be seen for, and the rules for it."""


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
class Ground:
    """What does not change from one booking to the next: hours, rooms, closed and broken things."""

    offers: Mapping[UUID, Offer]
    hours: Mapping[UUID, OpenHours]
    closed: Mapping[UUID, tuple[Closed, ...]]
    rooms: tuple[RoomCard, ...]
    outages: Mapping[UUID, tuple[Interval, ...]]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The openings of one practitioner, and all the rows that they were made from."""

    openings: Openings
    taken: tuple[Taken, ...]
    ground: Ground


def outlooks(
    uow: UnitOfWork,
    services: Mapping[UUID, ServiceCard],
    window: Interval,
    *,
    policy: ClinicPolicy,
    viewer: Viewer = NOBODY,
) -> dict[UUID, Outlook]:
    """What decides the free time of these practitioners, each for one visit type.

    Three queries for however many; two more when a visit needs a room.
    """
    offers = {whose: (service, policy) for whose, service in services.items()}
    return outlooks_on(uow, ground_of(uow, offers, window), window, only=offers, viewer=viewer)


def ground_of(
    uow: UnitOfWork,
    offers: Mapping[UUID, Offer],
    window: Interval,
    *,
    also_at: UUID | None = None,
) -> Ground:
    """What these practitioners and their locations have said about the window.

    ``also_at`` is a location where none of them has hours, but the clinic wants to see somebody.
    """
    hours = access.open_hours(uow, list(offers))
    places = {place for own in hours.values() for place in _places(own.rules)}
    places |= {also_at} if also_at else set()
    pools = {service.pool_id for service, _ in offers.values() if service.pool_id is not None}
    rooms = clinic.rooms_in(uow, pools, places) if pools else ()
    return Ground(
        offers=offers,
        hours=hours,
        closed=clinic.closures(uow, places, window),
        rooms=rooms,
        outages=clinic.outages(uow, [r.room_id for r in rooms], window) if rooms else {},
    )


def outlooks_on(
    uow: UnitOfWork,
    ground: Ground,
    window: Interval,
    *,
    only: Iterable[UUID],
    viewer: Viewer = NOBODY,
) -> dict[UUID, Outlook]:
    """The openings of some of the practitioners in a part of the ground's window; one query."""
    asked = tuple(only)
    resources = {*asked, *(room.room_id for room in ground.rooms)}
    if viewer.patient_id is not None:
        resources.add(viewer.patient_id)
    rows = access.taken(
        uow,
        resource_ids=resources,
        # A day more on each side, so that a limit per day sees whole days.
        window=Interval(window.start - _DAY, window.end + _DAY),
        patient_id=viewer.patient_id,
        past_holds=viewer.past_holds,
    )
    by_resource = _by_resource(_obstacles(rows, viewer))
    taken, found = tuple(rows), {}
    for practitioner_id in asked:
        plan = _plan(practitioner_id, ground, by_resource, viewer)
        openings = Openings(practitioner_id, ground.offers[practitioner_id][0], plan)
        found[practitioner_id] = Outlook(openings, taken, ground)
    return found


def is_whose(rows: Iterable[Taken], source_id: UUID | None, patient_id: UUID | None) -> bool:
    """Whether this visit takes this patient's time: only then is it theirs to move."""
    return patient_id is not None and any(
        row.source_id == source_id and row.resource_id == patient_id for row in rows
    )


def _plan(
    practitioner_id: UUID, ground: Ground, rows: Mapping[UUID, list[Taken]], viewer: Viewer
) -> Plan:
    service, policy = ground.offers[practitioner_id]
    hours = ground.hours.get(practitioner_id, OpenHours())
    visits = [row for row in rows.get(practitioner_id, ()) if row.source is not None]
    own = rows.get(viewer.patient_id, []) if viewer.patient_id else []
    with_patient = {row.source for row in own}
    limits = _lower(policy.daily_limit, hours.daily_limit), policy.patient_daily_limit
    both = (row for row in visits if row.source in with_patient)
    return Plan(
        hours=hours.rules,
        time_off=_spans(row for row in rows.get(practitioner_id, ()) if row.source is None),
        busy=_spans(visits),
        policy=BookingPolicy(policy.minimum_notice, policy.horizon, policy.grid, *limits),
        booked_per_day=_per_day(hours.rules, visits) if limits[0] is not None else {},
        own=_spans(own),
        own_per_day=_per_day(hours.rules, both) if limits[1] is not None else {},
        closed={
            place: spans_of(closed.time for closed in ground.closed[place])
            for place in _places(hours.rules) & ground.closed.keys()
        },
        rooms=_rooms_for(service, ground, rows),
        offered_at=service.location_ids,
    )


def _lower(one: int | None, other: int | None) -> int | None:
    """The stricter of two limits; None is no limit."""
    return min((limit for limit in (one, other) if limit is not None), default=None)


def _obstacles(rows: Sequence[Taken], viewer: Viewer) -> Iterable[Taken]:
    own = viewer.moves is not None and is_whose(rows, viewer.moves, viewer.patient_id)
    leaving = viewer.along | {viewer.moves} if own else viewer.along
    standing = (row for row in rows if row.stands)
    if not leaving:
        return standing
    return (row for row in standing if row.source_id not in leaving)


def _by_resource(rows: Iterable[Taken]) -> dict[UUID, list[Taken]]:
    found: dict[UUID, list[Taken]] = {}
    whose, own = None, []
    for row in rows:
        if row.resource_id is not whose:  # rows of one come together, and hashing an id is slow
            whose = row.resource_id
            own = found.setdefault(whose, [])
        own.append(row)
    return found


def _spans(rows: Iterable[Taken]) -> tuple[Span, ...]:
    return tuple([(row.begins, row.ends) for row in rows])


def _rooms_for(
    service: ServiceCard, ground: Ground, rows: Mapping[UUID, list[Taken]]
) -> tuple[RoomTime, ...] | None:
    """The rooms of the pool that the visit needs one of; a video visit needs none."""
    if service.pool_id is None or service.is_video:
        return None
    return tuple(
        RoomTime(
            room.room_id,
            room.location_id,
            _spans(rows.get(room.room_id, ())),
            spans_of(ground.outages.get(room.room_id, ())),
        )
        for room in ground.rooms
        if room.pool_id == service.pool_id
    )


def _places(hours: Iterable[WeeklyHours]) -> set[UUID]:
    return {rule.location_id for rule in hours}


def _per_day(hours: Sequence[WeeklyHours], visits: Iterable[Taken]) -> Counter[date]:
    """How many visits each day has, by the date on the wall of the location where they are."""
    zones = {rule.zone for rule in hours}
    days: Counter[date] = Counter()
    for visit in visits:
        time, zone = visit.time, next(iter(zones), "UTC")
        if len(zones) > 1:
            zone = next((zone for _, _, zone in open_time(hours, time)), zone)
        middle = time.start + time.length / 2  # the visit, whatever its buffers reach into
        days[middle.astimezone(ZoneInfo(zone)).date()] += 1
    return days
