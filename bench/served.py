"""P6: bookings end to end over the live connection of a served clinic, eight clients at once.

``python bench/served.py [--json] [--db postgresql+psycopg://…]``, with 12 and with 1,000 practitioners.
The door is the one a patient uses: there is no API for bookings. A signed-in page goes to "Check and
book" with a time of its own, which holds it, and presses the button; the booking is there when the
answer sends the browser to the visit. No limit is switched off: after fifty bookings a fresh page of
another patient takes over. The client is this process, the clinic another; ``client_cpu_ms`` says what
a booking costs here. The baselines are the same eight, in the same run: a health check by HTTP, and
the cheapest event of a signed-in patient, which has the guard's look-up and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from itertools import count
from statistics import median
from time import perf_counter, process_time

import aiohttp
from booking import attempt
from events import arrive, keep_words
from ground import SIZES, Row, clinic_of, options, percentiles, tell
from serving import EVENTS_OF_A_TAB, Server, Tab, clinic_served, let_in, sends_on, shows, tabs

from medibook.appointments.pages.book_state import Book
from medibook.kernel.application import MediBook
from medibook.operations.rules.crowd import PATIENTS_EACH
from medibook.operations.rules.seeds import ClinicSeed

CLIENTS, TURNS = 8, 3
BOOKINGS_OF_A_TAB = EVENTS_OF_A_TAB // 2
PEER_A_SECOND = 133  # Easy!Appointments with eight workers, measured on such a machine
One = Callable[[int], Awaitable[float]]


class Patients:
    """Eight at a time, each with a practitioner of their own; whose times they are, is never shared."""

    def __init__(self, medibook: MediBook, seed: ClinicSeed) -> None:
        self._medibook, self._seed = medibook, seed
        self._turns = [count() for _ in range(CLIENTS)]
        self._shifts = count()

    def next_shift(self) -> list[str]:
        """The cookies of the eight who come next, just signed in."""
        which = next(self._shifts) % PATIENTS_EACH
        those = [self._seed.patients[n * PATIENTS_EACH + which] for n in range(CLIENTS)]
        return let_in(self._medibook, [patient.account.id for patient in those])

    def next_time(self, client: int) -> str:
        """The address of a time that nobody else will ask for."""
        turn = next(self._turns[client])
        one = attempt(self._seed, turn * len(self._seed.practitioners) + client)
        return f"/book/?slot={one.wish.address}"


async def book(tab: Tab, path: str) -> tuple[float, float]:
    """Milliseconds until the time is held and shown, and from the button to the visit."""
    held = await tab.goes(path, shows(Book, "step", "check"))
    return held, await tab.asks(Book.book, {"form_data": {"reason": "It hurts."}}, sends_on)


async def bookings(server: Server, patients: Patients, each: int) -> Row:
    """Eight book at once, each so many times."""
    held: list[float] = []
    booked: list[float] = []
    took = spent = served = 0.0

    async def one(client: int, tab: Tab, number: int) -> None:
        for _ in range(number):
            first, second = await book(tab, patients.next_time(client))
            held.append(first)
            booked.append(second)

    for number in shifts(each):
        async with tabs(server, patients.next_shift()) as opened:
            for tab in opened:
                await arrive(tab)
            began, cpu, theirs = perf_counter(), process_time(), server.cpu_ms()
            await asyncio.gather(*(one(n, tab, number) for n, tab in enumerate(opened)))
            took, spent = took + perf_counter() - began, spent + process_time() - cpu
            served += server.cpu_ms() - theirs
    both = [first + second for first, second in zip(held, booked, strict=True)]
    return {
        "a_second": round(len(both) / took, 1), **percentiles(both), "hold_p50_ms": round(median(held), 1),
        "book_p50_ms": round(median(booked), 1), "server_cpu_ms": round(served / len(both), 1),
        "client_cpu_ms": round(spent * 1000 / len(both), 1),
    }  # fmt: skip


def shifts(each: int) -> Iterator[int]:
    """So many in all, in portions that the guard lets one page have at once."""
    while each > 0:
        yield min(each, BOOKINGS_OF_A_TAB)
        each -= BOOKINGS_OF_A_TAB


async def by_eight(server: Server, ones: list[One], each: int) -> Row:
    """The baselines: eight do something small at once, each so many times."""
    times: list[float] = []

    async def go_on(one: One) -> None:
        times.extend([await one(number) for number in range(each)])

    began, cpu, theirs = perf_counter(), process_time(), server.cpu_ms()
    await asyncio.gather(*map(go_on, ones))
    took, spent = perf_counter() - began, process_time() - cpu
    return {
        "a_second": round(len(times) / took, 1), **percentiles(times),
        "server_cpu_ms": round((server.cpu_ms() - theirs) / len(times), 2),
        "client_cpu_ms": round(spent * 1000 / len(times), 2),
    }  # fmt: skip


async def health_checks(server: Server) -> Row:
    async with aiohttp.ClientSession() as session:

        async def ask(_: int) -> float:
            began = perf_counter()
            async with session.get(f"{server.url}/livez") as answer:
                assert answer.status == 200
                await answer.read()
            return (perf_counter() - began) * 1000

        return await by_eight(server, [ask] * CLIENTS, EVENTS_OF_A_TAB)


async def cheap_events(server: Server, patients: Patients) -> Row:
    async with tabs(server, patients.next_shift()) as opened:
        for tab in opened:
            await arrive(tab)
        ones: list[One] = [lambda number, tab=tab: keep_words(tab, number) for tab in opened]
        return await by_eight(server, ones, EVENTS_OF_A_TAB)


async def measure(server: Server, patients: Patients, rounds: int) -> list[Row]:
    await bookings(server, patients, 2)  # to warm up
    seen: dict[str, list[Row]] = {"GET /livez": [], "a cheap event": [], "P6 hold and book": []}
    for _ in range(TURNS):
        seen["GET /livez"].append(await health_checks(server))
        seen["a cheap event"].append(await cheap_events(server, patients))
        booked = await bookings(server, patients, max(rounds // CLIENTS, 1))
        seen["P6 hold and book"].append(booked)
    rows = [{"what": what, **_middle(turns)} for what, turns in seen.items()]
    for row in rows:
        row["of_the_cheap"] = round(row["a_second"] / rows[1]["a_second"], 3)
    rows[-1]["times_peer"] = round(rows[-1]["a_second"] / PEER_A_SECOND, 2)
    return rows


def _middle(turns: list[Row]) -> dict[str, float]:
    """The median of the turns, and of the slow ends as well."""
    return {key: round(median(float(str(turn[key])) for turn in turns), 2) for key in turns[0]}


COLUMNS = ("practitioners", "what", "a_second", "p50_ms", "p95_ms", "p99_ms", "hold_p50_ms", "book_p50_ms",
           "server_cpu_ms", "client_cpu_ms", "of_the_cheap", "times_peer")  # fmt: skip


def main() -> None:
    chosen = options(__doc__ or "", rounds=160)
    rows: list[Row] = []
    for size in SIZES:
        with clinic_of(size, chosen.db) as (medibook, seed), clinic_served(medibook) as server:
            found = asyncio.run(measure(server, Patients(medibook, seed), chosen.rounds))
        rows += [
            {name: {"practitioners": size, **row}.get(name, "") for name in COLUMNS}
            for row in found
        ]
    tell("bookings through the live connection, 8 clients", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
