"""The hub: who hears of what, when, how often, and who does not."""

import asyncio
import threading
from uuid import UUID

import pytest
import reflex as rx

from medibook.kernel.actor import Actor, Role, anyone, patient
from medibook.ui.app_state import AppState
from medibook.ui.guard import allow
from medibook.ui.live import Hub, hub
from medibook.ui.stall import LoopProbe
from tests.support.events import apart, play

ADA = Actor(role=Role.PATIENT, user_id=UUID(int=1), patient_id=UUID(int=11), name="Ada")
BEN = Actor(role=Role.PATIENT, user_id=UUID(int=2), patient_id=UUID(int=12), name="Ben")

with apart() as house:

    class Board(AppState, rx.State):
        """A slot board."""

        seen: int = 0
        reader: str = ""
        cookie: str = ""
        slow: float = 0.0

        @rx.event
        @allow(anyone)
        async def load(self) -> None:
            self._follow("practitioner:1")

        @rx.event
        @allow(anyone)
        async def many(self) -> None:
            self._follow(*[f"practitioner:{n}" for n in range(500)])

        @rx.event
        @allow(anyone)
        async def leave(self) -> None:
            self._follow()

        @rx.event
        @allow(patient)
        async def book(self) -> None:
            # As the kernel does after the commit: from the thread of the use case, whose context
            # is a copy of this event's.
            await asyncio.to_thread(hub.publish, "practitioner:1")

        @rx.event
        @allow(anyone)
        async def refresh(self) -> None:
            await asyncio.sleep(self.slow)
            self.seen += 1
            self.reader = self._actor().name
            self.cookie = self.router.headers.cookie

        @rx.event
        @allow(anyone)
        async def slowly(self) -> None:
            self.slow = 0.9

    class Counter(AppState, rx.State):
        """Another state on the same page."""

        seen: int = 0

        @rx.event
        @allow(anyone)
        async def load(self) -> None:
            self._follow("practitioner:1", "practitioner:2")

        @rx.event
        @allow(anyone)
        async def refresh(self) -> None:
            self.seen += 1

    class Private(AppState, rx.State):
        """A page whose reader may lose the right to see it."""

        seen: int = 0

        @rx.event
        @allow(anyone)
        async def load(self) -> None:
            self._follow("practitioner:1")

        @rx.event
        @allow(patient)
        async def refresh(self) -> None:
            self.seen += 1


PAGES = {"/doctor": [Board.load, Counter.load], "/find": [], "/private": [Private.load]}


async def it_settles(seconds: float = 0.35) -> None:
    await asyncio.sleep(seconds)


def test_every_open_board_hears_of_it_within_a_second_and_only_those():
    async def story(stage):
        ada, ben, eve = stage.tab(cookie=stage.signed_in(ADA)), stage.tab(), stage.tab()
        for tab, path in ((ada, "/doctor"), (ben, "/doctor"), (eve, "/find")):
            await tab.opens(path)
        await ada.fires(Board.book)
        await it_settles()
        assert [await tab.sees(Board, "seen") for tab in (ada, ben, eve)] == [1, 1, 0]
        assert [await tab.sees(Counter, "seen") for tab in (ada, ben, eve)] == [1, 1, 0]
        assert any("seen" in str(delta) for delta in ben.deltas)

    play(house, story, pages=PAGES)


def test_a_refresh_runs_as_its_own_reader_and_learns_nothing_of_the_one_who_booked():
    async def story(stage):
        ada, ben = stage.tab(cookie=stage.signed_in(ADA)), stage.tab(cookie=stage.signed_in(BEN))
        await ada.opens("/doctor")
        await ben.opens("/doctor")
        await ada.fires(Board.book)
        await it_settles()
        assert await ben.sees(Board, "reader") == "Ben"
        assert await ben.sees(Board, "cookie") == ben.cookie
        router = (await ben.state(Board)).router
        assert (router.session.client_token, router.session.session_id) == (ben.token, ben.socket)

    play(house, story, pages=PAGES)


def test_a_burst_of_commits_is_one_refresh():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/doctor")
        for _ in range(50):
            hub.publish("practitioner:1", "practitioner:2")
        await it_settles()
        assert await tab.sees(Board, "seen") == 1
        assert await tab.sees(Counter, "seen") == 1

    play(house, story, pages=PAGES)


