"""Rooms and equipment: in which pool, and when they cannot be used."""

from uuid import UUID

from medibook.clinic import access
from medibook.clinic.events import PoolsChanged, RoomsChanged
from medibook.clinic.rules.places import checked_outage, checked_room
from medibook.clinic.rules.refusals import InUse, PoolNeeded
from medibook.clinic.schemas import NewOutage, PoolCard, PoolKind
from medibook.kernel.actor import admin, staff
from medibook.kernel.errors import Invalid
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.kernel.words import N_


@query(allow=admin | staff)
def pools(uow: UnitOfWork) -> tuple[PoolCard, ...]:
    """Every pool of rooms or equipment, by name."""
    return access.pools(uow)


@use_case(allow=admin)
def add_pool(uow: UnitOfWork, *, name: str, kind: PoolKind) -> UUID:
    """A new pool, of which visit types may need one. Raises Invalid, NameTaken."""
    pool_id = access.add_pool(uow, name=checked_room(name, field="pool_name"), kind=kind)
    uow.audit("room_pool", pool_id)
    uow.record(PoolsChanged(pool_id))
    return pool_id


@use_case(allow=admin)
def remove_pool(uow: UnitOfWork, *, pool_id: UUID) -> None:
    """Delete a pool that nothing is in and nothing needs. Raises PoolNeeded, NotFound."""
    try:
        access.remove_pool(uow, pool_id)
    except InUse:
        raise PoolNeeded from None
    uow.audit("room_pool", pool_id)
    uow.record(PoolsChanged(pool_id))


@use_case(allow=admin)
def add_room(uow: UnitOfWork, *, location_id: UUID, name: str, pool_id: UUID | None = None) -> UUID:
    """A new room, or piece of equipment, at a location. Raises Invalid."""
    access.location(uow, location_id)
    room_id = access.add_room(
        uow, location_id, name=checked_room(name), pool_id=_known(uow, pool_id)
    )
    _changed(uow, room_id, location_id)
    return room_id


@use_case(allow=admin)
def change_room(uow: UnitOfWork, *, room_id: UUID, name: str, pool_id: UUID | None = None) -> None:
    """Another name or pool for a room; visits that are booked in it stay there. Raises Invalid."""
    place = access.room(uow, room_id)
    access.change_room(uow, room_id, name=checked_room(name), pool_id=_known(uow, pool_id))
    _changed(uow, room_id, place.location_id)


@use_case(allow=admin)
def retire_room(uow: UnitOfWork, *, room_id: UUID) -> None:
    """Use a room no longer; visits that are booked in it stay there."""
    place = access.room(uow, room_id)
    access.retire_room(uow, room_id, at=uow.now)
    _changed(uow, room_id, place.location_id)


@use_case(allow=admin)
def bring_back_room(uow: UnitOfWork, *, room_id: UUID) -> None:
    """Use a room again."""
    place = access.room(uow, room_id)
    access.retire_room(uow, room_id, at=None)
    _changed(uow, room_id, place.location_id)


@use_case(allow=admin)
def remove_room(uow: UnitOfWork, *, room_id: UUID) -> None:
    """Delete a room in which nobody was ever booked. Raises InUse."""
    place = access.room(uow, room_id)
    access.remove_room(uow, room_id)
    _changed(uow, room_id, place.location_id)


@use_case(allow=admin | staff)
def put_out_of_order(uow: UnitOfWork, *, room_id: UUID, new: NewOutage) -> None:
    """Say that a room cannot be used for a time; visits that are booked in it stay. Raises Invalid."""
    place = access.room(uow, room_id)
    time, reason = checked_outage(new, zone=place.zone, now=uow.now)
    access.add_outage(uow, room_id, time=time, reason=reason)
    _changed(uow, room_id, place.location_id)


@use_case(allow=admin | staff)
def put_in_order(uow: UnitOfWork, *, outage_id: UUID) -> None:
    """Say that a room can be used after all. Raises NotFound."""
    place = access.remove_outage(uow, outage_id)
    _changed(uow, outage_id, place.location_id)


def _known(uow: UnitOfWork, pool_id: UUID | None) -> UUID | None:
    if pool_id is not None and pool_id not in {pool.pool_id for pool in access.pools(uow)}:
        raise Invalid({"pool_id": N_("Choose one of the clinic's pools.")})
    return pool_id


def _changed(uow: UnitOfWork, thing_id: UUID, location_id: UUID) -> None:
    uow.audit("room", thing_id)
    uow.record(RoomsChanged(location_id))
