"""Where people are seen: locations, when they are closed, their rooms, and when those are out of order."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.rules.days import time_of_days
from medibook.clinic.schemas import Closed, LocationCard, RoomCard
from medibook.clinic.tables import Closure, Location, Room, RoomOutage
from medibook.kernel.db import table_of
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork

_LOCATION = table_of(Location)
_CLOSURE = table_of(Closure)
_ROOM = table_of(Room)
_OUTAGE = table_of(RoomOutage)
_DAY = timedelta(days=1)
# Written once: building it costs more than running it.
_CLOSED = (
    sa.select(_LOCATION.c.id, _LOCATION.c.zone, _LOCATION.c.retired_at)
    .add_columns(_CLOSURE.c.first_day, _CLOSURE.c.last_day, _CLOSURE.c.name)
    .outerjoin(
        _CLOSURE,
        sa.and_(
            _CLOSURE.c.location_id == _LOCATION.c.id,
            _CLOSURE.c.first_day <= sa.bindparam("last"),
            _CLOSURE.c.last_day >= sa.bindparam("first"),
        ),
    )
    .where(_LOCATION.c.id.in_(sa.bindparam("location_ids", expanding=True)))
)
_LOCATIONS = sa.select(_LOCATION).order_by(_LOCATION.c.name)
_THESE = _LOCATIONS.where(_LOCATION.c.id.in_(sa.bindparam("ids", expanding=True)))
_IN_USE_AND_THESE = _LOCATIONS.where(
    sa.or_(
        _LOCATION.c.retired_at.is_(None), _LOCATION.c.id.in_(sa.bindparam("ids", expanding=True))
    )
)


def locations(
    uow: UnitOfWork,
    *,
    only: Collection[UUID] | None = None,
    also: Collection[UUID] = (),
    retired: bool = False,
) -> tuple[LocationCard, ...]:
    """The clinic's locations by name: those in use and ``also`` these, or all, or only those asked for."""
    chosen = _LOCATIONS if retired else _IN_USE_AND_THESE
    chosen, ids = (chosen, also) if only is None else (_THESE, only)
    return tuple(
        LocationCard(
            location_id=row.id,
            name=row.name,
            address=row.address,
            city=row.city,
            postcode=row.postcode,
            country=row.country,
            zone=row.zone,
            phone=row.phone,
            latitude=row.latitude,
            longitude=row.longitude,
            is_retired=row.retired_at is not None,
        )
        for row in uow.session.execute(chosen, {"ids": list(ids)})
    )


def closures(
    uow: UnitOfWork, *, location_ids: Collection[UUID], window: Interval
) -> dict[UUID, tuple[Closed, ...]]:
    """When these locations are closed within the window, earliest first; who is open is absent.

    A retired location is closed from then on, for good.
    """
    # A date on a wall begins and ends up to a day away from the same date in UTC.
    asked = {
        "location_ids": list(location_ids),
        "first": (window.start - _DAY).date(),
        "last": (window.end + _DAY).date(),
    }
    found: dict[UUID, set[tuple[Interval, str]]] = {}
    for row in uow.session.execute(_CLOSED, asked):
        times = found.setdefault(row.id, set())
        if row.retired_at is not None and row.retired_at < window.end:
            times.add((Interval(row.retired_at, window.end), ""))
        closed = row.first_day and time_of_days(row.first_day, row.last_day, row.zone)
        if closed and closed.overlaps(window):
            times.add((closed, row.name))
    return {
        place: tuple(Closed(time=time, name=name) for time, name in sorted(times))
        for place, times in found.items()
        if times
    }


def rooms_in(
    uow: UnitOfWork, *, pool_ids: Collection[UUID], location_ids: Collection[UUID]
) -> tuple[RoomCard, ...]:
    """What these pools have at these locations, in the order in which it is filled; nothing retired."""
    chosen = (
        sa.select(_ROOM)
        .where(
            _ROOM.c.pool_id.in_(pool_ids),
            _ROOM.c.location_id.in_(location_ids),
            _ROOM.c.retired_at.is_(None),
        )
        .order_by(_ROOM.c.name, _ROOM.c.id)
    )
    return tuple(
        RoomCard(room_id=row.id, location_id=row.location_id, name=row.name, pool_id=row.pool_id)
        for row in uow.session.execute(chosen)
    )


def outages(
    uow: UnitOfWork, *, room_ids: Collection[UUID], window: Interval
) -> dict[UUID, tuple[Interval, ...]]:
    """When these rooms are out of order within the window, earliest first; who never is, is absent."""
    chosen = (
        sa.select(_OUTAGE.c.room_id, _OUTAGE.c.starts_at, _OUTAGE.c.ends_at)
        .where(
            _OUTAGE.c.room_id.in_(room_ids),
            _OUTAGE.c.starts_at < window.end,
            _OUTAGE.c.ends_at > window.start,
        )
        .order_by(_OUTAGE.c.starts_at)
    )
    found: dict[UUID, list[Interval]] = {}
    for room_id, starts_at, ends_at in uow.session.execute(chosen):
        found.setdefault(room_id, []).append(Interval(starts_at, ends_at))
    return {room_id: tuple(times) for room_id, times in found.items()}
