"""A country's directory: 10,000 practitioners with hours and up to 10,000,000 appointments, as rows.

``python bench/country.py URL [--practitioners N] [--appointments N]`` makes it and leaves it there, for
the other measurements to use with ``--country URL``. The people are those of ``crowd``; their visits
are written by the database itself, twelve on each working day over the weeks around now, while the
guard and the indexes wait outside: they are laid again at the end, and judge what was written. Two
hundred of them work in one house, whose front desk has their day; the directory is filled as well.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import perf_counter

import sqlalchemy as sa
from ground import ROOT  # noqa: F401 - puts the clinic on the path
from sqlmodel import Session

from medibook.cli.migrate import upgrade
from medibook.clinic.tables import Location
from medibook.directory import service as directory
from medibook.directory.jobs import mend_directory
from medibook.kernel.actor import system
from medibook.kernel.clock import SystemClock
from medibook.kernel.db import make_engine, table_of
from medibook.kernel.settings import Env, Settings
from medibook.operations.access import seeding
from medibook.operations.rules.chance import named_id
from medibook.operations.rules.crowd import crowd
from medibook.operations.rules.places import FOLLOW_UP
from medibook.people.tables import Practitioner
from medibook.scheduling.tables import AvailableTime
from medibook.wiring import build_medibook

A_DAY = 12  # visits of twenty minutes, fifty minutes apart, from 08:00 on
PORTION = 50  # visits of each practitioner in one statement
HOUSE, HOUSE_OF = named_id("country", "house"), 200  # a house so large, and how many work there
_WINTER = {"Europe/London": 0, "Europe/Berlin": 60, "Australia/Lord_Howe": 660}


def fill(url: str, practitioners: int, appointments: int) -> None:
    """Make the country at an empty database."""
    upgrade(url)
    engine = make_engine(url)
    now = SystemClock().now()
    began = perf_counter()
    seed = crowd(practitioners, now, visits=False)
    with Session(engine) as session:
        seeding.write(session, seed, password_hash="!")
        session.commit()
    with engine.begin() as connection:
        _house(connection)
    say(began, f"{practitioners:,} practitioners with hours, {len(seed.patients):,} patients")
    each = appointments // practitioners
    with engine.connect() as connection, _bare(connection, began):
        _number(connection)
        for first in range(0, each, PORTION):
            _visits(connection, range(first, min(first + PORTION, each)), _monday(now, each))
            say(began, f"{min(first + PORTION, each) * practitioners:,} appointments")
    say(began, "done")
    engine.dispose()


def _house(connection: sa.Connection) -> None:
    """Bring some practitioners of one place together in a house of their own, at the same hours."""
    places, people, hours = map(table_of, (Location, Practitioner, AvailableTime))
    place = connection.execute(sa.select(places).order_by(places.c.id)).mappings().first()
    assert place is not None
    connection.execute(sa.insert(places).values({**place, "id": HOUSE, "name": "Large house"}))
    there = sa.select(people.c.id).where(people.c.location_id == place["id"]).order_by(people.c.id)
    chosen = connection.execute(there.limit(HOUSE_OF)).scalars().all()
    for table, whose in ((people, people.c.id), (hours, hours.c.practitioner_id)):
        connection.execute(sa.update(table).where(whose.in_(chosen)).values(location_id=HOUSE))


def fill_directory(url: str) -> None:
    """What the search reads: everybody's entry, and since when they may be free."""
    began = perf_counter()
    medibook = build_medibook(Settings(env=Env.TEST, db_url=url))
    medibook.perform(system("bench"), directory.rebuild_directory)
    say(began, "the directory has everybody")
    while mend_directory(medibook):
        say(began, "next free times mended")
    medibook.engine.dispose()


def say(began: float, what: str) -> None:
    print(f"{perf_counter() - began:7.1f} s  {what}", file=sys.stderr, flush=True)


def _monday(now: datetime, each: int) -> datetime:
    """So many weeks ago that a third of the visits are still to come."""
    weeks_back = round(each / A_DAY / 5 * 2 / 3)
    day = now.date() - timedelta(days=now.weekday() + 7 * weeks_back)
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC)


@contextmanager
def _bare(connection: sa.Connection, began: float) -> Iterator[None]:
    """Without indexes and guard while rows pour in; with them, and judged by them, at the end."""
    if connection.dialect.name == "sqlite":
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-2000000"):
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql(f"PRAGMA {pragma}")
            connection.exec_driver_sql("BEGIN")
        laid = _taken_away_sqlite(connection)
    else:
        laid = _taken_away_postgresql(connection)
    yield
    for statement in laid:
        connection.exec_driver_sql(statement)
        say(began, " ".join(statement.split())[:70])
    connection.exec_driver_sql("ANALYZE")
    connection.commit()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def _taken_away_sqlite(connection: sa.Connection) -> list[str]:
    wanted = (
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN "
        "('index', 'trigger') AND tbl_name IN ('appointment', 'busy_time')"
    )
    found = connection.exec_driver_sql(wanted).all()
    for kind, name, _ in found:
        connection.exec_driver_sql(f"DROP {kind} {name}")
    return [sql for _, _, sql in found]


def _taken_away_postgresql(connection: sa.Connection) -> list[str]:
    wanted = (
        "SELECT conname, conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = 'busy_time'::regclass AND contype = 'x'"
    )
    guards = connection.exec_driver_sql(wanted).all()
    indexes = connection.exec_driver_sql(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('appointment', 'busy_time') "
        "AND indexname LIKE 'ix_%%'"
    ).all()
    for name, table, _ in guards:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    laid = [sql for _, sql in indexes]
    return laid + [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} {sql}" for name, table, sql in guards
    ]


