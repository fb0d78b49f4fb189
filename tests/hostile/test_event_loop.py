"""Nobody holds the event loop: not while twenty search and twenty sign in; and the probe can tell.

The served clinic watches its own loop (``ui.stall``) and writes a line when something stood in it.
"""

import asyncio
import re
import time

import aiohttp
import pytest

from medibook.directory.pages.find import Find
from tests.hostile.answers import shown
from tests.hostile.siege import PASSWORD, besieged
from tests.support.events import hostile_socket

pytestmark = pytest.mark.proof
MANY = 20
HELD = "the event loop was held"
OURS = re.compile(r"(?:medibook|tests)/\S+\.py\", line \d+")
PLANTED = "tests.hostile.planted_stall"


def test_the_loop_stays_free_while_many_search_and_sign_in(request, tmp_path):
    with besieged(request, tmp_path) as siege:
        crowd = siege.crowd(MANY)
        assert held_each_time(siege, lambda: rush(siege.url, len(crowd))) == set()
        assert siege.alarms() == []


def test_a_synchronous_call_in_a_handler_is_noticed(request, tmp_path):
    with besieged(request, tmp_path, program=("-m", PLANTED)) as siege:
        found = held_each_time(siege, lambda: searches(siege.url, 0))
        assert found, "a handler slept on the event loop, and nothing was said"
        assert "planted_stall.py" in siege.said(), "the place is not named"


def held_each_time(siege, act):
    """Places that held the loop in each of two rounds.

    A crowded machine stops a process anywhere; a call that waits does so at its place every time.
    """
    rounds = []
    for _ in range(2):
        before = len(siege.said())
        asyncio.run(act())
        time.sleep(0.3)  # for the probe's thread to write down the last one
        reports = siege.said()[before:].split(HELD)[1:]
        rounds.append({place for report in reports for place in OURS.findall(report)[-1:]})
    return rounds[0] & rounds[1]


async def rush(url, count):
    async with aiohttp.ClientSession() as browser:
        await asyncio.gather(
            *[searches(url, number) for number in range(count)],
            *[signs_in(browser, url, number) for number in range(count)],
        )


async def searches(url, number):
    path = f"/find/?q={['skin', 'heart', 'family', 'eye'][number % 4]}"
    async with hostile_socket(url) as socket:
        await socket.sends(Find.load, {}, path)
        await socket.hears(lambda answer: shown(answer, Find).get("ready") is True, 60)


async def signs_in(browser, url, number):
    """The hash is expensive on purpose, so it must be reckoned elsewhere."""
    form = {"email": f"patient.number.{number}@siege.example", "password": PASSWORD}
    async with browser.post(
        f"{url}/auth/sign-in", data=form, headers={"Origin": url}, allow_redirects=False
    ) as answer:
        assert answer.status == 303
        assert answer.headers["location"] == "/visits/", "the right password was refused"
