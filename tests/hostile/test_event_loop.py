"""Nobody holds the event loop: not while twenty search and twenty sign in; and the probe can tell.

The served clinic watches its own loop (``ui.stall``) and writes a line when something stood in it.
"""

import asyncio

import aiohttp
import pytest

from medibook.directory.pages.find import Find
from tests.hostile.answers import shown
from tests.hostile.siege import PASSWORD, besieged
from tests.support.events import hostile_socket

pytestmark = pytest.mark.proof
MANY = 20
HELD = "the event loop was held"
PLANTED = "tests.hostile.planted_stall"


def test_the_loop_stays_free_while_many_search_and_sign_in(request, tmp_path):
    with besieged(request, tmp_path) as siege:
        crowd = siege.crowd(MANY)
        asyncio.run(rush(siege.url, len(crowd)))
        assert held(siege) == []
        assert siege.alarms() == []


def test_a_synchronous_call_in_a_handler_is_noticed(request, tmp_path):
    with besieged(request, tmp_path, program=("-m", PLANTED)) as siege:
        asyncio.run(searches(siege.url, 0))
        assert held(siege), "a handler slept on the event loop, and nothing was said"
        assert "planted_stall.py" in siege.said(), "the place is not named"


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


def held(siege):
    return [line for line in siege.said().splitlines() if HELD in line]
