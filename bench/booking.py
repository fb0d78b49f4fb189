"""P5, P7, P8: bookings a second, one time for a hundred, and the longest wait, durably and with all rules.

``python bench/booking.py [--json] [--db postgresql+psycopg://…]``, with 12 and with 1,000 practitioners.
The baseline is made in the same run: what the bookings have written is written again by the bare driver,
the same statements with the same values and the same commits, into a twin of the clinic. What that
takes is the database's share; the rest is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from itertools import count
from statistics import median
from time import perf_counter, process_time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from ground import SIZES, Row, clinic_at, clinic_of, counted, measured, options, tell

from medibook.appointments import service as appointments
from medibook.appointments.schemas.desk import DeskBooking
from medibook.kernel.actor import Actor, Role
from medibook.kernel.application import MediBook
from medibook.kernel.errors import Refusal
from medibook.operations.rules.contest import Act, Attempt
from medibook.operations.rules.crowd import PATIENTS_EACH
from medibook.operations.rules.places import FOLLOW_UP
from medibook.operations.rules.seeds import ClinicSeed
from medibook.operations.service.contest import as_patient, book
from medibook.scheduling.schemas import SlotWish

# Between the visits of the crowd, on the wall.
FREE_AT = (
    time(8),
    time(9),
    time(10),
    time(10, 30),
    time(11, 40),
    time(15),
    time(16, 30),
    time(18, 20),
)
WRITERS, CLIENTS, REPEATS = 8, 100, 3
Written = list[list[tuple[str, Any]]]


def attempt(seed: ClinicSeed, number: int) -> Attempt:
    """The free times of all practitioners in turn; no two numbers have the same."""
    index, turn = number % len(seed.practitioners), number // len(seed.practitioners)
    whose = seed.practitioners[index]
    zone = ZoneInfo(whose.place.zone)
    workday, reading = turn // len(FREE_AT), FREE_AT[turn % len(FREE_AT)]
    monday = datetime.now(zone).date()
    monday += timedelta(days=7 - monday.weekday())
    day = monday + timedelta(days=workday // 5 * 7 + workday % 5)
    start = datetime.combine(day, reading, tzinfo=zone).astimezone(UTC)
    wish = SlotWish(practitioner_id=whose.id, service_id=FOLLOW_UP.id, starts_at=start)
    patient = seed.patients[index * PATIENTS_EACH + turn % PATIENTS_EACH]
    return Attempt(Act.BOOK, patient, wish, wanted_by_all=False)


class Bookings:
    """Bookings of one clinic, each of a time of its own."""

    def __init__(self, medibook: MediBook, seed: ClinicSeed) -> None:
        self._medibook, self._seed, self._numbers = medibook, seed, count()
        self._desk = Actor(role=Role.STAFF, user_id=seed.accounts[0].id, approved=True, name="Desk")

    def hold_and_book(self, _: int) -> None:
        """As the page does for a patient: two transactions."""
        one = attempt(self._seed, next(self._numbers))
        book(self._medibook, as_patient(one.patient), one)

    def at_the_desk(self, _: int) -> None:
        """As the front desk does: one transaction."""
        number = next(self._numbers)
        one = attempt(self._seed, number)
        new = DeskBooking(patient_id=one.patient.id, wish=one.wish, booking_key=f"bench-{number}")
        self._medibook.perform(self._desk, appointments.book_for_patient, new=new)

    def for_all(self) -> tuple[int, float]:
        """A hundred patients want one time at once: how many visits came of it (somebody who
        clicks twice has one), and after how many seconds all know."""
        one, patients = attempt(self._seed, next(self._numbers)), self._seed.patients

        def wants(number: int) -> UUID | None:
            try:
                return book(self._medibook, as_patient(patients[number % len(patients)]), one)
            except Refusal:
                return None

        began = perf_counter()
        with ThreadPoolExecutor(CLIENTS) as threads:
            visits = set(threads.map(wants, range(CLIENTS))) - {None}
        return len(visits), perf_counter() - began


@contextmanager
def written(medibook: MediBook) -> Iterator[Written]:
    """What is written meanwhile, a list of statements for each transaction that commits."""
    done: Written = []
    running: list[tuple[str, Any]] = []

    def hear(*said: Any) -> None:
        _, _, statement, values, _, is_many = said
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            running.extend((statement, one) for one in (values if is_many else [values]))

    def commit(_: object) -> None:
        if running:
            done.append(running.copy())
            running.clear()

    sa.event.listen(medibook.engine, "before_cursor_execute", hear)
    sa.event.listen(medibook.engine, "commit", commit)
    yield done
    sa.event.remove(medibook.engine, "before_cursor_execute", hear)
    sa.event.remove(medibook.engine, "commit", commit)


def again(twin: MediBook, transactions: Written, *, each: int) -> Row:
    """Write the same by the bare driver; ``each`` so many transactions are a booking."""
    wall, cpu = [], []
    raw = twin.engine.raw_connection()
    cursor = raw.cursor()
    for transaction in transactions:
        began, spent = perf_counter(), process_time()
        if twin.engine.dialect.name == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        for statement, values in transaction:
            cursor.execute(statement, values)
        raw.commit()
        wall.append(perf_counter() - began)
        cpu.append(process_time() - spent)
    raw.close()
    return {
        "p50_ms": round(median(wall) * 1000 * each, 2),
        "p95_ms": round(sorted(wall)[int(len(wall) * 0.95)] * 1000 * each, 2),
        "p99_ms": round(sorted(wall)[int(len(wall) * 0.99)] * 1000 * each, 2),
        "cpu_ms": round(median(cpu) * 1000 * each, 2),
    }


def beside_raw(
    work: Callable[[int], None],
    medibook: MediBook,
    twin: MediBook,
    *,
    what: str,
    rounds: int,
    each: int,
) -> list[Row]:
    """One kind of booking, and the same rows by the bare driver."""
    with written(medibook) as transactions:
        ours = measured(work, rounds)
        with counted(medibook) as asked:
            work(0)
    bare = again(twin, transactions, each=each)
    writes = sum(not said.startswith(("SELECT", "WITH")) for said in asked)
    return [
        {"what": what, **ours, "statements": len(asked)},
        {"what": f"{what}: the same rows, raw", **bare, "statements": writes},
    ]


def by_eight(work: Callable[[int], None], rounds: int) -> Row:
    """Eight threads book at once: how many a second, and how long the last one waited."""
    times: list[float] = []

    def one(number: int) -> None:
        began = perf_counter()
        work(number)
        times.append((perf_counter() - began) * 1000)

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(one, range(WRITERS * 2)))
        times.clear()
        began = perf_counter()
        list(threads.map(one, range(rounds)))
        took = perf_counter() - began
    return {"a_second": round(rounds / took, 1), "longest_ms": round(max(times)),
            "p50_ms": round(median(times), 2)}  # fmt: skip


def measure(medibook: MediBook, twin: MediBook, seed: ClinicSeed, rounds: int) -> list[Row]:
    ours = Bookings(medibook, seed)
    rows = beside_raw(
        ours.hold_and_book, medibook, twin, what="P5 hold and book", rounds=rounds, each=2
    )
    rows += beside_raw(
        ours.at_the_desk, medibook, twin, what="P5 at the desk", rounds=rounds, each=1
    )
    for row in rows:
        row["a_second"] = round(1000 / float(str(row["p50_ms"])), 1)
    rows.append({"what": "P5, P8 eight writers", **by_eight(ours.hold_and_book, rounds)})
    for _ in range(REPEATS):
        won, took = ours.for_all()
        rows.append(
            {"what": f"P7 {CLIENTS} want one time", "visits": won, "longest_ms": round(took * 1000)}
        )
    return rows


COLUMNS = ("practitioners", "what", "p50_ms", "p95_ms", "p99_ms", "cpu_ms", "statements", "a_second",
           "longest_ms", "visits")  # fmt: skip


def main() -> None:
    chosen = options(__doc__ or "", rounds=120)
    rows: list[Row] = []
    for size in SIZES:
        with clinic_of(size, chosen.db) as (medibook, seed), clinic_at(seed, chosen.db) as twin:
            found = measure(medibook, twin, seed, chosen.rounds)
        rows += [
            {name: {"practitioners": size, **row}.get(name, "") for name in COLUMNS}
            for row in found
        ]
    tell("bookings", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
