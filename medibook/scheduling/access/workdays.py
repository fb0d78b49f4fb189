"""A day of the whole clinic: who has hours on it, and what their time is taken by."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.db import table_of
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling.rules import WeeklyHours
from medibook.scheduling.tables import (
    LONGEST_BUSY,
    AvailableTime,
    BusyTime,
    Hold,
    SourceKind,
    TimeOff,
)

_HOURS = table_of(AvailableTime)
_BUSY = table_of(BusyTime)
_HOLD = table_of(Hold)
_OFF = table_of(TimeOff)
_AWAY = (_OFF.c.practitioner_id, _OFF.c.starts_at, _OFF.c.ends_at)


class TakenTime(NamedTuple):
    """What takes a stretch of a practitioner's day; ``source_id`` None is time off.

    ``stands`` is False for a hold that has ended and was not swept away yet.
    """

    practitioner_id: UUID
    time: Interval
    source_id: UUID | None
    is_hold: bool
    is_overbooked: bool
    stands: bool


def working_on(uow: UnitOfWork, day: date, *, location_ids: Collection[UUID]) -> frozenset[UUID]:
    """Who is open at these locations on this date of the wall."""
    chosen = sa.select(_HOURS.c.practitioner_id).distinct()
    chosen = chosen.where(_HOURS.c.location_id.in_(location_ids), _counts_on(day))
    return frozenset(uow.session.execute(chosen).scalars())


def count_working_on(uow: UnitOfWork, day: date) -> dict[UUID, int]:
    """How many are open at each location on this date of the wall; where nobody is, is absent."""
    how_many = sa.func.count(_HOURS.c.practitioner_id.distinct())
    chosen = sa.select(_HOURS.c.location_id, how_many).where(_counts_on(day))
    found = uow.session.execute(chosen.group_by(_HOURS.c.location_id))
    return dict(map(tuple, found))


def hours_on(
    uow: UnitOfWork, day: date, *, whose: Collection[UUID], location_ids: Collection[UUID]
) -> dict[UUID, list[WeeklyHours]]:
    """The hours of these practitioners at these locations on this date of the wall."""
    chosen = sa.select(
        _HOURS.c.practitioner_id,
        _HOURS.c.opens,
        _HOURS.c.closes,
        _HOURS.c.location_id,
        _HOURS.c.zone,
    ).where(
        _HOURS.c.practitioner_id.in_(whose),
        _HOURS.c.location_id.in_(location_ids),
        _counts_on(day),
    )
    found: dict[UUID, list[WeeklyHours]] = {}
    for row in uow.session.execute(chosen.order_by(_HOURS.c.opens, _HOURS.c.id)):
        rule = WeeklyHours(
            day.weekday(), row.opens, row.closes, day, day, row.location_id, row.zone
        )
        found.setdefault(row.practitioner_id, []).append(rule)
    return found


def _counts_on(day: date) -> sa.ColumnElement[bool]:
    """Who has hours of their own for the date has these instead of the week's, here or elsewhere."""
    own = _HOURS.alias()
    has_own = sa.exists().where(
        own.c.practitioner_id == _HOURS.c.practitioner_id, own.c.on_date == day
    )
    of_the_week = sa.and_(
        _HOURS.c.on_date.is_(None),
        _HOURS.c.weekday == day.weekday(),
        sa.or_(_HOURS.c.valid_from.is_(None), _HOURS.c.valid_from <= day),
        sa.or_(_HOURS.c.valid_until.is_(None), _HOURS.c.valid_until >= day),
        ~has_own,
    )
    return sa.or_(of_the_week, _HOURS.c.on_date == day)


def working_at(uow: UnitOfWork, location_ids: Collection[UUID], *, most: int) -> list[UUID]:
    """Who has hours at these locations, on whichever day; not more than so many."""
    chosen = (
        sa.select(_HOURS.c.practitioner_id)
        .where(_HOURS.c.location_id.in_(location_ids))
        .group_by(_HOURS.c.practitioner_id)
        .order_by(_HOURS.c.practitioner_id)
    )
    return list(uow.session.execute(chosen.limit(most)).scalars())


def taken_time(
    uow: UnitOfWork, practitioner_ids: Collection[UUID], window: Interval
) -> list[TakenTime]:
    """All that takes these practitioners' time in the window, buffers included, in one look."""
    busy = (
        sa.select(
            _BUSY.c.resource_id,
            _BUSY.c.starts_at,
            _BUSY.c.ends_at,
            _BUSY.c.source_id,
            _BUSY.c.source_kind,
            _BUSY.c.overbooked_by,
            _HOLD.c.expires_at,
        )
        .join_from(_BUSY, _HOLD, _HOLD.c.id == _BUSY.c.source_id, isouter=True)
        .where(
            _BUSY.c.resource_id.in_(practitioner_ids),
            _BUSY.c.starts_at >= window.start - LONGEST_BUSY,
            _BUSY.c.starts_at < window.end,
            _BUSY.c.ends_at > window.start,
        )
    )
    off = sa.select(*_AWAY, *[sa.null()] * 4).where(
        _OFF.c.practitioner_id.in_(practitioner_ids),
        _OFF.c.starts_at < window.end,
        _OFF.c.ends_at > window.start,
    )
    return [
        TakenTime(
            practitioner_id=whose,
            time=Interval(start, end),
            source_id=source_id,
            is_hold=kind == SourceKind.HOLD,
            is_overbooked=overbooked_by is not None,
            stands=expires_at is None or expires_at > uow.now,
        )
        for whose, start, end, source_id, kind, overbooked_by, expires_at in uow.session.execute(
            busy.union_all(off)
        )
    ]
