"""What a practitioner says about their time: hours, absences, and the way of being booked."""

from collections.abc import Sequence
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.kernel.actor import Role, practitioner, staff
from medibook.kernel.errors import Conflict, Invalid, NotFound
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.kernel.words import N_
from medibook.people import service as people
from medibook.scheduling import access
from medibook.scheduling.events import HoursChanged
from medibook.scheduling.rules.weekly import (
    MOST_A_DAY,
    problems_of_day,
    problems_of_hours,
    problems_of_time_off,
    time_off_interval,
)
from medibook.scheduling.schemas import BookingMode, DayHours, HoursRow, NewTimeOff, Schedule


@query(allow=practitioner | staff)
def my_schedule(uow: UnitOfWork, *, whose: UUID | None = None) -> Schedule:
    """All that a practitioner has said about their time; the front desk says whose. NotFound."""
    return _shown(uow, schedule_of(uow, owner(uow, whose)))


@use_case(allow=practitioner | staff)
def change_hours(
    uow: UnitOfWork, *, hours: Sequence[HoursRow], version: int, whose: UUID | None = None
) -> Schedule:
    """Put a new weekly table in the place of the old one; visits that are booked stay as they are.

    Raises:
        Invalid: row by row, ``hours.0`` and on.
        Conflict: the table was changed in another window since ``version``.
    """
    own_id = _to_change(uow, whose, version)
    zones = {place.location_id: place.zone for place in clinic.locations(uow)}
    if problems := problems_of_hours(hours, location_ids=zones):
        raise Invalid(problems)
    access.replace_hours(uow, own_id, hours, zones=zones)
    return _changed(uow, own_id)


@use_case(allow=practitioner | staff)
def change_day(
    uow: UnitOfWork, *, day: DayHours, version: int, whose: UUID | None = None
) -> Schedule:
    """Give one date hours of its own instead of those of its weekday; without hours it has the usual.

    Raises:
        Invalid: row by row, ``hours.0`` and on, or the ``day``.
        Conflict: the schedule was changed in another window since ``version``.
    """
    own_id = _to_change(uow, whose, version)
    zones = {place.location_id: place.zone for place in clinic.locations(uow)}
    if problems := problems_of_day(day, location_ids=zones, today=uow.now.date()):
        raise Invalid(problems)
    access.replace_day(uow, own_id, day, zones=zones)
    return _changed(uow, own_id)


@use_case(allow=practitioner | staff)
def change_daily_limit(
    uow: UnitOfWork, *, limit: int | None, version: int, whose: UUID | None = None
) -> Schedule:
    """Take at most so many visits a day, or as many as the clinic allows. Raises Invalid, Conflict."""
    own_id = _to_change(uow, whose, version)
    if limit is not None and not 1 <= limit <= MOST_A_DAY:
        raise Invalid({"limit": N_("Enter a number from 1 to 200, or leave it empty.")})
    _changed(uow, own_id)
    access.change_daily_limit(uow, own_id, limit)
    return _shown(uow, schedule_of(uow, own_id))


@use_case(allow=practitioner | staff)
def add_time_off(uow: UnitOfWork, *, new: NewTimeOff, whose: UUID | None = None) -> Schedule:
    """Take days off or block a time; visits that are booked in it stay as they are. Raises Invalid."""
    own_id = owner(uow, whose)
    uow.lock(own_id)
    zones = {place.zone for place in clinic.locations(uow)}
    if problems := problems_of_time_off(new, zones=zones):
        raise Invalid(problems)
    time = time_off_interval(new)
    access.add_time_off(uow, own_id, kind=new.kind, time=time, reason=new.reason)
    return _changed(uow, own_id)


@use_case(allow=practitioner | staff)
def remove_time_off(uow: UnitOfWork, *, time_off_id: UUID, whose: UUID | None = None) -> Schedule:
    """Take a day off or a blocked time back. Raises NotFound."""
    own_id = owner(uow, whose)
    if not access.remove_time_off(uow, own_id, time_off_id):
        raise NotFound
    return _changed(uow, own_id)


