"""I2, I3, I5, I9 and the promised wall time: what visits say about themselves and their past."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from medibook.appointments.events import AppointmentFact
from medibook.appointments.rules import ACTIVE
from medibook.appointments.tables import Appointment, AppointmentChange, BookingKey
from medibook.clinic.tables import Location
from medibook.kernel.db import table_of
from medibook.kernel.outbox import OutboxEvent
from medibook.scheduling.rules import WeeklyHours
from medibook.scheduling.tables import AvailableTime

_VISIT = table_of(Appointment)
_CHANGE = table_of(AppointmentChange)
_KEY = table_of(BookingKey)
_OUTBOX = table_of(OutboxEvent)
_HOURS = table_of(AvailableTime)
_PLACE = table_of(Location)


class Step(NamedTuple):
    """A row of history beside what its visit says today."""

    appointment_id: UUID
    version: int
    from_status: str
    to_status: str
    to_start: datetime
    by_role: str
    status_now: str
    start_now: datetime
    version_now: int


class Promise(NamedTuple):
    """An active visit and the time that was promised for it."""

    appointment_id: UUID
    practitioner_id: UUID
    location_id: UUID
    starts_at: datetime
    ends_at: datetime
    wall_start: str
    zone: str
    zone_of_location: str
    taken_at: datetime
    is_overridden: bool


def steps(session: Session) -> Iterator[Step]:
    """The whole history, visit by visit, in order."""
    rows = session.execute(
        sa.select(
            _CHANGE.c.appointment_id,
            _CHANGE.c.version,
            _CHANGE.c.from_status,
            _CHANGE.c.to_status,
            _CHANGE.c.to_start,
            _CHANGE.c.by_role,
            _VISIT.c.status,
            _VISIT.c.starts_at,
            _VISIT.c.version,
        )
        .join_from(_CHANGE, _VISIT, _VISIT.c.id == _CHANGE.c.appointment_id)
        .order_by(_CHANGE.c.appointment_id, _CHANGE.c.version)
        .execution_options(yield_per=2000)
    )
    yield from (
        Step._make((*told, status.value, start, version)) for *told, status, start, version in rows
    )


def visits_without_history(session: Session) -> list[UUID]:
    """Visits of which nobody wrote down how they came about."""
    none = ~sa.exists().where(_CHANGE.c.appointment_id == _VISIT.c.id)
    return list(session.execute(sa.select(_VISIT.c.id).where(none)).scalars())


def changes_without_fact(session: Session) -> Iterator[tuple[UUID, int]]:
    """Rows of history that no fact in the outbox tells about."""
    kinds = [kind.__name__ for kind in AppointmentFact.__subclasses__()]
    told: set[tuple[UUID, int]] = set()
    facts = sa.select(_OUTBOX.c.payload).where(_OUTBOX.c.kind.in_(kinds))
    for payload in session.execute(facts.execution_options(yield_per=2000)).scalars():
        fact = json.loads(payload)
        told.add((UUID(fact["appointment_id"]), fact["version"]))
    changes = sa.select(_CHANGE.c.appointment_id, _CHANGE.c.version).execution_options(
        yield_per=2000
    )
    yield from (
        (visit, version)
        for visit, version in session.execute(changes)
        if (visit, version) not in told
    )


def keys_with_two_effects(session: Session) -> Iterator[tuple[str, UUID]]:
    """Booking keys that booked twice, and visits that more than one key, or somebody else's, booked."""
    twice = (
        sa.select(sa.literal("used twice by account"), _KEY.c.user_id)
        .group_by(_KEY.c.user_id, _KEY.c.key)
        .having(sa.func.count() > 1)
    )
    # A move leaves a key as well, beside the one that booked the visit.
    books = _KEY.c.key.not_like("move:%")
    claimed = (
        sa.select(sa.literal("one of several that booked visit"), _KEY.c.appointment_id)
        .where(books)
        .group_by(_KEY.c.appointment_id)
        .having(sa.func.count() > 1)
    )
    foreign = (
        sa.select(sa.literal("of another account than booked visit"), _KEY.c.appointment_id)
        .join_from(_KEY, _VISIT, _VISIT.c.id == _KEY.c.appointment_id)
        .where(books, _KEY.c.user_id != _VISIT.c.booked_by)
    )
    for found in (twice, claimed, foreign):
        yield from ((words, which) for words, which in session.execute(found))


def promises(session: Session) -> list[Promise]:
    """Every active visit with its promised wall time, and when its time was taken."""
    taken = (
        sa.select(_CHANGE.c.appointment_id, sa.func.max(_CHANGE.c.at).label("at"))
        .where(sa.or_(_CHANGE.c.from_start.is_(None), _CHANGE.c.from_start != _CHANGE.c.to_start))
        .group_by(_CHANGE.c.appointment_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(
            _VISIT.c.id,
            _VISIT.c.practitioner_id,
            _VISIT.c.location_id,
            _VISIT.c.starts_at,
            _VISIT.c.ends_at,
            _VISIT.c.wall_start,
            _VISIT.c.zone,
            _PLACE.c.zone,
            sa.func.coalesce(taken.c.at, _VISIT.c.created_at, type_=_VISIT.c.created_at.type),
            _VISIT.c.override_by.is_not(None),
        )
        .join_from(_VISIT, _PLACE, _PLACE.c.id == _VISIT.c.location_id)
        .join(taken, taken.c.appointment_id == _VISIT.c.id, isouter=True)
        .where(_VISIT.c.status.in_(ACTIVE))
    )
    return [Promise(*row) for row in rows]


def hours_by_practitioner(session: Session) -> dict[UUID, tuple[WeeklyHours, ...]]:
    """The opening hours as they stand today."""
    found: dict[UUID, tuple[WeeklyHours, ...]] = {}
    rows = session.execute(
        sa.select(
            _HOURS.c.practitioner_id,
            _HOURS.c.weekday,
            _HOURS.c.opens,
            _HOURS.c.closes,
            _HOURS.c.valid_from,
            _HOURS.c.valid_until,
            _HOURS.c.location_id,
            _HOURS.c.zone,
            _HOURS.c.on_date,
        )
    )
    for practitioner, *hours in rows:
        found[practitioner] = (*found.get(practitioner, ()), WeeklyHours(*hours))
    return found


def last_change_of_hours(session: Session) -> dict[UUID, datetime]:
    """When each practitioner last changed hours, days off or mode, as far as the outbox reaches back."""
    rows = session.execute(
        sa.select(_OUTBOX.c.payload, _OUTBOX.c.created_at)
        .where(_OUTBOX.c.kind == "HoursChanged")
        .order_by(_OUTBOX.c.created_at)
    )
    return {UUID(json.loads(payload)["practitioner_id"]): at for payload, at in rows}
