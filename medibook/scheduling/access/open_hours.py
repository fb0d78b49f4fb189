"""When practitioners are open, and their own limit a day: what free time is reckoned from."""

from collections.abc import Collection
from datetime import date, time
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling.rules import WeeklyHours
from medibook.scheduling.tables import AvailableTime, PractitionerSchedule

_HOURS = table_of(AvailableTime)
_SCHEDULE = table_of(PractitionerSchedule)
_THESE = sa.bindparam("practitioner_ids", type_=sa.Uuid, expanding=True)
# Written once: building it costs as much as running it.
_CHOSEN = (
    sa.select(
        sa.type_coerce(_HOURS.c.practitioner_id, sa.String),
        _SCHEDULE.c.daily_limit,
        _HOURS.c.weekday,
        _HOURS.c.opens,
        _HOURS.c.closes,
        _HOURS.c.valid_from,
        _HOURS.c.valid_until,
        sa.type_coerce(_HOURS.c.location_id, sa.String),
        _HOURS.c.zone,
        _HOURS.c.on_date,
    )
    .select_from(_HOURS)
    # Said of both: PostgreSQL reads the limits of everybody otherwise.
    .outerjoin(
        _SCHEDULE,
        sa.and_(
            _SCHEDULE.c.practitioner_id == _HOURS.c.practitioner_id,
            _SCHEDULE.c.practitioner_id.in_(_THESE),
        ),
    )
    .where(_HOURS.c.practitioner_id.in_(_THESE))
    .order_by(_HOURS.c.weekday, _HOURS.c.opens, _HOURS.c.id)
)


class OpenHours(NamedTuple):
    """The hours of a practitioner, of every week and of single dates; and how many visits a day."""

    rules: tuple[WeeklyHours, ...] = ()
    daily_limit: int | None = None


def open_hours(uow: UnitOfWork, practitioner_ids: Collection[UUID]) -> dict[UUID, OpenHours]:
    """The hours of these practitioners in one look; who has none is absent."""
    asked = {"practitioner_ids": list(practitioner_ids)}
    # SQLite gives ids as text, PostgreSQL as they are; whose they are is known already.
    known = {key: each for each in practitioner_ids for key in (each, each.hex)}
    rules: dict[UUID, list[WeeklyHours]] = {}
    limits: dict[UUID, int | None] = {}
    for whose, limit, *rule in uow.session.execute(_CHOSEN, asked):
        own = known[whose]
        rules.setdefault(own, []).append(_rule(*rule))
        limits[own] = limit
    return {whose: OpenHours(tuple(own), limits[whose]) for whose, own in rules.items()}


def rules_of(uow: UnitOfWork, practitioner_id: UUID) -> tuple[WeeklyHours, ...]:
    """The hours of one practitioner, of every week and of single dates; () for none."""
    return open_hours(uow, [practitioner_id]).get(practitioner_id, OpenHours()).rules


# Bounded, a few megabytes: a week of hours for a thousand. They are read a hundred at a time, are
# the same ones mostly, and making one anew costs more than reading it.
@lru_cache(maxsize=8192)
def _rule(
    weekday: int,
    opens: time,
    closes: time,
    valid_from: date | None,
    valid_until: date | None,
    location: UUID | str,
    zone: str,
    on_date: date | None,
) -> WeeklyHours:
    place = UUID(location) if isinstance(location, str) else location
    return WeeklyHours(weekday, opens, closes, valid_from, valid_until, place, zone, on_date)
