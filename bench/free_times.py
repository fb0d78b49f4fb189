"""P1: W1 through the service, 350 bookings of one practitioner among 1,000 who have 350 each.

``python bench/free_times.py [--json] [--practitioners 1000] [--db postgresql+psycopg://…]``. The
20-minute times of 30 days: as the service call with the rules at hand, and as the public slot board
with everything from the door on. The queries of each are counted; beside them stands the door itself.
``bench/peers/django_appointment.py`` measures what one would pick instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from ground import Row, clinic_of, machine, options, percentiles, tell, timed  # noqa: F401 - the first puts the clinic on the path

from medibook.clinic import service as clinic
from medibook.kernel.actor import STRANGER, anyone
from medibook.kernel.application import MediBook
from medibook.kernel.db import table_of
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query
from medibook.operations.rules.places import FOLLOW_UP
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules import BookingPolicy, Plan, WeeklyHours, free_slots
from medibook.scheduling.schemas import FreeTime
from medibook.scheduling.tables import AvailableTime, BusyTime, ResourceKind, SourceKind

PRACTITIONERS, BOOKINGS = 1_000, 350
LENGTH, MONTH = timedelta(minutes=20), timedelta(days=30)
MUST_MS, MUST_QUERIES = 5.0, 3


@query(allow=anyone)
def month_of_free_times(
    uow: UnitOfWork, *, practitioner_id: UUID, window: Interval, counted: list[int]
) -> tuple[FreeTime, ...]:
    """W1 as another room asks for it: it knows the visit type and its rules already."""
    service, policy = clinic.service_and_policy(uow, practitioner_id, FOLLOW_UP.id)
    with _counting(uow, counted):
        return scheduling.free_times(
            uow, practitioner_id=practitioner_id, service=service, window=window, policy=policy
        )


@contextmanager
def _counting(uow: UnitOfWork, counted: list[int]) -> Iterator[None]:
    connection, asked = uow.session.connection(), []
    seen = lambda *said: asked.append(said[2])  # noqa: E731 - likewise by name
    sa.event.listen(connection, "before_cursor_execute", seen)
    yield
    sa.event.remove(connection, "before_cursor_execute", seen)
    counted.append(len(asked))


def fill(medibook: MediBook, practitioners: list[UUID], now: datetime) -> None:
    """The hours of W1 for everybody, and every other time of the month booked first."""
    place, zone = _place(medibook)
    week = [
        (weekday, opens, closes)
        for weekday in range(5)
        for opens, closes in ((time(8), time(13)), (time(14), time(19, 40)))
    ]
    hours = tuple(WeeklyHours(*row, None, None, place, zone) for row in week)
    plan = Plan(hours, (), (), BookingPolicy(timedelta(0), timedelta(days=60), LENGTH))
    slots = free_slots(plan, Interval(now, now + MONTH), length=LENGTH, now=now)
    booked = [*slots[::2], *slots[1::2]][:BOOKINGS]
    new_id = medibook.ids.new_id
    with medibook.engine.begin() as connection:
        connection.execute(sa.text("UPDATE policy SET grid_minutes = 20, horizon_days = 60"))
        connection.execute(sa.delete(table_of(BusyTime)))
        connection.execute(sa.delete(table_of(AvailableTime)))
        for whose in practitioners:
            own = [
                {
                    "id": new_id(), "practitioner_id": whose, "location_id": place, "zone": zone,
                    "weekday": weekday, "opens": opens, "closes": closes,
                }
                for weekday, opens, closes in week
            ]  # fmt: skip
            connection.execute(sa.insert(table_of(AvailableTime)), own)
            taken = [
                {
                    "id": new_id(), "resource_kind": ResourceKind.PRACTITIONER, "resource_id": whose,
                    "source_kind": SourceKind.APPOINTMENT, "source_id": new_id(),
                    "starts_at": slot.start, "ends_at": slot.end,
                }
                for slot in booked
            ]  # fmt: skip
            connection.execute(sa.insert(table_of(BusyTime)), taken)
    with medibook.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))


def _place(medibook: MediBook) -> tuple[UUID, str]:
    with medibook.engine.connect() as connection:
        columns = sa.column("id", sa.Uuid), sa.column("zone")
        row = connection.execute(sa.select(*columns).select_from(sa.table("location"))).first()
    assert row is not None
    return row.id, row.zone


def main() -> None:
    chosen = options(__doc__ or "", rounds=300)
    with clinic_of(PRACTITIONERS, chosen.db) as (medibook, seed):
        now = medibook.clock.now().replace(microsecond=0)
        everybody = [practitioner.id for practitioner in seed.practitioners]
        fill(medibook, everybody, now)
        counted: list[int] = []
        found: list[int] = []

        def door(_: int) -> object:
            return medibook.perform(STRANGER, clinic.specialties)

        def month(number: int) -> None:
            times = medibook.perform(
                STRANGER,
                month_of_free_times,
                practitioner_id=everybody[number * 7 % len(everybody)],
                window=Interval(now, now + MONTH),
                counted=counted,
            )
            found.append(len(times))

        def board(number: int) -> object:
            return medibook.perform(
                STRANGER,
                scheduling.slot_board,
                practitioner_id=everybody[number * 7 % len(everybody)],
                service_id=FOLLOW_UP.id,
                days=30,
            )

        rows: list[Row] = []
        for what, work in (("the door", door), ("free times", month), ("slot board", board)):
            row: Row = {"what": what, **percentiles(timed(work, chosen.rounds))}
            queries = max(counted) if what == "free times" else ""
            met = what == "free times" and float(str(row["p95_ms"])) <= MUST_MS
            rows.append({**row, "queries": queries, "must": met if queries else ""})
        print(f"{min(found)} to {max(found)} free times of {len(everybody)} × {BOOKINGS} bookings")
    tell("P1  W1 through the service", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
