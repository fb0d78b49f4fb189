"""A hundred patients want the same minute: one has it, ninety-nine are told so, and nothing breaks.

The contested step is the hold: opening "Check and book" takes the time for ten minutes, under the
database's own guard. Then all hundred press "Book", the ninety-nine with nothing in their hands.
"""

import asyncio
import json
import time
from contextlib import AsyncExitStack

import pytest
import sqlalchemy as sa

from medibook.appointments.pages.book import Book
from medibook.appointments.tables import Appointment
from medibook.kernel.db import table_of
from medibook.scheduling.schemas import SlotWish
from tests.hostile.answers import redirects, shown
from tests.hostile.siege import besieged
from tests.support.engines import ENGINES
from tests.support.events import hostile_socket

pytestmark = pytest.mark.proof
HUNDRED = 100
PATIENCE = 15  # seconds: then a person reloads


@pytest.fixture(scope="module", params=ENGINES)
def siege(request, tmp_path_factory):
    with besieged(request, tmp_path_factory.mktemp("slot"), request.param) as running:
        yield running


def test_one_wins_and_ninety_nine_are_told_so(siege):
    wish, crowd = free_time(siege), siege.crowd(HUNDRED)
    told = asyncio.run(race(siege.url, [p.cookie for p in crowd], f"/book/?slot={wish.address}"))

    steps = [page["step"] for page, _ in told]
    winner = steps.index("check")
    for number, (page, events) in enumerate(told):
        if number == winner:
            assert any("/visit/?id=" in json.dumps(event) for event in events)
        else:
            assert page["taken"]
            assert 1 <= len(page["nearest"]) <= 3, "no alternatives"
            assert events == [], "the loser of the hold was sent to a visit"
    assert max(page["seconds"] for page, _ in told) <= PATIENCE
    visit = table_of(Appointment)
    at_it = (visit.c.starts_at == wish.starts_at, visit.c.practitioner_id == wish.practitioner_id)
    booked = siege.rows(sa.select(visit.c.patient_id).where(*at_it))
    assert [row.patient_id for row in booked] == [crowd[winner].patient_id]
    assert siege.alarms() == []
    checked = siege.command("check", "--json")
    assert (checked.returncode, json.loads(checked.stdout)) == (0, {"violations": []})


async def race(url, cookies, path):
    """Everybody opens the page at once, and then everybody presses the button."""
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(hostile_socket(url, cookie=cookie))
            for cookie in cookies
        ]
        pages = await asyncio.gather(*[opens(socket, path) for socket in sockets])
        steps = [page["step"] for page in pages]
        assert (steps.count("check"), steps.count("taken")) == (1, HUNDRED - 1), steps
        await asyncio.gather(
            *[socket.sends(Book.book, {"form_data": {"reason": "now"}}, path) for socket in sockets]
        )
        winner = sockets[steps.index("check")]
        await winner.hears(redirects, PATIENCE)
        await asyncio.gather(*[refused(socket) for socket in sockets if socket is not winner])
        return [
            (page, [e for answer in socket.answers for e in redirects(answer)])
            for page, socket in zip(pages, sockets, strict=True)
        ]


async def opens(socket, path):
    began = time.monotonic()
    await socket.sends(Book.load, {}, path)
    await socket.hears(lambda answer: shown(answer, Book).get("ready") is True, 60)
    seen = {}
    for answer in socket.answers:
        seen |= shown(answer, Book)
    return seen | {"seconds": time.monotonic() - began}


async def refused(socket):
    """Whoever holds nothing is told so in a sentence."""
    await socket.hears(lambda answer: bool(shown(answer, Book).get("problem")), PATIENCE)


def free_time(siege):
    """A time that anybody could have, some days from now, with others near it."""
    times = siege.free_times(*siege.offers()[0])
    chosen = times[len(times) // 2]
    return SlotWish(
        practitioner_id=chosen.practitioner_id,
        service_id=chosen.service_id,
        starts_at=chosen.starts_at,
    )