def _number(connection: sa.Connection) -> None:
    """Who has which number; and at how many minutes before the world's clock their place is."""
    offsets = " ".join(f"WHEN '{zone}' THEN {minutes}" for zone, minutes in _WINTER.items())
    connection.exec_driver_sql(
        "CREATE TEMPORARY TABLE who AS SELECT row_number() OVER (ORDER BY p.id) - 1 AS n, p.id, "
        f"l.id AS location_id, l.zone, CASE l.zone {offsets} END AS ahead "
        "FROM practitioner p JOIN location l ON l.id = p.location_id"
    )
    connection.exec_driver_sql(
        "CREATE TEMPORARY TABLE whom AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, user_id "
        "FROM patient"
    )
    connection.exec_driver_sql("CREATE INDEX who_n ON who (n)")
    connection.exec_driver_sql("CREATE UNIQUE INDEX whom_n ON whom (n)")


def _visits(connection: sa.Connection, turns: range, monday: datetime) -> None:
    """Some visits of everybody: rows of appointments and of the busy time of both people."""
    words = _Words.of(connection)
    connection.exec_driver_sql("DROP TABLE IF EXISTS portion")
    people = connection.exec_driver_sql("SELECT (SELECT count(*) FROM who), count(*) FROM whom")
    number, patients = people.one()
    turn = f"WITH RECURSIVE turn(k) AS (SELECT {turns.start} UNION ALL SELECT k + 1 FROM turn "
    minutes = f"(k / {A_DAY} / 5 * 7 + mod(k / {A_DAY}, 5)) * 1440 + mod(k, {A_DAY}) * 50 - w.ahead"
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE portion AS {turn} WHERE k < {turns.stop - 1}) "
        f"SELECT k * {number} + w.n AS serial, w.id AS practitioner_id, w.location_id, w.zone, "
        "p.id AS patient_id, p.user_id, "
        f"{words.instant(monday, minutes)} AS starts_at, "
        f"{words.instant(monday, f'{minutes} + 20')} AS ends_at "
        f"FROM turn CROSS JOIN who w JOIN whom p ON p.n = mod(k * {number} + w.n, {patients})"
    )
    now = words.instant(SystemClock().now(), "0")
    connection.exec_driver_sql(
        "INSERT INTO appointment (id, reference, patient_id, practitioner_id, service_id, location_id, "
        "status, starts_at, ends_at, wall_start, zone, reason, fee_minor, fee_currency, cancel_until, "
        "late_cancel_allowed, booked_by, cancel_reason, created_at, version) "
        f"SELECT {words.identity('serial', 1)}, {words.reference('serial')}, patient_id, "
        f"practitioner_id, '{words.uuid(FOLLOW_UP.id)}', location_id, "
        f"CASE WHEN ends_at < {now} THEN 'fulfilled' ELSE 'booked' END, starts_at, ends_at, "
        "'2026-01-01T00:00', zone, '', 5000, 'EUR', starts_at, "
        f"{words.false}, user_id, '', {now}, 1 FROM portion"
    )
    for number_, kind in enumerate(("practitioner", "patient"), start=2):
        connection.exec_driver_sql(
            "INSERT INTO busy_time (id, resource_kind, resource_id, starts_at, ends_at, source_kind, "
            f"source_id) SELECT {words.identity('serial', number_)}, '{kind}', {kind}_id, starts_at, "
            f"ends_at, 'appointment', {words.identity('serial', 1)} FROM portion"
        )


class _Words:
    """What the two engines say differently."""

    @staticmethod
    def of(connection: sa.Connection) -> type[_Words]:
        return _Words if connection.dialect.name == "sqlite" else _PostgresqlWords

    false = "0"

    @staticmethod
    def instant(start: datetime, minutes: str) -> str:
        text = start.strftime("%Y-%m-%d %H:%M:%S")
        return f"datetime('{text}', ({minutes}) || ' minutes') || '.000000'"

    @staticmethod
    def identity(serial: str, kind: int) -> str:
        # printf knows no hexadecimal of 128 bits; what is unique is enough.
        return f"printf('{kind:08x}000040008000%012x', {serial})"

    @staticmethod
    def reference(serial: str) -> str:
        return f"printf('%09d', {serial})"

    @staticmethod
    def uuid(value: object) -> str:
        return str(value).replace("-", "")


class _PostgresqlWords(_Words):
    false = "false"

    @staticmethod
    def instant(start: datetime, minutes: str) -> str:
        return f"timestamptz '{start.isoformat()}' + ({minutes}) * interval '1 minute'"

    @staticmethod
    def identity(serial: str, kind: int) -> str:
        return f"('{kind:08x}-0000-4000-8000-' || lpad(to_hex({serial}), 12, '0'))::uuid"

    @staticmethod
    def reference(serial: str) -> str:
        return f"lpad(({serial})::text, 9, '0')"

    @staticmethod
    def uuid(value: object) -> str:
        return str(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("url", help="of an empty database: sqlite:////tmp/country.db")
    parser.add_argument("--practitioners", type=int, default=10_000)
    parser.add_argument("--appointments", type=int, default=10_000_000)
    options = parser.parse_args()
    fill(options.url, options.practitioners, options.appointments)
    fill_directory(options.url)


if __name__ == "__main__":
    main()
