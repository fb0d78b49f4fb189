"""What every measurement stands on: a crowd to measure in, percentiles, the machine, and how it is told."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import perf_counter, process_time
from uuid import UUID

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from medibook.cli.migrate import upgrade
from medibook.kernel.application import MediBook
from medibook.kernel.clock import SystemClock
from medibook.kernel.db import sqlite_version, table_of
from medibook.kernel.settings import Env, Settings
from medibook.operations.rules.crowd import crowd
from medibook.operations.rules.seeds import ClinicSeed
from medibook.operations.service.proof import scratch_copy
from medibook.people.tables import Practitioner
from medibook.wiring import build_medibook

ROOT = Path(__file__).resolve().parents[1]
SIZES = (12, 1_000)
_CLINICS = count()
Row = dict[str, object]


@contextmanager
def clinic_of(size: int, db: str | None) -> Iterator[tuple[MediBook, ClinicSeed]]:
    """A scratch clinic with so many practitioners, gone afterwards; ``db`` names a PostgreSQL server."""
    seed = crowd(size, SystemClock().now())
    with clinic_at(seed, db) as medibook:
        yield medibook, seed


@contextmanager
def clinic_at(seed: ClinicSeed, db: str | None) -> Iterator[MediBook]:
    """A scratch clinic of this seed: a second one of the same seed is a twin, down to the ids."""
    name = f"bench {os.getpid()} {next(_CLINICS)}"
    with scratch_copy(db, seed, name=name, migrate=upgrade) as url:
        medibook = build_medibook(Settings(env=Env.TEST, db_url=url))
        try:
            yield medibook
        finally:
            medibook.engine.dispose()


@contextmanager
def country_at(url: str) -> Iterator[tuple[MediBook, tuple[UUID, ...]]]:
    """A country that ``country.py`` has made, and everybody who works in it."""
    medibook = build_medibook(Settings(env=Env.TEST, db_url=url))
    people = table_of(Practitioner)
    try:
        with medibook.engine.connect() as connection:
            found = connection.execute(sa.select(people.c.id).order_by(people.c.id))
            everybody = tuple(found.scalars().all())
        yield medibook, everybody
    finally:
        medibook.engine.dispose()


@contextmanager
def counted(medibook: MediBook) -> Iterator[list[str]]:
    """What is asked of the database meanwhile; beginning a transaction is no question."""
    said: list[str] = []

    def hear(*words: object) -> None:
        if str(words[2]).startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            said.append(str(words[2]))

    sa.event.listen(medibook.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        sa.event.remove(medibook.engine, "before_cursor_execute", hear)


def timed(work: Callable[[int], object], rounds: int) -> list[float]:
    """Milliseconds of each round, after three to warm up; the work is told which round it is."""
    for number in range(3):
        work(-1 - number)
    times = []
    for number in range(rounds):
        began = perf_counter()
        work(number)
        times.append((perf_counter() - began) * 1000)
    return times


def percentiles(times: list[float]) -> Row:
    """The median and the slow end, in milliseconds."""
    return {
        "p50_ms": round(statistics.median(times), 2),
        "p95_ms": round(_slow_end(times, 20), 2),
        "p99_ms": round(_slow_end(times, 100), 2),
    }


def measured(work: Callable[[int], object], rounds: int) -> Row:
    """As :func:`percentiles`, and the median of this process's own CPU: other people's load is not in it."""
    cpu: list[float] = []

    def noted(number: int) -> None:
        began = process_time()
        work(number)
        cpu.append((process_time() - began) * 1000)

    return {**percentiles(timed(noted, rounds)), "cpu_ms": round(statistics.median(cpu), 2)}


def _slow_end(times: list[float], one_in: int) -> float:
    """All but one in so many are no slower than this."""
    return statistics.quantiles(times, n=one_in)[-1] if len(times) > 1 else times[0]


def machine() -> str:
    python, sqlite = platform.python_version(), ".".join(map(str, sqlite_version()))
    return f"CPython {python}, {os.cpu_count()} cores, {platform.machine()}, SQLite {sqlite}"


def options(about: str, *, rounds: int) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--rounds", type=int, default=rounds, help="rounds for each figure")
    parser.add_argument("--db", help="a PostgreSQL server to make the scratch clinics on")
    parser.add_argument("--country", help="the URL of a country that country.py has made")
    return parser.parse_args()


def tell(what: str, rows: list[Row], *, as_json: bool) -> None:
    """Print the table, and the same as one line of JSON."""
    if not as_json:
        print(f"{what}  ({machine()})")
        widths = {key: max(len(key), *(len(str(row[key])) for row in rows)) for key in rows[0]}
        print("  ".join(f"{key:>{width}}" for key, width in widths.items()))
        for row in rows:
            print("  ".join(f"{row[key]!s:>{width}}" for key, width in widths.items()))
    print(
        json.dumps({"what": what, "machine": machine(), "load": os.getloadavg()[0], "rows": rows})
    )


def scratch_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="medibook-bench-")
