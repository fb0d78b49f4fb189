"""Who has time soonest: the first free times of many, each looked for from an instant of its own."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.clinic.schemas import ClinicPolicy, ServiceCard
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling.rules import Slot
from medibook.scheduling.rules.openings import Openings
from medibook.scheduling.schemas import FreeTime
from medibook.scheduling.service.free import as_free_times
from medibook.scheduling.service.openings import NOBODY, Viewer, ground_of, outlooks_on

# The first stretch has what is wanted for nearly everybody; who is booked out is looked at further.
_STRETCHES = (timedelta(days=1), timedelta(days=4), timedelta(days=400))


Fits = Callable[[Slot], bool]


class Asked(NamedTuple):
    """Whose first free time is asked for: a visit type, and when it cannot be before."""

    service: ServiceCard
    since: datetime


def soonest_free(
    uow: UnitOfWork,
    asked: Mapping[UUID, Asked],
    *,
    policies: Mapping[UUID, ClinicPolicy],
    until: datetime,
    limit: int = 1,
    fits: Fits = lambda _: True,
    viewer: Viewer = NOBODY,
) -> dict[UUID, tuple[FreeTime, ...]]:
    """The next free times of many practitioners that start before ``until``; who has none is absent.

    ``policies`` are those of the visit types, ``viewer`` is for whom the time is.
    """
    if not asked:
        return {}
    first = max(uow.now, min(wish.since for wish in asked.values()))
    window = Interval(first, max(until, first + timedelta(seconds=1)))
    offers = {who: (w.service, policies[w.service.service_id]) for who, w in asked.items()}
    ground = ground_of(uow, offers, window)
    found: dict[UUID, tuple[FreeTime, ...]] = {}
    for who, outlook in outlooks_on(uow, ground, window, only=offers, viewer=viewer).items():
        openings, start = outlook.openings, max(first, asked[who].since)
        if slots := _first(openings, start, window.end, uow.now, limit=limit, fits=fits):
            found[who] = as_free_times(openings, slots)
    return found


def policies_of(uow: UnitOfWork, services: Mapping[UUID, ServiceCard]) -> dict[UUID, ClinicPolicy]:
    """The rules for these visit types, by visit type; equal ones are one and the same object."""
    found = clinic.policies_for(uow, {card.service_id for card in services.values()})
    same: dict[str, ClinicPolicy] = {}
    return {i: same.setdefault(policy.model_dump_json(), policy) for i, policy in found.items()}


def _first(
    openings: Openings,
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    limit: int,
    fits: Fits,
) -> list[Slot]:
    slots: list[Slot] = []
    for stretch in _STRETCHES:
        if start >= end or not openings.plan.hours:
            break
        stop = min(start + stretch, end)
        free = filter(fits, openings.free(Interval(start, stop), now))
        slots += islice(free, limit - len(slots))
        if len(slots) == limit:
            break
        start = stop
    return slots
