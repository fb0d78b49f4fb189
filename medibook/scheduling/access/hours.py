"""Opening hours, absences and the way of booking. Public to read; a practitioner changes their own."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.db import table_of
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling.access.open_hours import rules_of
from medibook.scheduling.rules import WeeklyHours
from medibook.scheduling.schemas import BookingMode, DayHours, HoursRow, TimeOffKind, TimeOffRow
from medibook.scheduling.tables import AvailableTime, PractitionerSchedule, TimeOff

_HOURS = table_of(AvailableTime)
_OFF = table_of(TimeOff)
_SCHEDULE = table_of(PractitionerSchedule)
# Written once: building it costs more than running it.
_MODES = sa.select(_SCHEDULE.c.practitioner_id, _SCHEDULE.c.booking_mode).where(
    _SCHEDULE.c.practitioner_id.in_(sa.bindparam("practitioner_ids", expanding=True))
)


def hours_of(uow: UnitOfWork, practitioner_id: UUID) -> tuple[HoursRow, ...]:
    """The weekly table as its practitioner typed it, Monday first."""
    rules = rules_of(uow, practitioner_id)
    return tuple(_row(rule) for rule in rules if rule.on_date is None)


def days_of(uow: UnitOfWork, practitioner_id: UUID) -> tuple[DayHours, ...]:
    """The dates that have hours of their own and are not over, soonest first."""
    rules = rules_of(uow, practitioner_id)
    yesterday = uow.now.date() - timedelta(days=1)  # where it is still yesterday, it is not over
    found: dict[date, list[HoursRow]] = {}
    for rule in rules:
        if rule.on_date is not None and rule.on_date >= yesterday:
            found.setdefault(rule.on_date, []).append(_row(rule))
    return tuple(DayHours(day=day, hours=tuple(found[day])) for day in sorted(found))


def _row(rule: WeeklyHours) -> HoursRow:
    return HoursRow(
        weekday=rule.weekday,
        opens=rule.opens,
        closes=rule.closes,
        location_id=rule.location_id,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
    )


def replace_hours(
    uow: UnitOfWork,
    practitioner_id: UUID,
    hours: Iterable[HoursRow],
    *,
    zones: Mapping[UUID, str],
) -> None:
    """Put a new weekly table in the place of the old one; ``zones`` says which wall each location has."""
    weekly = sa.and_(_HOURS.c.practitioner_id == practitioner_id, _HOURS.c.on_date.is_(None))
    uow.session.execute(sa.delete(_HOURS).where(weekly))
    _add(uow, practitioner_id, hours, zones)


def replace_day(
    uow: UnitOfWork, practitioner_id: UUID, day: DayHours, *, zones: Mapping[UUID, str]
) -> None:
    """Give one date these hours instead of what it had; without any it has those of its weekday."""
    same = sa.and_(_HOURS.c.practitioner_id == practitioner_id, _HOURS.c.on_date == day.day)
    uow.session.execute(sa.delete(_HOURS).where(same))
    _add(uow, practitioner_id, day.hours, zones, on_date=day.day)


def _add(
    uow: UnitOfWork,
    practitioner_id: UUID,
    hours: Iterable[HoursRow],
    zones: Mapping[UUID, str],
    *,
    on_date: date | None = None,
) -> None:
    rows = [
        {
            "id": uow.new_id(),
            "practitioner_id": practitioner_id,
            "zone": zones[row.location_id],
            "on_date": on_date,
            **row.model_dump(),
        }
        for row in hours
    ]
    if rows:
        uow.session.execute(sa.insert(_HOURS), rows)


def time_off_of(uow: UnitOfWork, practitioner_id: UUID) -> tuple[TimeOffRow, ...]:
    """The absences that are not over, soonest first."""
    return time_off_where(uow, practitioner_id, _OFF.c.ends_at > uow.now)


def time_off_where(
    uow: UnitOfWork, practitioner_id: UUID, *conditions: sa.ColumnElement[bool]
) -> tuple[TimeOffRow, ...]:
    """The absences of a practitioner of which all this holds, soonest first."""
    chosen = sa.select(_OFF).where(_OFF.c.practitioner_id == practitioner_id, *conditions)
    return tuple(
        TimeOffRow(
            time_off_id=row.id,
            kind=row.kind,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            reason=row.reason,
        )
        for row in uow.session.execute(chosen.order_by(_OFF.c.starts_at))
    )


def add_time_off(
    uow: UnitOfWork, practitioner_id: UUID, *, kind: TimeOffKind, time: Interval, reason: str
) -> UUID:
    """Write down an absence."""
    row_id = uow.new_id()
    uow.session.execute(
        sa.insert(_OFF).values(
            id=row_id,
            practitioner_id=practitioner_id,
            kind=kind,
            starts_at=time.start,
            ends_at=time.end,
            reason=reason,
        )
    )
    return row_id


def remove_time_off(uow: UnitOfWork, practitioner_id: UUID, time_off_id: UUID) -> bool:
    """Take an absence back; False when this practitioner has no such one."""
    done: Any = uow.session.execute(
        sa.delete(_OFF).where(_OFF.c.id == time_off_id, _OFF.c.practitioner_id == practitioner_id)
    )
    return int(done.rowcount) == 1


def booking_mode(uow: UnitOfWork, practitioner_id: UUID) -> BookingMode:
    """Whether this practitioner is booked at once or asked; at once unless they said otherwise."""
    return booking_modes(uow, [practitioner_id]).get(practitioner_id, BookingMode.INSTANT)


def booking_modes(uow: UnitOfWork, practitioner_ids: Collection[UUID]) -> dict[UUID, BookingMode]:
    """The way of booking of those who have said it."""
    rows = uow.session.execute(_MODES, {"practitioner_ids": list(practitioner_ids)})
    return {row.practitioner_id: row.booking_mode for row in rows}


def daily_limits(uow: UnitOfWork, practitioner_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many visits a day those want at most who have said it."""
    chosen = sa.select(_SCHEDULE.c.practitioner_id, _SCHEDULE.c.daily_limit).where(
        _SCHEDULE.c.practitioner_id.in_(practitioner_ids), _SCHEDULE.c.daily_limit.is_not(None)
    )
    return {row.practitioner_id: row.daily_limit for row in uow.session.execute(chosen)}


