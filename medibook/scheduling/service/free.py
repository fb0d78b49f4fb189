"""Free times to look at: the board of one practitioner, and the nearest to a wish."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.clinic import service as clinic
from medibook.clinic.schemas import ClinicPolicy, ServiceCard
from medibook.kernel.actor import anyone
from medibook.kernel.errors import NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query
from medibook.people import service as people
from medibook.scheduling.rules import Slot
from medibook.scheduling.rules.openings import Openings
from medibook.scheduling.rules.plan import MIDNIGHT
from medibook.scheduling.rules.refusals import NotBookable
from medibook.scheduling.rules.weekly import wall_instant
from medibook.scheduling.schemas import BoardDay, FreeTime, SlotBoard, SlotWish
from medibook.scheduling.service.openings import (
    NOBODY,
    Viewer,
    outlooks,
)

_DAY = timedelta(days=1)
_LONGEST_BOARD = 62
_NEAR = timedelta(days=2)
# Most people are served by the first days; who is not is looked for further on.
_REACHES = (timedelta(days=14), timedelta(days=400))


@query(allow=anyone)
def slot_board(
    uow: UnitOfWork,
    *,
    practitioner_id: UUID,
    service_id: UUID,
    first_day: date | None = None,
    days: int = 7,
    for_patient: UUID | None = None,
) -> SlotBoard:
    """The free times of some days, on the location's wall; from today when no day is asked for.

    For ``for_patient``, whom the actor books for; without, for the actor.

    Raises:
        NotFound: the actor does not act for this patient.
        NotBookable: the practitioner is not approved, or suspended.
        ServiceNotOffered: the practitioner does not offer this visit type.
    """
    if for_patient is not None and not people.may_act_for(uow, for_patient):
        raise NotFound
    if not people.is_bookable(uow, practitioner_id):
        raise NotBookable
    service, policy = clinic.service_and_policy(uow, practitioner_id, service_id)
    viewer = Viewer(for_patient or uow.actor.patient_id)
    return board_of(uow, {practitioner_id: service}, policy, viewer, first_day=first_day, days=days)


def board_of(
    uow: UnitOfWork,
    service_by_practitioner: Mapping[UUID, ServiceCard],
    policy: ClinicPolicy,
    viewer: Viewer,
    *,
    first_day: date | None,
    days: int,
) -> SlotBoard:
    """The board of one practitioner and their visit type, under this policy, for this patient."""
    ((practitioner_id, service),) = service_by_practitioner.items()
    horizon = Interval(uow.now, uow.now + policy.horizon + timedelta(seconds=1))
    found = outlooks(uow, service_by_practitioner, horizon, policy=policy, viewer=viewer)
    openings = found[practitioner_id].openings
    zones = tuple(dict.fromkeys(rule.zone for rule in openings.plan.hours)) or ("UTC",)
    today = min(uow.now.astimezone(ZoneInfo(zone)).date() for zone in zones)
    last = max(horizon.end.astimezone(ZoneInfo(zone)).date() for zone in zones)
    first = min(max(first_day or today, today), last)
    shown = [first + n * _DAY for n in range(min(max(days, 1), _LONGEST_BOARD))]
    free = _on_days(openings, shown, zones, uow.now)
    return SlotBoard(
        practitioner_id=practitioner_id,
        service_id=service.service_id,
        first_day=today,
        last_day=last,
        days=tuple(BoardDay(day=day, times=free.get(day, ())) for day in shown if day <= last),
        zones=zones if openings.plan.hours else (),
        next_free=_first_after(openings, shown[-1], zones, horizon.end, uow.now),
    )


def free_times(
    uow: UnitOfWork,
    *,
    practitioner_id: UUID,
    service: ServiceCard,
    window: Interval,
    policy: ClinicPolicy | None = None,
    patient_id: UUID | None = None,
) -> tuple[FreeTime, ...]:
    """The free times of one practitioner that start in the window, earliest first.

    Three queries when the caller has the ``policy`` already; two more when a visit needs a room.
    """
    policy = policy or clinic.policy_for(uow, service.service_id)
    viewer = Viewer(patient_id)
    found = outlooks(uow, {practitioner_id: service}, window, policy=policy, viewer=viewer)
    openings = found[practitioner_id].openings
    return as_free_times(openings, openings.free(window, uow.now))


def nearest_free_times(
    uow: UnitOfWork, wish: SlotWish, *, count: int = 3, viewer: Viewer = NOBODY
) -> tuple[FreeTime, ...]:
    """The free times of the same practitioner and visit type that are nearest to a wish, earliest first."""
    service, policy = clinic.service_and_policy(uow, wish.practitioner_id, wish.service_id)
    latest = uow.now + policy.horizon + timedelta(seconds=1)
    for reach in (_NEAR, policy.horizon):
        start = min(max(uow.now, wish.starts_at - reach), latest - _DAY)
        end = min(latest, max(wish.starts_at, uow.now) + reach)
        window = Interval(start, max(end, start + _DAY))
        services = {wish.practitioner_id: service}
        found = outlooks(uow, services, window, policy=policy, viewer=viewer)
        openings = found[wish.practitioner_id].openings
        near = [s for s in openings.free(window, uow.now) if s.start != wish.starts_at]
        if len(near) >= count or reach >= policy.horizon:
            chosen = sorted(near, key=lambda slot: abs(slot.start - wish.starts_at))[:count]
            return as_free_times(openings, sorted(chosen))
    return ()


def free_time(openings: Openings, slot: Slot) -> FreeTime:
    """One slot as it is offered."""
    return as_free_times(openings, [slot])[0]


def as_free_times(openings: Openings, slots: Iterable[Slot]) -> tuple[FreeTime, ...]:
    """These slots as they are offered."""
    whose, service_id = openings.practitioner_id, openings.service.service_id
    return tuple(
        FreeTime(
            whose,
            service_id,
            location_id,
            start,
            end,
            zone,
            _clock_changes(zone, start.date()) and Slot(start, end, location_id, zone).comes_twice,
        )
        for start, end, location_id, zone in slots
    )


def _on_days(
    openings: Openings, days: list[date], zones: Collection[str], now: datetime
) -> dict[date, tuple[FreeTime, ...]]:
    """The free times by the date on the wall of their location."""
    window = _around(days[0], days[-1], zones)
    slots = openings.free(window, now)
    by_day = groupby(as_free_times(openings, slots), key=_wall_day)
    found: dict[date, tuple[FreeTime, ...]] = {}
    for day, times in by_day:  # two zones may come to one day in turns
        found[day] = found.get(day, ()) + tuple(times)
    return found


def _first_after(
    openings: Openings, day: date, zones: Collection[str], end: datetime, now: datetime
) -> FreeTime | None:
    start = max(now, min(wall_instant(day + _DAY, MIDNIGHT, zone) for zone in zones))
    for stage in _REACHES:
        if start >= end:
            return None
        for slot in openings.free(Interval(start, min(start + stage, end)), now):
            free = free_time(openings, slot)
            if _wall_day(free) > day:
                return free
    return None


def _around(first: date, last: date, zones: Collection[str]) -> Interval:
    """From the first midnight of the first day to the last midnight after the last, in any zone."""
    return Interval(
        min(wall_instant(first, MIDNIGHT, zone) for zone in zones),
        max(wall_instant(last + _DAY, MIDNIGHT, zone) for zone in zones),
    )


def _wall_day(free: FreeTime) -> date:
    return free.starts_at.astimezone(ZoneInfo(free.zone)).date()


# Bounded: two months of days in a dozen zones.
@lru_cache(maxsize=1024)
def _clock_changes(zone: str, day: date) -> bool:
    """Whether the wall clock may change around this day; on other days no reading comes twice."""
    clock = ZoneInfo(zone)
    before = datetime.combine(day - _DAY, MIDNIGHT, tzinfo=clock).utcoffset()
    return before != datetime.combine(day + 2 * _DAY, MIDNIGHT, tzinfo=clock).utcoffset()