@use_case(allow=practitioner | staff)
def change_booking_mode(
    uow: UnitOfWork, *, mode: BookingMode, whose: UUID | None = None
) -> Schedule:
    """Be booked at once, or be asked, from now on; what is booked or asked for stays."""
    own_id = owner(uow, whose)
    uow.lock(own_id)
    schedule = _changed(uow, own_id)
    access.change_mode(uow, own_id, mode)
    return schedule.model_copy(update={"booking_mode": mode})


# ── for the other rooms: no doors, they run inside somebody else's use case ─────────────────────


def be_away(uow: UnitOfWork, practitioner_id: UUID, new: NewTimeOff) -> UUID:
    """Write an absence down and return which it is; whoever calls this has judged it."""
    uow.lock(practitioner_id)
    off_id = access.add_time_off(
        uow, practitioner_id, kind=new.kind, time=time_off_interval(new), reason=new.reason
    )
    access.rise(uow, practitioner_id)
    uow.record(HoursChanged(practitioner_id))
    return off_id


def be_back(uow: UnitOfWork, practitioner_id: UUID, time_off_id: UUID) -> None:
    """Take an absence back; one that is gone already stays gone."""
    uow.lock(practitioner_id)
    if access.remove_time_off(uow, practitioner_id, time_off_id):
        access.rise(uow, practitioner_id)
        uow.record(HoursChanged(practitioner_id))


def schedule_of(uow: UnitOfWork, practitioner_id: UUID) -> Schedule:
    """All that a practitioner has said about their time, with their private notes on absences."""
    return Schedule(
        practitioner_id=practitioner_id,
        booking_mode=access.booking_mode(uow, practitioner_id),
        hours=access.hours_of(uow, practitioner_id),
        time_off=access.time_off_of(uow, practitioner_id),
        version=access.version_of(uow, practitioner_id),
        days=access.days_of(uow, practitioner_id),
        daily_limit=access.daily_limits(uow, [practitioner_id]).get(practitioner_id),
    )


def booking_mode(uow: UnitOfWork, practitioner_id: UUID) -> BookingMode:
    """Whether this practitioner is booked at once or asked."""
    return access.booking_mode(uow, practitioner_id)


def _changed(uow: UnitOfWork, practitioner_id: UUID) -> Schedule:
    access.rise(uow, practitioner_id)
    uow.audit("schedule", practitioner_id)
    uow.record(HoursChanged(practitioner_id))
    return _shown(uow, schedule_of(uow, practitioner_id))


def _shown(uow: UnitOfWork, schedule: Schedule) -> Schedule:
    """The schedule as this actor may read it: why somebody is away is their own."""
    if uow.actor.practitioner_id == schedule.practitioner_id:
        return schedule
    bare = tuple(row.model_copy(update={"reason": ""}) for row in schedule.time_off)
    return schedule.model_copy(update={"time_off": bare})


def owner(uow: UnitOfWork, whose: UUID | None) -> UUID:
    """Whose schedule the actor means: practitioners their own, the front desk anybody's. NotFound."""
    own_id = uow.actor.practitioner_id
    if uow.actor.role is not Role.STAFF:
        if own_id is None or whose not in {None, own_id}:
            raise NotFound
        return own_id
    if whose is None or whose not in people.practitioners(uow, [whose]):
        raise NotFound
    return whose


def _to_change(uow: UnitOfWork, whose: UUID | None, version: int) -> UUID:
    own_id = owner(uow, whose)
    uow.lock(own_id)
    if access.version_of(uow, own_id) != version:
        raise Conflict
    return own_id


@query(allow=staff)
def owner_name(uow: UnitOfWork, *, whose: UUID) -> str:
    """Say whose hours are open, for the front desk. Raises NotFound."""
    return people.practitioners(uow, [owner(uow, whose)])[whose].name


@query(allow=staff)
def owners_named(uow: UnitOfWork, *, text: str) -> tuple[tuple[UUID, str], ...]:
    """Find practitioners by a part of the name, for the front desk; ten at most."""
    found = people.practitioners_named(uow, text)
    return tuple((each.practitioner_id, each.name) for each in found)
