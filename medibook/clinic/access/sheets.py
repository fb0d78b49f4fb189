"""Locations as the front desk reads them and admins change them: all in four looks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.access import rows
from medibook.clinic.access.places import locations
from medibook.clinic.schemas import (
    ClosureCard,
    LocationCard,
    NewClosure,
    NewPlace,
    OutageCard,
    PlaceSheet,
    PoolCard,
    PoolKind,
    RoomSheet,
)
from medibook.clinic.tables import (
    Closure,
    Location,
    Room,
    RoomOutage,
    RoomPool,
    ServiceOfferLocation,
)
from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork

_LOCATION = table_of(Location)
_CLOSURE = table_of(Closure)
_POOL = table_of(RoomPool)
_ROOM = table_of(Room)
_OUTAGE = table_of(RoomOutage)
_ONLY_AT = table_of(ServiceOfferLocation)


def place_sheets(uow: UnitOfWork, *, since: date) -> tuple[PlaceSheet, ...]:
    """Every location, also the retired ones, with closures and outages that are not over by then."""
    more = {
        row.id: {"region": row.region or "", "version": row.version}
        for row in uow.session.execute(
            sa.select(_LOCATION.c.id, _LOCATION.c.region, _LOCATION.c.version)
        )
    }
    closed, rooms = _closures(uow, since), _rooms(uow)
    return tuple(
        PlaceSheet(
            **card.model_dump(),
            **more[card.location_id],
            closures=tuple(closed[card.location_id]),
            rooms=tuple(rooms[card.location_id]),
        )
        for card in locations(uow, retired=True)
    )


def location(uow: UnitOfWork, location_id: UUID) -> LocationCard:
    """One location, also a retired one. Raises NotFound."""
    found = locations(uow, only=[location_id])
    if not found:
        raise NotFound
    return found[0]


def region_of(uow: UnitOfWork, location_id: UUID) -> str:
    """The part of the country whose holidays a location keeps; "" is the whole country's."""
    chosen = sa.select(_LOCATION.c.region).where(_LOCATION.c.id == location_id)
    return uow.session.execute(chosen).scalar_one_or_none() or ""


def add_location(uow: UnitOfWork, new: NewPlace) -> UUID:
    """A new location."""
    location_id = uow.new_id()
    uow.session.execute(sa.insert(_LOCATION).values(id=location_id, **new.model_dump()))
    return location_id


def change_location(uow: UnitOfWork, location_id: UUID, new: NewPlace, *, version: int) -> None:
    """Change a location as somebody has read it. Raises NotFound, Conflict."""
    rows.change(uow, _LOCATION, location_id, version=version, values=new.model_dump())


def retire_location(uow: UnitOfWork, location_id: UUID, *, at: datetime | None) -> None:
    """Take a location out of use from then on, or bring it back. Raises NotFound."""
    rows.retire(uow, _LOCATION, location_id, at=at)


def is_location_used(uow: UnitOfWork, location_id: UUID) -> bool:
    """Whether hours, visits or people point at a location."""
    return rows.is_used(uow, _LOCATION, location_id, owned=_owned_by(location_id))


def remove_location(uow: UnitOfWork, location_id: UUID) -> None:
    """Delete a location that nobody has used, with its rooms and closures. Raises NotFound, InUse."""
    rows.remove(uow, _LOCATION, location_id, owned=_owned_by(location_id))


def add_closures(uow: UnitOfWork, location_id: UUID, closures: Iterable[NewClosure]) -> None:
    """Close a location on these days."""
    for new in closures:
        row = {"id": uow.new_id(), "location_id": location_id, **new.model_dump()}
        uow.session.execute(sa.insert(_CLOSURE).values(row))


def remove_closure(uow: UnitOfWork, closure_id: UUID) -> tuple[UUID, NewClosure]:
    """Take a closure back; returns where and when it was. Raises NotFound."""
    there = _CLOSURE.c.id == closure_id
    row = uow.session.execute(sa.select(_CLOSURE).where(there)).one_or_none()
    if row is None:
        raise NotFound
    uow.session.execute(sa.delete(_CLOSURE).where(there))
    days = NewClosure(first_day=row.first_day, last_day=row.last_day, name=row.name)
    return row.location_id, days


def closed_days(uow: UnitOfWork, location_id: UUID, *, since: date) -> tuple[ClosureCard, ...]:
    """When a location is closed from a day on, earliest first."""
    return tuple(_closures(uow, since)[location_id])


def pools(uow: UnitOfWork) -> tuple[PoolCard, ...]:
    """Every pool, rooms before equipment, by name."""
    chosen = sa.select(_POOL).order_by(_POOL.c.kind.desc(), _POOL.c.name)
    return tuple(
        PoolCard(pool_id=row.id, name=row.name, kind=row.kind)
        for row in uow.session.execute(chosen)
    )


def add_pool(uow: UnitOfWork, *, name: str, kind: PoolKind) -> UUID:
    """A new pool. Raises NameTaken."""
    return rows.add_named(uow, _POOL, {"name": name, "kind": kind})


