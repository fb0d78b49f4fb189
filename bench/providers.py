"""Bookings while the providers of messages fail: their p95 beside that with healthy providers.

``python bench/providers.py [--json] [--db postgresql+psycopg://…]``; ``--rounds`` is how many
seconds each misfortune lasts, each of two times. The house's heartbeats
go in the same process, as in a small clinic; the providers stand in one of their own. The misfortunes take
turns, so that whatever else the machine does meets all of them alike.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter, sleep

import sqlalchemy as sa
from booking import Bookings
from ground import ROOT, Row, clinic_of, options, tell

from medibook.kernel.application import MediBook
from medibook.kernel.settings import Settings
from medibook.notifications.channels import choosing
from medibook.scheduler import heartbeats
from tests.support.providers.__main__ import MISFORTUNES

TURNS, PAUSE = 2, 0.06


class Providers:
    """SendGrid and Twilio on this machine, in a process of their own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.providers"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.settings = json.loads(self._process.stdout.readline())

    def suffer(self, misfortune: str) -> int:
        """Let them fail in this way from now on; returns how many messages they have accepted."""
        self._process.stdin.write(f"{misfortune}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def heart_beating(medibook: MediBook) -> Iterator[None]:
    """Let the house's own heartbeats run beside, as in a served clinic."""
    ends = threading.Event()

    async def beat() -> None:
        async with heartbeats(medibook):
            await asyncio.to_thread(ends.wait)

    heart = threading.Thread(target=asyncio.run, args=[beat()])
    heart.start()
    try:
        yield
    finally:
        ends.set()
        heart.join()


def timed(bookings: Bookings, seconds: float) -> list[float]:
    """Milliseconds of each booking; one after the other with a pause, as people come."""
    times, until = [], perf_counter() + seconds
    while perf_counter() < until:
        began = perf_counter()
        bookings.hold_and_book(0)
        times.append((perf_counter() - began) * 1000)
        sleep(PAUSE)
    return times


def measure(medibook: MediBook, bookings: Bookings, seconds: float) -> list[Row]:
    providers = Providers()
    given = {"db_url": medibook.settings.db_url, "env": "test", **providers.settings}
    medibook.settings = Settings(**given)
    times: dict[str, list[float]] = {name: [] for name in MISFORTUNES}
    accepted = dict.fromkeys(MISFORTUNES, 0)
    try:
        with heart_beating(medibook):
            timed(bookings, 3)
            for _ in range(TURNS):
                for name in MISFORTUNES:
                    before = providers.suffer(name)
                    choosing._circuits.clear()  # no misfortune profits from the pause of another
                    times[name] += timed(bookings, seconds)
                    accepted[name] += providers.suffer(name) - before
            providers.suffer("500")  # whatever is left fails quickly
    finally:
        providers.close()
    usual = p95(times["healthy"])
    return [
        {
            "providers": name,
            "bookings": len(took),
            "p50_ms": round(median(took), 1),
            "p95_ms": round(p95(took), 1),
            "to healthy": round(p95(took) / usual, 2),
            "accepted meanwhile": accepted[name],
        }
        for name, took in times.items()
    ]


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def main() -> None:
    chosen = options(__doc__ or "", rounds=20)
    with clinic_of(200, chosen.db) as (medibook, seed):
        rows = measure(medibook, Bookings(medibook, seed), chosen.rounds)
        with medibook.engine.connect() as connection:
            count = "SELECT channel, state, problem, count(*) FROM message GROUP BY 1, 2, 3"
            states = connection.execute(sa.text(count)).all()
    tell("bookings while providers fail", rows, as_json=chosen.json)
    if not chosen.json:
        print("messages afterwards:", *(" ".join(map(str, row)) for row in states), sep="\n  ")


if __name__ == "__main__":
    main()
