"""Where people are seen: admins say it, the front desk reads it."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.clinic import access
from medibook.clinic.events import LocationClosed, LocationOpened, PlaceChanged
from medibook.clinic.rules.days import time_of_days
from medibook.clinic.rules.holidays import public_holidays
from medibook.clinic.rules.places import checked_closure, checked_place
from medibook.clinic.rules.refusals import LastPlace, ZoneInUse
from medibook.clinic.schemas import Holiday, LocationCard, NewClosure, NewPlace, PlaceSheet
from medibook.kernel.actor import admin, staff
from medibook.kernel.errors import Invalid
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.kernel.words import N_

_DAY = timedelta(days=1)


@query(allow=admin | staff)
def places(uow: UnitOfWork) -> tuple[PlaceSheet, ...]:
    """Every location, with its rooms and with the closures that are not over, on any wall."""
    return access.place_sheets(uow, since=(uow.now - _DAY).date())


@use_case(allow=admin)
def add_location(uow: UnitOfWork, *, new: NewPlace) -> UUID:
    """Take in a new location; returns its id. Raises Invalid."""
    location_id = access.add_location(uow, checked_place(new))
    _changed(uow, location_id)
    return location_id


@use_case(allow=admin)
def change_location(uow: UnitOfWork, *, location_id: UUID, new: NewPlace, version: int) -> None:
    """Change what is said about a location.

    Raises:
        Invalid: field by field.
        ZoneInUse: hours or visits are kept in its zone.
        Conflict: somebody else has changed it since ``version``.
    """
    checked, before = checked_place(new), access.location(uow, location_id)
    if checked.zone != before.zone and access.is_location_used(uow, location_id):
        raise ZoneInUse
    access.change_location(uow, location_id, checked, version=version)
    _changed(uow, location_id)


@use_case(allow=admin)
def retire_location(uow: UnitOfWork, *, location_id: UUID) -> None:
    """See nobody there any more from now on; booked visits stay, and are listed. Raises LastPlace."""
    uow.lock(location_id)
    if not any(place.location_id != location_id for place in access.locations(uow)):
        raise LastPlace
    access.retire_location(uow, location_id, at=uow.now)
    _changed(uow, location_id)


@use_case(allow=admin)
def bring_back_location(uow: UnitOfWork, *, location_id: UUID) -> None:
    """See people there again."""
    access.retire_location(uow, location_id, at=None)
    _changed(uow, location_id)


@use_case(allow=admin)
def remove_location(uow: UnitOfWork, *, location_id: UUID) -> None:
    """Delete a location that was never used. Raises LastPlace, InUse."""
    uow.lock(location_id)
    if not any(place.location_id != location_id for place in access.locations(uow)):
        raise LastPlace
    access.remove_location(uow, location_id)
    _changed(uow, location_id)


@query(allow=admin)
def holidays_of(
    uow: UnitOfWork, *, location_id: UUID, year: int, locale: str
) -> tuple[Holiday, ...]:
    """The public holidays of a year where a location is, to tick those on which it closes."""
    place = access.location(uow, location_id)
    first = date(_sensible(uow, year), 1, 1)
    closed = access.closed_days(uow, location_id, since=first)
    return tuple(
        Holiday(
            day=day,
            name=name,
            is_closed=any(each.first_day <= day <= each.last_day for each in closed),
        )
        for day, name in _proposed(uow, place, first.year, locale)
        if day >= _today(uow, place)
    )


@use_case(allow=admin)
def close_on_holidays(
    uow: UnitOfWork, *, location_id: UUID, year: int, days: Collection[date], locale: str
) -> int:
    """Close a location on these of the year's public holidays; returns on how many it was not yet."""
    open_still = {
        holiday.day: holiday.name
        for holiday in holidays_of(uow, location_id=location_id, year=year, locale=locale)
        if not holiday.is_closed
    }
    chosen = [
        NewClosure(first_day=day, last_day=day, name=open_still[day][:80])
        for day in sorted(set(days))
        if day in open_still
    ]
    if not chosen:
        raise Invalid({"holidays": N_("Tick at least one day on which it is still open.")})
    _close(uow, access.location(uow, location_id), chosen)
    return len(chosen)


@use_case(allow=admin)
def close_location(uow: UnitOfWork, *, location_id: UUID, new: NewClosure) -> None:
    """Close a location on whole days; visits that are booked then stay, and are listed. Raises Invalid."""
    place = access.location(uow, location_id)
    _close(uow, place, [checked_closure(new, today=_today(uow, place))])


@use_case(allow=admin)
def open_location(uow: UnitOfWork, *, closure_id: UUID) -> None:
    """Take a closure back. Raises NotFound."""
    location_id, days = access.remove_closure(uow, closure_id)
    place = access.location(uow, location_id)
    uow.audit("location", location_id, reason=f"open again from {days.first_day}")
    if time := time_of_days(days.first_day, days.last_day, place.zone):
        uow.record(LocationOpened(location_id, time.start, time.end))


def _close(uow: UnitOfWork, place: LocationCard, closures: Collection[NewClosure]) -> None:
    access.add_closures(uow, place.location_id, closures)
    uow.audit("location", place.location_id, reason=f"closed on {len(closures)} further stretches")
    for each in closures:
        if time := time_of_days(each.first_day, each.last_day, place.zone):
            uow.record(LocationClosed(place.location_id, time.start, time.end))


def _proposed(
    uow: UnitOfWork, place: LocationCard, year: int, locale: str
) -> tuple[tuple[date, str], ...]:
    region = access.region_of(uow, place.location_id)
    return public_holidays(place.country, region, year=year, locale=locale)


def _sensible(uow: UnitOfWork, year: int) -> int:
    # Nobody knows the holidays of a far year, and a claimed one may be any number.
    return min(max(year, uow.now.year), uow.now.year + 2)


def _today(uow: UnitOfWork, place: LocationCard) -> date:
    return uow.now.astimezone(ZoneInfo(place.zone)).date()


def _changed(uow: UnitOfWork, location_id: UUID) -> None:
    uow.audit("location", location_id)
    uow.record(PlaceChanged(location_id))