def change_daily_limit(uow: UnitOfWork, practitioner_id: UUID, limit: int | None) -> None:
    """Take at most so many visits of this practitioner a day."""
    own = _SCHEDULE.c.practitioner_id == practitioner_id
    uow.session.execute(sa.update(_SCHEDULE).where(own).values(daily_limit=limit))


def change_mode(uow: UnitOfWork, practitioner_id: UUID, mode: BookingMode) -> None:
    """Book this practitioner another way from now on."""
    own = _SCHEDULE.c.practitioner_id == practitioner_id
    uow.session.execute(sa.update(_SCHEDULE).where(own).values(booking_mode=mode))


def version_of(uow: UnitOfWork, practitioner_id: UUID) -> int:
    """Which version of their schedule a practitioner has; 1 before the first change."""
    own = _SCHEDULE.c.practitioner_id == practitioner_id
    return uow.session.execute(sa.select(_SCHEDULE.c.version).where(own)).scalar_one_or_none() or 1


def rise(uow: UnitOfWork, practitioner_id: UUID) -> None:
    """Count a change of the schedule."""
    own = _SCHEDULE.c.practitioner_id == practitioner_id
    done: Any = uow.session.execute(
        sa.update(_SCHEDULE).where(own).values(version=_SCHEDULE.c.version + 1)
    )
    if done.rowcount == 0:
        uow.session.execute(
            sa.insert(_SCHEDULE).values(
                practitioner_id=practitioner_id, booking_mode=BookingMode.INSTANT, version=2
            )
        )
