"""What the clinic may do that a patient may not: the same plan, with the bars that it may lift."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from medibook.scheduling.rules.plan import BookingPolicy, WeeklyHours

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from medibook.scheduling.rules.openings import Openings
    from medibook.scheduling.schemas import StaffTerms

_NEVER = timedelta(days=36_500)
_MINUTE = timedelta(minutes=1)
_MIDNIGHT = time(0)


class Override(NamedTuple):
    """Which bars are lifted: the opening hours; what is taken, and the limit of the day; the rooms."""

    hours: bool = False
    busy: bool = False
    rooms: bool = False


def overrides(terms: StaffTerms) -> Iterator[Override]:
    """What these terms allow to lift, the least first."""
    for hours in (False, True) if terms.outside_hours else (False,):
        yield Override(hours)
    if terms.overbook_reason.strip():
        for hours in (False, True) if terms.outside_hours else (False,):
            yield Override(hours, busy=True)
            yield Override(hours, busy=True, rooms=True)


def on_terms(
    openings: Openings, terms: StaffTerms, override: Override, place: tuple[UUID, str] | None
) -> Openings:
    """The openings as they are for the clinic itself; ``place`` is where a visit outside hours is."""
    plan, limit = openings.plan, openings.plan.policy.daily_limit
    rooms = plan.rooms
    if rooms is not None and terms.room_id is not None:
        rooms = tuple(room for room in rooms if room.room_id == terms.room_id)
    if rooms is not None and override.rooms:
        rooms = tuple(room._replace(busy=()) for room in rooms)
    freer = replace(
        plan,
        busy=() if override.busy else plan.busy,
        rooms=rooms,
        policy=BookingPolicy(timedelta(0), _NEVER, _MINUTE, None if override.busy else limit),
    )
    if override.hours:
        always = _always(*place) if place else ()
        freer = replace(freer, hours=always, closed={}, time_off=(), offered_at=None)
    elif terms.location_id is not None:
        here = frozenset({terms.location_id})
        freer = replace(freer, offered_at=here & (plan.offered_at or here))
    return replace(openings, plan=freer)


def usual_place(hours: Sequence[WeeklyHours], at: datetime) -> WeeklyHours | None:
    """The hours that say where a practitioner is found on that day, or else usually; None: nowhere."""

    def of_that_day(rule: WeeklyHours) -> tuple[bool, bool]:
        day = at.astimezone(ZoneInfo(rule.zone)).date()
        return rule.on_date == day, rule.on_date is None and rule.weekday == day.weekday()

    return max(hours, key=of_that_day, default=None)


def _always(location_id: UUID, zone: str) -> tuple[WeeklyHours, ...]:
    """Open around the clock, every day."""
    return tuple(
        WeeklyHours(weekday, _MIDNIGHT, _MIDNIGHT, None, None, location_id, zone)
        for weekday in range(7)
    )
