"""P2, P11: the board through an event of a served clinic, and the server's CPU for an ordinary event.

``python bench/events.py [--json] [--db postgresql+psycopg://…]``; ``--country URL`` asks the country of
``country.py`` instead of 12 and 1,000 practitioners. The client is this process; each server is one of
its own, and its CPU is what the system has counted for it, its clockwork included (``idle_cpu`` says
how many ms that is each second). P2 is the way to a doctor's page within the application: from the
event of a signed-in patient to the delta that holds the days. P11 is a typed reason that is kept: a
patient's event that asks the database nothing but who is there, which the guard asks before each one.
Beside it stands an event that reads a list. No limit is switched off: a page sends no more than the
guard's burst.
The baseline of both is the counter of a trivial Reflex application, in turn with ours in the same run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from itertools import count, islice
from statistics import median
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from bare import Counter
from ground import SIZES, Row, clinic_of, country_at, options, percentiles, tell
from serving import (
    EVENTS_OF_A_TAB,
    Server,
    Tab,
    bare_served,
    clinic_served,
    shows,
    some_patients,
    tabs,
)

from medibook.appointments.pages.book_state import Book
from medibook.appointments.pages.visits import Visits
from medibook.directory.pages.profile import Profile
from medibook.kernel.application import MediBook
from medibook.kernel.db import table_of
from medibook.operations.rules.places import FOLLOW_UP
from medibook.people.tables import Practitioner

PAGES, TURNS, IDLE = 8, 3, 2.0
Act = Callable[[Tab, int], Coroutine[Any, Any, float]]


async def arrive(tab: Tab) -> None:
    """Open the list of visits, so that the state is made before anything is measured."""
    await tab.opens("/visits/", shows(Visits, "ready", value=True))


async def arrive_bare(tab: Tab) -> None:
    await tab.opens("/", shows(Counter, "count"))


async def keep_words(tab: Tab, number: int) -> float:
    return await tab.asks(Book.keep_words, {"words": f"word {number}"}, shows(Book, "reason"))


async def show_more(tab: Tab, _: int) -> float:
    return await tab.asks(Visits.show_more, {}, shows(Visits, "past_page"))


async def add(tab: Tab, _: int) -> float:
    return await tab.asks(Counter.add, {}, shows(Counter, "count"))


async def a_turn(
    server: Server, cookies: list[str], arrives: Callable[[Tab], Any], act: Act, rounds: int
) -> Row:
    """Fresh pages send one kind of event: what each took, and what it cost the server."""
    each = min(-(-rounds // PAGES), EVENTS_OF_A_TAB)
    times: list[float] = []

    async def one(tab: Tab) -> None:
        times.extend([await act(tab, number) for number in range(each)])

    async with tabs(server, cookies[:PAGES]) as opened:
        for tab in opened:
            await arrives(tab)
        spent, began = server.cpu_ms(), perf_counter()
        await asyncio.gather(*map(one, opened))
        took, cpu = perf_counter() - began, server.cpu_ms() - spent
    return {
        **percentiles(times),
        "server_cpu_ms": round(cpu / len(times), 3),
        "a_second": round(len(times) / took),
    }


async def idle(server: Server) -> float:
    """Milliseconds of CPU that a server takes each second when nobody does anything."""
    spent = server.cpu_ms()
    await asyncio.sleep(IDLE)
    return round((server.cpu_ms() - spent) / IDLE, 1)


async def ordinary(ours: Server, bare: Server, cookies: list[str], rounds: int) -> list[Row]:
    """P11: ours and the trivial one in turn; of each kind the medians of the turns."""
    nobody = [""] * PAGES
    kinds: list[tuple[str, Server, list[str], Any, Act, int]] = [
        ("P11 the counter of a bare Reflex", bare, nobody, arrive_bare, add, rounds * 4),
        ("P11 a typed word is kept", ours, cookies, arrive, keep_words, rounds * 4),
        ("P11 a list is read again", ours, cookies, arrive, show_more, rounds),
    ]
    seen: dict[str, list[Row]] = {kind[0]: [] for kind in kinds}
    for turn in range(-1, TURNS):  # the first one is to warm up
        for what, *how, number in kinds:
            found = await a_turn(*how, number if turn >= 0 else PAGES * 3)
            if turn >= 0:
                seen[what].append(found)
    return [
        {"what": what, "idle_cpu": await idle(kind[1]), **_middle(seen[what])}
        for what, kind in zip(seen, kinds, strict=True)
    ]


def _middle(turns: list[Row]) -> Row:
    return {
        key: round(median(float(str(turn[key])) for turn in turns), 3) for key in dict(turns[0])
    }


async def the_board(ours: Server, cookies: list[str], slugs: list[str], rounds: int) -> Row:
    """P2: one patient goes from doctor to doctor; another page takes over before the guard's burst."""
    times: list[float] = []
    whom = (slugs[number * 37 % len(slugs)] for number in count())
    spent = 0.0
    while len(times) < rounds:
        async with tabs(ours, cookies[:1]) as (tab,):
            await arrive(tab)
            for warm_up in range(3):
                await _to(tab, slugs[warm_up % len(slugs)])
            before = ours.cpu_ms()
            # An arrival is several events to the server, but one to the guard's pace.
            chosen = islice(whom, min(EVENTS_OF_A_TAB, rounds - len(times)))
            times.extend([await _to(tab, slug) for slug in chosen])
            spent += ours.cpu_ms() - before
    cpu = round(spent / len(times), 3)
    return {"what": "P2 a doctor's page", **percentiles(times), "server_cpu_ms": cpu}


async def _to(tab: Tab, slug: str) -> float:
    path = f"/doctor/?id={slug}&service={FOLLOW_UP.id}"
    return await tab.goes(path, shows(Profile, "days"))


def slugs_of(medibook: MediBook) -> list[str]:
    people = table_of(Practitioner)
    with medibook.engine.connect() as connection:
        return list(connection.execute(sa.select(people.c.slug).order_by(people.c.id)).scalars())


async def measure(medibook: MediBook, ours: Server, bare: Server, rounds: int) -> list[Row]:
    cookies, slugs = some_patients(medibook, PAGES), slugs_of(medibook)
    rows = [await the_board(ours, cookies, slugs, rounds)]
    rows += await ordinary(ours, bare, cookies, rounds)
    trivial = rows[1]
    for row in rows:
        for key, name in (("server_cpu_ms", "cpu_times"), ("p50_ms", "p50_times")):
            row[name] = round(float(str(row[key])) / float(str(trivial[key])), 1)
    return [{"practitioners": len(slugs), **row} for row in rows]


COLUMNS = ("practitioners", "what", "p50_ms", "p95_ms", "p99_ms", "server_cpu_ms", "cpu_times", "p50_times",
           "a_second", "idle_cpu")  # fmt: skip


def main() -> None:
    chosen = options(__doc__ or "", rounds=200)
    rows: list[Row] = []
    clinics = (
        [country_at(chosen.country)]
        if chosen.country
        else [clinic_of(size, chosen.db) for size in SIZES]
    )
    for clinic in clinics:
        with clinic as (medibook, _), clinic_served(medibook) as ours, bare_served() as bare:
            rows += asyncio.run(measure(medibook, ours, bare, chosen.rounds))
    rows = [{name: row.get(name, "") for name in COLUMNS} for row in rows]
    tell("events of a served clinic", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
