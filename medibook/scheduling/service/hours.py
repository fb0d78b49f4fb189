"""What a practitioner says about their time: hours, absences, and the way of being booked."""

from collections.abc import Sequence
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.kernel.actor import practitioner
from medibook.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.scheduling import access
from medibook.scheduling.events import HoursChanged
from medibook.scheduling.rules.weekly import (
    problems_of_hours,
    problems_of_time_off,
    time_off_interval,
)
from medibook.scheduling.schemas import BookingMode, HoursRow, NewTimeOff, Schedule


@query(allow=practitioner)
def my_schedule(uow: UnitOfWork) -> Schedule:
    """All that the practitioner has said about their time."""
    return schedule_of(uow, _own_id(uow))


@use_case(allow=practitioner)
def change_hours(uow: UnitOfWork, *, hours: Sequence[HoursRow], version: int) -> Schedule:
    """Put a new weekly table in the place of the old one; visits that are booked stay as they are.

    Raises:
        Invalid: row by row, ``hours.0`` and on.
        Conflict: the table was changed in another window since ``version``.
    """
    own_id = _own_id(uow)
    uow.lock(own_id)
    if access.version_of(uow, own_id) != version:
        raise Conflict
    zones = {place.location_id: place.zone for place in clinic.locations(uow)}
    if problems := problems_of_hours(hours, location_ids=zones):
        raise Invalid(problems)
    access.replace_hours(uow, own_id, hours, zones=zones)
    return _changed(uow, own_id)


@use_case(allow=practitioner)
def add_time_off(uow: UnitOfWork, *, new: NewTimeOff) -> Schedule:
    """Take days off or block a time; visits that are booked in it stay as they are. Raises Invalid."""
    own_id = _own_id(uow)
    uow.lock(own_id)
    zones = {place.zone for place in clinic.locations(uow)}
    if problems := problems_of_time_off(new, zones=zones):
        raise Invalid(problems)
    time = time_off_interval(new)
    access.add_time_off(uow, own_id, kind=new.kind, time=time, reason=new.reason)
    return _changed(uow, own_id)


@use_case(allow=practitioner)
def remove_time_off(uow: UnitOfWork, *, time_off_id: UUID) -> Schedule:
    """Take a day off or a blocked time back. Raises NotFound."""
    own_id = _own_id(uow)
    if not access.remove_time_off(uow, own_id, time_off_id):
        raise NotFound
    return _changed(uow, own_id)


@use_case(allow=practitioner)
def change_booking_mode(uow: UnitOfWork, *, mode: BookingMode) -> Schedule:
    """Be booked at once, or be asked, from now on; what is booked or asked for stays."""
    own_id = _own_id(uow)
    uow.lock(own_id)
    schedule = _changed(uow, own_id)
    access.change_mode(uow, own_id, mode)
    return schedule.model_copy(update={"booking_mode": mode})


# ── for the other rooms: no doors, they run inside somebody else's use case ─────────────────────


def schedule_of(uow: UnitOfWork, practitioner_id: UUID) -> Schedule:
    """All that a practitioner has said about their time, with their private notes on absences."""
    return Schedule(
        practitioner_id=practitioner_id,
        booking_mode=access.booking_mode(uow, practitioner_id),
        hours=access.hours_of(uow, practitioner_id),
        time_off=access.time_off_of(uow, practitioner_id),
        version=access.version_of(uow, practitioner_id),
    )


def booking_mode(uow: UnitOfWork, practitioner_id: UUID) -> BookingMode:
    """Whether this practitioner is booked at once or asked."""
    return access.booking_mode(uow, practitioner_id)


def _changed(uow: UnitOfWork, practitioner_id: UUID) -> Schedule:
    access.rise(uow, practitioner_id)
    uow.audit("schedule", practitioner_id)
    uow.record(HoursChanged(practitioner_id))
    return schedule_of(uow, practitioner_id)


def _own_id(uow: UnitOfWork) -> UUID:
    if uow.actor.practitioner_id is None:  # the guard lets nobody else in
        raise Forbidden
    return uow.actor.practitioner_id