def test_a_slow_page_is_not_asked_again_while_it_reads_but_once_more_after_it():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/doctor")
        await tab.fires(Board.slowly)
        hub.publish("practitioner:1")
        for _ in range(4):
            await it_settles(0.15)
            hub.publish("practitioner:1")
        await it_settles(2.6)
        assert await tab.sees(Board, "seen") == 2

    play(house, story, pages=PAGES)


def test_going_to_another_page_ends_the_following():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/doctor")
        assert hub.followed(tab.token) == {"practitioner:1", "practitioner:2"}
        await tab.goes("/find")
        assert hub.followed(tab.token) == frozenset()
        hub.publish("practitioner:1")
        await it_settles()
        assert await tab.sees(Board, "seen") == 0

    play(house, story, pages=PAGES)


def test_following_nothing_ends_it_for_this_state_alone():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/doctor")
        await tab.fires(Board.leave)
        hub.publish("practitioner:1")
        await it_settles()
        assert (await tab.sees(Board, "seen"), await tab.sees(Counter, "seen")) == (0, 1)

    play(house, story, pages=PAGES)


def test_a_closed_tab_is_forgotten():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/doctor")
        tab.closes()
        hub.publish("practitioner:1")
        await it_settles()
        assert hub.followed(tab.token) == frozenset()
        assert hub._followers == {}

    play(house, story, pages=PAGES)


def test_closed_tabs_are_forgotten_even_when_nothing_happens(monkeypatch):
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/doctor")
        tab.closes()
        await it_settles()
        assert hub.followed(tab.token) == frozenset()

    monkeypatch.setattr("medibook.ui.live.SWEEP", 0.05)
    play(house, story, pages=PAGES)


def test_a_page_follows_no_more_than_a_limit():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/find")
        await tab.fires(Board.many)
        assert len(hub.followed(tab.token)) == 64

    play(house, story, pages=PAGES)


def test_the_guard_judges_a_refresh_too():
    async def story(stage):
        stranger, ada = stage.tab(), stage.tab(cookie=stage.signed_in(ADA))
        await stranger.opens("/private")
        await ada.opens("/private")
        hub.publish("practitioner:1")
        await it_settles()
        assert (await stranger.sees(Private, "seen"), await ada.sees(Private, "seen")) == (0, 1)
        assert stage.refusals() == []  # nobody tried anything

    play(house, story, pages=PAGES)


def test_publishing_before_the_server_runs_or_after_it_harms_nobody():
    lonely = Hub()
    lonely.publish("practitioner:1")


def test_other_workers_are_told_once_and_do_not_tell_back():
    here, there, carried = Hub(), Hub(), []
    here.to_other_workers = lambda topics: (carried.append(topics), there.hear(topics))
    there.to_other_workers = carried.append
    here.publish("practitioner:1")
    assert carried == [frozenset({"practitioner:1"})]


def test_a_commit_in_a_thread_wakes_a_sleeping_loop():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/doctor")
        threading.Timer(0.05, hub.publish, ["practitioner:1"]).start()
        await it_settles(0.6)
        assert await tab.sees(Board, "seen") == 1

    play(house, story, pages=PAGES)


def test_threads_may_publish_at_the_same_time():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/doctor")
        threads = [
            threading.Thread(target=lambda: [hub.publish("practitioner:1") for _ in range(200)])
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            await asyncio.to_thread(thread.join)
        await it_settles()
        assert 1 <= await tab.sees(Board, "seen") <= 3

    play(house, story, pages=PAGES)


@pytest.mark.parametrize("followers", [100])
def test_a_hundred_boards_hear_of_it_within_a_second_without_holding_the_loop(followers):
    async def story(stage):
        tabs = [stage.tab() for _ in range(followers)]
        for tab in tabs:
            await tab.opens("/doctor")
        async with LoopProbe() as probe:
            hub.publish("practitioner:1")
            await it_settles(1.0)
        assert {await tab.sees(Board, "seen") for tab in tabs} == {1}
        assert probe.stalls == []

    play(house, story, pages=PAGES)
