"""Search: specialty and city, soonest first, with the next four times of each; names; filters' counts.

``python bench/search.py [--json] [--sizes 1000 10000] [--each 100] [--db postgresql+psycopg://…]``
makes a directory of each size (``country.py``), with so many visits each, and asks it. ``--country
URL`` asks one that is there. Beside every figure stands the door itself: the list of specialties, the
smallest query there is. P3, P4, P9 (first free) and P19 of ``performance.md``.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import sqlalchemy as sa
from country import fill
from ground import ROOT, Row, tell, timed
from sqlalchemy import event

from medibook.clinic.service import specialties
from medibook.directory import service as directory
from medibook.directory.jobs import mend_directory
from medibook.directory.schemas import SearchWish, Sort, When
from medibook.kernel.actor import STRANGER, system
from medibook.kernel.application import MediBook
from medibook.kernel.settings import Env, Settings
from medibook.operations.access.scratch import scratch_database
from medibook.operations.rules.places import PLACES, SPECIALTIES
from medibook.wiring import build_medibook

_ENDS = ("na", "rik", "tta", "lio", "mir", "sa", "nne", "bel", "drik", "ra")
_SUFFIXES = ("er", "mann", "son", "ov", "ski", "ez", "ini", "ard", "wood", "ley")
_STEMS = ("Hart", "Lind", "Berg", "Kowal", "Fern", "Mor", "Stan", "Pet", "Rich", "Gold", "Wal")
# A hundred first names and a hundred and ten last ones, each a letter or two from its neighbours.
FIRST = [
    a + b for a in ("An", "Be", "Cla", "Da", "El", "Fre", "Jo", "Ma", "Ro", "Vi") for b in _ENDS
]
LAST = [a + b for a in _STEMS for b in _SUFFIXES]
COLD = """
import sys
from medibook.directory import service as directory
from medibook.directory.schemas import SearchWish
from medibook.kernel.actor import STRANGER
from medibook.kernel.settings import Env, Settings
from medibook.wiring import build_medibook
medibook = build_medibook(Settings(env=Env.TEST, db_url=sys.argv[1]))
wish = SearchWish(specialty=sys.argv[2], city=sys.argv[3])
assert medibook.perform(STRANGER, directory.search, wish=wish).cards
"""


@contextmanager
def country(size: int, each: int, server: str | None) -> Iterator[str]:
    """A directory of this size in a database of its own, its practitioners called as people are."""
    with scratch_database(server, name=f"search {size} {os.getpid()}") as url:
        fill(url, size, size * each)
        yield url


def call_by_names(medibook: MediBook) -> None:
    """Give everybody a name that somebody could mistype; the numbers of the crowd are no names."""
    table = sa.table("practitioner", sa.column("id", sa.Uuid), sa.column("name"))
    with medibook.engine.begin() as connection:
        ids = connection.execute(sa.select(table.c.id).order_by(table.c.id)).scalars().all()
        rows = [
            {"who": i, "called": f"Dr {FIRST[n % len(FIRST)]} {LAST[n // len(FIRST) % len(LAST)]}"}
            for n, i in enumerate(ids)
        ]
        change = sa.update(table).where(table.c.id == sa.bindparam("who"))
        connection.execute(change.values(name=sa.bindparam("called")), rows)


def narrow(number: int) -> SearchWish:
    return SearchWish(
        specialty=SPECIALTIES[number % len(SPECIALTIES)].code,
        city=PLACES[number % len(PLACES)].city,
    )


def named(number: int, *, wrong: bool) -> SearchWish:
    first, last = FIRST[number * 7 % len(FIRST)], LAST[number * 11 % 100]
    return SearchWish(text=f"{first} {last[:2]}{last[3:]}" if wrong else f"{first} {last}")


SEARCHES = {
    "P3 specialty and city": (directory.search, narrow),
    "everybody, soonest": (directory.search, lambda _: SearchWish()),
    "everybody, lowest fee": (directory.search, lambda _: SearchWish(sort=Sort.FEE)),
    "specialty, this week": (
        directory.search,
        lambda n: SearchWish(specialty=narrow(n).specialty, when=When.THIS_WEEK),
    ),
    "P19 a plain word": (directory.search, lambda _: SearchWish(text="skin")),
    "P19 a name": (directory.search, lambda n: named(n, wrong=False)),
    "P19 a name, misspelt": (directory.search, lambda n: named(n, wrong=True)),
    "counts of the filters": (directory.facets, narrow),
}


def measure(url: str, rounds: int) -> list[Row]:
    medibook = build_medibook(Settings(env=Env.TEST, db_url=url))
    size = _size(medibook)
    made = _made(medibook)
    door = statistics.median(timed(lambda _: medibook.perform(STRANGER, specialties), rounds))
    rows: list[Row] = [{"practitioners": size, "work": "the door itself", **_told([door], door)}]
    asked = _Counter(medibook.engine)
    for words, (act, wish) in SEARCHES.items():
        asked.count = 0
        times = timed(lambda n, a=act, w=wish: medibook.perform(STRANGER, a, wish=w(n)), rounds)
        queries = asked.count / (rounds + 3)
        rows.append({"practitioners": size, "work": words, **_told(times, door, queries)})
    rows.append({"practitioners": size, "work": "P4 cold, to an answer", **_told(_cold(url), door)})
    rows.append({"practitioners": size, "work": "directory made, ms", **_told([made * 1000], door)})
    medibook.engine.dispose()
    return rows


def _size(medibook: MediBook) -> int:
    with medibook.engine.connect() as connection:
        return connection.execute(sa.text("SELECT count(*) FROM practitioner")).scalar_one()


def _made(medibook: MediBook) -> float:
    """Seconds until the directory is full and its bounds are mended, from nothing."""
    call_by_names(medibook)
    began = perf_counter()
    medibook.perform(system("bench"), directory.rebuild_directory)
    while mend_directory(medibook):
        pass
    with medibook.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return perf_counter() - began


def _cold(url: str) -> list[float]:
    times = []
    for number in range(3):
        wish = narrow(number)
        began = perf_counter()
        command = [sys.executable, "-c", COLD, url, wish.specialty, wish.city]
        subprocess.run(command, cwd=ROOT, check=True)
        times.append((perf_counter() - began) * 1000)
    return times


class _Counter:
    """How many questions are put to the database; beginning a transaction is none."""

    def __init__(self, engine: sa.Engine) -> None:
        self.count = 0
        event.listen(engine, "before_cursor_execute", self._heard)

    def _heard(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.count += statement.startswith(("SELECT", "WITH"))


def _told(times: list[float], door: float, queries: float | None = None) -> Row:
    ordered = sorted(times)
    return {
        "p50_ms": round(statistics.median(ordered), 2),
        "p99_ms": round(ordered[min(len(ordered) - 1, math.ceil(len(ordered) * 0.99) - 1)], 2),
        "times_the_door": round(statistics.median(ordered) / door, 1),
        "queries": "" if queries is None else round(queries, 1),
    }


def exponent(rows: list[Row]) -> Row | None:
    """How the first free time grows with the number of practitioners: 0 is not at all, 1 is with it."""
    found = [(row["practitioners"], row["p50_ms"]) for row in rows if "P3" in str(row["work"])]
    if len(found) < 2:
        return None
    (few, fast), (many, slow) = found[0], found[-1]
    grown = math.log(float(slow) / float(fast)) / math.log(float(many) / float(few))
    return {"practitioners": f"{few} to {many}", "work": "P9 exponent, first free"} | {
        "p50_ms": round(grown, 2), "p99_ms": "", "times_the_door": "", "queries": "",
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--rounds", type=int, default=200, help="rounds for each figure")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--each", type=int, default=100, help="visits of each practitioner")
    parser.add_argument("--db", help="a PostgreSQL server to make the scratch directories on")
    parser.add_argument("--country", help="a directory that is there; its people are renamed")
    chosen = parser.parse_args()
    rows: list[Row] = []
    if chosen.country:
        rows += measure(chosen.country, chosen.rounds)
    else:
        for size in chosen.sizes:
            with country(size, chosen.each, chosen.db) as url:
                rows += measure(url, chosen.rounds)
    if grown := exponent(rows):
        rows.append(grown)
    tell("search, warm", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
