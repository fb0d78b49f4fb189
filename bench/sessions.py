"""P10: the memory of a signed-in open page at rest, beside Reflex's own bare session.

``python bench/sessions.py [--json] [--db postgresql+psycopg://…]``; ``--rounds`` is how many times two
hundred pages are opened and stay open. Ours is a patient whose list of visits, or the start page, has
been loaded; the baseline is the page of a trivial Reflex application by the same server in the same
run, connected only, and loaded. Each kind has a server of its own, warmed up by forty pages that stay
open. What a page costs is the growth of the server's resident memory, a second after the last answer,
divided by the pages; the median of the rounds, and the most.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from statistics import median

from bare import Counter
from ground import Row, clinic_of, options, tell
from serving import Server, Tab, bare_served, clinic_served, shows, some_patients, tabs

from medibook.appointments.pages.visits import Visits
from medibook.directory.pages.start import Start
from medibook.kernel.application import MediBook
from medibook.operations.rules.crowd import PATIENTS_EACH

OPENED, WARM_UP, REST = 200, 40, 1.0
Arrives = Callable[[Tab], Awaitable[object]]


async def nothing(_: Tab) -> None:
    """Connect, and no more."""


async def a_counter(tab: Tab) -> None:
    await tab.opens("/", shows(Counter, "count"))


async def the_visits(tab: Tab) -> None:
    await tab.opens("/visits/", shows(Visits, "ready", value=True))


async def the_start(tab: Tab) -> None:
    await tab.opens("/", shows(Start, "ready", value=True))


async def growth(server: Server, cookies: list[str], arrives: Arrives, rounds: int) -> list[float]:
    """KiB that each page has added, for each round."""
    found = []
    async with AsyncExitStack() as stack:

        async def opened(those: list[str]) -> float:
            for tab in await stack.enter_async_context(tabs(server, those)):
                await arrives(tab)
            await asyncio.sleep(REST)
            return server.kib()

        before = await opened(cookies[:WARM_UP])
        for _ in range(rounds):
            after = await opened(cookies)
            found.append((after - before) / len(cookies))
            before = after
    return found


def of_ours(medibook: MediBook, cookies: list[str], arrives: Arrives, rounds: int) -> list[float]:
    with clinic_served(medibook) as server:
        return asyncio.run(growth(server, cookies, arrives, rounds))


def of_the_bare(arrives: Arrives, rounds: int) -> list[float]:
    with bare_served() as server:
        return asyncio.run(growth(server, [""] * OPENED, arrives, rounds))


def main() -> None:
    chosen = options(__doc__ or "", rounds=3)
    with clinic_of(OPENED // PATIENTS_EACH, chosen.db) as (medibook, _):
        cookies = some_patients(medibook, OPENED)
        found = {
            "bare, connected": of_the_bare(nothing, chosen.rounds),
            "bare, loaded (baseline)": of_the_bare(a_counter, chosen.rounds),
            "P10 a patient's visits": of_ours(medibook, cookies, the_visits, chosen.rounds),
            "P10 a patient at the start": of_ours(medibook, cookies, the_start, chosen.rounds),
        }
    baseline = median(found["bare, loaded (baseline)"])
    rows: list[Row] = [
        {
            "what": what, "pages": OPENED, "median_KiB": round(median(grown), 1),
            "most_KiB": round(max(grown), 1), "times_bare": round(median(grown) / baseline, 1),
        }
        for what, grown in found.items()
    ]  # fmt: skip
    tell("memory of an open page", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
