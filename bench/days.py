"""P12: a month of one practitioner's calendar, and the front desk's day of a house of 200.

``python bench/days.py --country URL [--json]``, on what ``country.py`` has made. Beside them stand the
door itself (the list of specialties) and what the database alone needs: the visits of the same month
and of the same day as one raw statement each, every column of every row fetched.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from country import HOUSE
from ground import Row, counted, country_at, measured, options, tell

from medibook.appointments import service as appointments
from medibook.appointments.tables import Appointment
from medibook.clinic.service import specialties
from medibook.kernel.actor import STRANGER, Actor, Role
from medibook.kernel.application import MediBook
from medibook.kernel.db import table_of

IN_SIGHT = 24  # columns on one screen of the desk's page
MUST_MS = {"a month": 30.0, "the day": 20.0}
_VISITS = table_of(Appointment)
DESK = Actor(role=Role.STAFF, user_id=UUID(int=1), approved=True, name="Desk")


def raw(medibook: MediBook, *where: sa.ColumnElement[bool]) -> int:
    with medibook.engine.connect() as connection:
        return len(connection.execute(sa.select(_VISITS).where(*where)).all())


def month_of(day: date) -> tuple[date, date]:
    """Five weeks, as a month lies on the page; from a Monday."""
    first = day - timedelta(days=day.weekday())
    return first, first + timedelta(days=34)


def measure(medibook: MediBook, everybody: tuple[UUID, ...], rounds: int) -> list[Row]:
    today = medibook.clock.now().date()
    first, last = month_of(today)
    workday = first + timedelta(days=8)
    month = _instants(medibook, first, last)
    day = _instants(medibook, workday, workday)
    works = {
        "the door": lambda _: medibook.perform(STRANGER, specialties),
        "a month, raw": lambda n: raw(
            medibook, _VISITS.c.practitioner_id == everybody[n * 37 % len(everybody)], month
        ),
        "a month": lambda n: medibook.perform(
            DESK,
            appointments.practitioner_calendar,
            first=first,
            last=last,
            practitioner_id=everybody[n * 37 % len(everybody)],
        ),
        "the day, raw": lambda _: raw(medibook, _VISITS.c.location_id == HOUSE, day),
        "the day": lambda _: medibook.perform(
            DESK, appointments.clinic_day, on=workday, location_id=HOUSE, most=IN_SIGHT
        ),
        "the day, all columns": lambda _: medibook.perform(
            DESK, appointments.clinic_day, on=workday, location_id=HOUSE
        ),
        "where most work": lambda _: medibook.perform(DESK, appointments.busiest_place, on=workday),
        "who waits": lambda _: medibook.perform(DESK, appointments.count_waiting),
    }
    calendar = works["a month"](0)
    sheet = works["the day"](0)
    print(
        f"a month has {len(calendar.visits)} visits; the day {sheet.visits} in {sheet.practitioners} columns,"
        f" of which {len(sheet.columns)} are in sight",
        file=sys.stderr,
    )
    rows: list[Row] = []
    for what, work in works.items():
        times = measured(work, rounds)
        with counted(medibook) as asked:
            work(0)
        must = MUST_MS.get(what)
        met = "" if must is None else float(str(times["p95_ms"])) <= must
        rows.append(
            {"what": what, **times, "queries": len(asked), "must_ms": must or "", "met": met}
        )
    return rows


def _instants(medibook: MediBook, first: date, last: date) -> sa.ColumnElement[bool]:
    begin = medibook.clock.now().replace(
        year=first.year, month=first.month, day=first.day, hour=0, minute=0, second=0, microsecond=0
    )
    end = begin + (last - first) + timedelta(days=1)
    return sa.and_(_VISITS.c.starts_at >= begin, _VISITS.c.starts_at < end)


def main() -> None:
    chosen = options(__doc__ or "", rounds=100)
    if not chosen.country:
        raise SystemExit("say --country URL; python bench/country.py URL makes one")
    with country_at(chosen.country) as (medibook, everybody):
        rows = measure(medibook, everybody, chosen.rounds)
    tell("P12  calendars", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
