"""kill -9 in the middle of booking, again and again: what was promised is kept, nothing is doubled.

``MEDIBOOK_KILL_CYCLES=200`` asks for the long proof; the suite asks for three.
"""

import asyncio
import contextlib
import itertools
import os
import random
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
import sqlalchemy as sa
from socketio.exceptions import SocketIOError

from medibook.appointments.pages.book import Book
from medibook.appointments.tables import Appointment
from medibook.clinic.tables import Policy
from medibook.kernel.db import table_of
from medibook.scheduling.schemas import SlotWish
from tests.hostile.answers import redirects, shown
from tests.hostile.siege import besieged
from tests.support.events import hostile_socket

pytestmark = pytest.mark.proof
CYCLES = int(os.environ.get("MEDIBOOK_KILL_CYCLES", "3"))
CLIENTS = 8
LONGEST = 1.5  # seconds of booking before the kill, at most


@dataclass
class Memory:
    """What clients remember over all cycles."""

    promised: dict[UUID, tuple[UUID, str]] = field(default_factory=dict)
    asked: int = 0
    taken: int = 0


@pytest.fixture(scope="module")
def siege(request, tmp_path_factory):
    with besieged(request, tmp_path_factory.mktemp("kill")) as running:
        running.change(sa.update(table_of(Policy)).values(open_per_patient=1_000_000))
        yield running


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(siege, record_property):
    chance = random.Random(20261122)
    crowd, wishes, kept = siege.crowd(CLIENTS), contested(siege, chance), Memory()
    for cycle in range(CYCLES):
        if cycle:
            siege.start()
        asyncio.run(until_killed(siege, crowd, wishes, kept, after=chance.uniform(0.05, LONGEST)))
        assert missing(siege, kept) == [], f"cycle {cycle}: a promised visit is gone"
        assert siege.violations() == [], f"cycle {cycle}"
    record_property("kills", f"{CYCLES}: {kept.asked} asked, {len(kept.promised)} promised")
    assert len(kept.promised) >= CYCLES, "too few bookings for a proof"
    visit = table_of(Appointment)
    twice = (
        sa.select(visit.c.practitioner_id)
        .where(visit.c.status == "booked")
        .group_by(visit.c.practitioner_id, visit.c.starts_at)
        .having(sa.func.count() > 1)
    )
    assert siege.rows(twice) == []
    assert siege.alarms() == []
    assert siege.command("check", "--json").returncode == 0


def contested(siege, chance):
    """Times to ask for, each twice in a row, so that two clients meet at it."""
    times = [free for offer in siege.offers() for free in siege.free_times(*offer, days=56)]
    chance.shuffle(times)
    for free in itertools.cycle(times):
        wish = SlotWish(
            practitioner_id=free.practitioner_id,
            service_id=free.service_id,
            starts_at=free.starts_at,
        )
        yield wish
        yield wish


async def until_killed(siege, crowd, wishes, kept, *, after):
    clients = [asyncio.create_task(books(siege.url, person, wishes, kept)) for person in crowd]
    before = kept.asked
    async with asyncio.timeout(60):
        while kept.asked == before:  # the first client has pressed the button
            await asyncio.sleep(0.005)
    await asyncio.sleep(after)
    siege.kill()
    for client in clients:
        client.cancel()
    ends = await asyncio.gather(*clients, return_exceptions=True)
    for end in ends:
        assert end is None or isinstance(end, asyncio.CancelledError), end


async def books(url, person, wishes, kept):
    """One patient who books one time after another until the clinic dies."""
    with contextlib.suppress(SocketIOError, OSError):
        while True:
            wish = next(wishes)
            path = f"/book/?slot={wish.address}"
            async with hostile_socket(url, cookie=person.cookie) as socket:
                await socket.sends(Book.load, {}, path)
                page = await socket.hears(lambda a: shown(a, Book).get("ready") is True, 60)
                if shown(page, Book)["step"] != "check":
                    kept.taken += 1
                    continue
                kept.asked += 1
                await socket.sends(Book.book, {"form_data": {"reason": "a check"}}, path)
                answer = await socket.hears(
                    lambda a: redirects(a) or shown(a, Book).get("taken"), 60
                )
                for event in redirects(answer):
                    address = urlsplit(event["payload"]["path"])
                    visit = UUID(parse_qs(address.query)["id"][0])
                    kept.promised[visit] = (person.patient_id, wish.starts_at)


def missing(siege, kept):
    """Promised visits that the database does not know as they were promised."""
    visit = table_of(Appointment)
    there = {
        row.id: (row.patient_id, row.starts_at)
        for row in siege.rows(sa.select(visit.c.id, visit.c.patient_id, visit.c.starts_at))
    }
    return [visit_id for visit_id, said in kept.promised.items() if there.get(visit_id) != said]
