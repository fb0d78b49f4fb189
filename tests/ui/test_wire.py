"""Guard and hub on real sockets: what Reflex keeps inside is still where they look for it."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from reflex.state import State

from medibook.ui.identity import Identity
from tests.support.events import hostile_socket

ROOT = Path(__file__).resolve().parents[2]
BOARD = "reflex___state____state.tests___ui___practice_clinic____board"
ADA, BEN = "mb_session=adas", "mb_session=bens"


@pytest.fixture
def url():
    """The practice clinic in a process of its own; nothing is built, nothing is shown."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory"]
    command += ["--host", "127.0.0.1", "--port", str(port), "tests.ui.practice_clinic:app"]
    env = os.environ | {"__REFLEX_SKIP_COMPILE": "true", "REFLEX_ENV_MODE": "prod"}
    with subprocess.Popen(command, cwd=ROOT, env=env) as process:
        try:
            _wait(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait(port: int, process: subprocess.Popen) -> None:
    for _ in range(300):
        assert process.poll() is None, "the practice clinic did not start"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.1)
    raise AssertionError("the practice clinic does not listen")


def _heard(name: str, value: object):
    return lambda answer: (
        value == (answer.get("delta") or {}).get(BOARD, {}).get(f"{name}_rx_state_")
    )


def test_real_sockets_get_what_their_own_cookie_allows_and_nothing_else(url):
    async def story():
        async with hostile_socket(url, cookie=ADA) as ada, hostile_socket(url, cookie=BEN) as ben:
            for each, name in ((ada, "Ada"), (ben, "Ben")):
                await each.sends(State.hydrate_and_load, {})
                await each.sends(f"{BOARD}.load", {})
                await each.hears(_heard("reader", name))
            await ada.sends(f"{BOARD}.book", {})
            await ben.hears(_heard("seen", 1), 2)
            await ada.hears(_heard("seen", 1), 2)
            assert "Ada" not in str(ben.answers)
            token = ada.token
        # Ada has gone; somebody shows her client token, with no cookie or with another one.
        for cookie in ("", BEN):
            async with hostile_socket(url, cookie=cookie, token=token) as thief:
                await asyncio.sleep(0.2)
                await _ben_books(url)
                await thief.sends(f"{BOARD}.refresh", {})
                await thief.sends(State.hydrate, {})
                await asyncio.sleep(0.6)
                assert thief.token == token
                assert "Ada" not in str(thief.answers)

    asyncio.run(story())


async def _ben_books(url: str) -> None:
    async with hostile_socket(url, cookie=BEN) as ben:
        await ben.sends(State.hydrate_and_load, {})
        await ben.sends(f"{BOARD}.book", {})
        await asyncio.sleep(0.3)


def test_an_open_page_says_that_its_session_has_ended(url):
    async def story():
        async with hostile_socket(url, cookie=ADA) as ada, hostile_socket(url) as stranger:
            await ada.sends(State.hydrate_and_load, {})
            await ada.sends(f"{BOARD}.load", {})
            await ada.hears(_heard("reader", "Ada"))
            await stranger.sends(f"{BOARD}.end_adas_session", {})
            await asyncio.sleep(0.3)
            ada.answers.clear()
            await ada.sends(f"{BOARD}.book", {})
            await ada.hears(_heard("reader", ""))
            assert ada.vars()[f"{Identity.get_full_name()}.notice_rx_state_"] == "signed_out"

    asyncio.run(story())


def test_a_foreign_origin_gets_no_socket(url):
    async def story():
        with pytest.raises(Exception, match=r"403|400|[Cc]onnect"):
            async with hostile_socket(url, origin="https://evil.example"):
                pass

    asyncio.run(story())