def remove_pool(uow: UnitOfWork, pool_id: UUID) -> None:
    """Delete a pool that no room and no visit type names. Raises NotFound, InUse."""
    rows.remove(uow, _POOL, pool_id)


def room(uow: UnitOfWork, room_id: UUID) -> LocationCard:
    """The location of a room. Raises NotFound."""
    chosen = sa.select(_ROOM.c.location_id).where(_ROOM.c.id == room_id)
    found = uow.session.execute(chosen).scalar_one_or_none()
    if found is None:
        raise NotFound
    return location(uow, found)


def add_room(uow: UnitOfWork, location_id: UUID, *, name: str, pool_id: UUID | None) -> UUID:
    """A new room at a location, one of a pool or of none."""
    room_id = uow.new_id()
    values = {"location_id": location_id, "name": name, "pool_id": pool_id}
    uow.session.execute(sa.insert(_ROOM).values(id=room_id, **values))
    return room_id


def change_room(uow: UnitOfWork, room_id: UUID, *, name: str, pool_id: UUID | None) -> None:
    """Another name or pool for a room; visits that are booked in it stay."""
    chosen = sa.update(_ROOM).where(_ROOM.c.id == room_id)
    uow.session.execute(chosen.values(name=name, pool_id=pool_id))


def retire_room(uow: UnitOfWork, room_id: UUID, *, at: datetime | None) -> None:
    """Take a room out of use from now on, or bring it back. Raises NotFound."""
    rows.retire(uow, _ROOM, room_id, at=at)


def remove_room(uow: UnitOfWork, room_id: UUID) -> None:
    """Delete a room that no visit was in. Raises NotFound, InUse."""
    own = sa.delete(_OUTAGE).where(_OUTAGE.c.room_id == room_id)
    rows.remove(uow, _ROOM, room_id, owned=[own])


def add_outage(uow: UnitOfWork, room_id: UUID, *, time: Interval, reason: str) -> None:
    """A room cannot be used in this time."""
    row = {"starts_at": time.start, "ends_at": time.end, "reason": reason}
    uow.session.execute(sa.insert(_OUTAGE).values(id=uow.new_id(), room_id=room_id, **row))


def remove_outage(uow: UnitOfWork, outage_id: UUID) -> LocationCard:
    """A room can be used again; returns where it is. Raises NotFound."""
    there = _OUTAGE.c.id == outage_id
    found = uow.session.execute(sa.select(_OUTAGE.c.room_id).where(there)).scalar_one_or_none()
    if found is None:
        raise NotFound
    uow.session.execute(sa.delete(_OUTAGE).where(there))
    return room(uow, found)


def _owned_by(location_id: UUID) -> list[sa.Delete]:
    here = sa.select(_ROOM.c.id).where(_ROOM.c.location_id == location_id)
    return [
        sa.delete(_OUTAGE).where(_OUTAGE.c.room_id.in_(here)),
        sa.delete(_ROOM).where(_ROOM.c.location_id == location_id),
        sa.delete(_CLOSURE).where(_CLOSURE.c.location_id == location_id),
        sa.delete(_ONLY_AT).where(_ONLY_AT.c.location_id == location_id),
    ]


def _closures(uow: UnitOfWork, since: date) -> Mapping[UUID, list[ClosureCard]]:
    chosen = sa.select(_CLOSURE).where(_CLOSURE.c.last_day >= since)
    found: dict[UUID, list[ClosureCard]] = defaultdict(list)
    for row in uow.session.execute(chosen.order_by(_CLOSURE.c.first_day, _CLOSURE.c.name)):
        card = ClosureCard(
            closure_id=row.id, first_day=row.first_day, last_day=row.last_day, name=row.name
        )
        found[row.location_id].append(card)
    return found


def _rooms(uow: UnitOfWork) -> Mapping[UUID, list[RoomSheet]]:
    outages: dict[UUID, list[OutageCard]] = defaultdict(list)
    to_come = sa.select(_OUTAGE).where(_OUTAGE.c.ends_at > uow.now)
    for row in uow.session.execute(to_come.order_by(_OUTAGE.c.starts_at)):
        time = Interval(row.starts_at, row.ends_at)
        outages[row.room_id].append(OutageCard(outage_id=row.id, time=time, reason=row.reason))
    found: dict[UUID, list[RoomSheet]] = defaultdict(list)
    for row in uow.session.execute(sa.select(_ROOM).order_by(_ROOM.c.name, _ROOM.c.id)):
        found[row.location_id].append(_room(row, tuple(outages[row.id])))
    return found


def _room(row: Any, outages: tuple[OutageCard, ...]) -> RoomSheet:  # noqa: ANN401 - a Core row
    return RoomSheet(
        room_id=row.id,
        location_id=row.location_id,
        name=row.name,
        pool_id=row.pool_id,
        is_retired=row.retired_at is not None,
        outages=outages,
    )
