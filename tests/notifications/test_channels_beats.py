"""The heartbeats: what committed facts ask for never waits for a provider, nor the post for a pause."""

import asyncio
import threading
import time

import pytest

from medibook.kernel.settings import Env, Settings
from medibook.people import service as people
from medibook.scheduler import heartbeats
from tests.support.providers import MailServer, stays_silent

SLOW = 1.5


@pytest.fixture
def mail():
    with MailServer() as running:
        yield running


@pytest.fixture
def posted(clinic, mail):
    clinic.medibook.settings = Settings(env=Env.TEST, smtp_url=mail.url)
    return clinic


def promised(clinic):
    return clinic.rows("SELECT count(*) FROM message WHERE channel = 'email'")[0][0]


def turn(clinic, number):
    """Ada's account is suspended and taken back in turn, and she is told each time."""
    act = people.reactivate_account if number % 2 else people.suspend_account
    reason = {} if number % 2 else {"reason": "Asked"}
    clinic.perform(clinic.eve, act, user_id=clinic.ada.user_id, **reason)


def beating(clinic, story):
    async def run():
        async with heartbeats(clinic.medibook):
            await asyncio.to_thread(story)

    asyncio.run(run())


def until(what, seconds):
    began = time.monotonic()
    while not what() and time.monotonic() - began < seconds:
        time.sleep(0.02)
    return time.monotonic() - began


def test_what_facts_ask_for_does_not_wait_for_a_provider_that_is_silent(posted, mail):
    mail.always = stays_silent(SLOW)

    def story():
        time.sleep(0.5)  # the sweeps of the start have found nothing
        turn(posted, 0)
        until(lambda: mail.letters, 10)
        turn(posted, 1)
        assert until(lambda: promised(posted) == 2, SLOW) < SLOW * 0.75

    beating(posted, story)


def test_letters_leave_while_bookings_never_pause(posted, mail, monkeypatch):
    """Each round of effects meets new facts: the post must not wait until there are none."""
    ends = threading.Event()
    one_round = posted.medibook.carry_out_due
    numbers = iter(range(1_000))

    def never_pauses():
        if ends.is_set():
            return one_round()
        turn(posted, next(numbers))
        return max(one_round(), 1)

    monkeypatch.setattr(posted.medibook, "carry_out_due", never_pauses)

    def story():
        turn(posted, next(numbers))
        try:
            until(lambda: mail.letters, 5)
            assert mail.letters
        finally:
            ends.set()

    beating(posted, story)
