"""What every page's state can do, and what it says when something is refused or breaks."""

import asyncio
import logging
import time
from uuid import UUID

import pytest
import reflex as rx
from pydantic import BaseModel, ConfigDict

from medibook.kernel.actor import Actor, Role, anyone, patient
from medibook.kernel.errors import Conflict, Invalid
from medibook.kernel.use_case import UnitOfWork, query
from medibook.ui.app_state import AppState
from medibook.ui.guard import allow
from medibook.ui.live import hub
from medibook.ui.stall import LoopProbe
from tests.support.events import apart, play

ADA = Actor(role=Role.PATIENT, user_id=UUID(int=1), patient_id=UUID(int=11), name="Ada")


class Claim(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    visit: int


with apart() as house:

    @query(allow=patient)
    def my_name(uow: UnitOfWork, *, greeting: str) -> str:
        """Greet whoever asks."""
        time.sleep(0.4)
        return f"{greeting}, {uow.actor.name}"

    @query(allow=anyone)
    def taken(uow: UnitOfWork) -> str:
        """Somebody was faster."""
        raise Conflict

    class Page(AppState, rx.State):
        """A page that tries everything."""

        text: str = ""
        steps: int = 0

        @rx.event
        @allow(anyone)
        async def load(self) -> None:
            self.text = f"{self._locale()} {self._query('city')} {self._words().locale}"

        @rx.event
        @allow(patient)
        async def greet(self) -> None:
            self.text = await self._perform(my_name, greeting="Good morning")

        @rx.event
        @allow(anyone)
        async def beg(self) -> None:
            self.text = await self._perform(my_name, greeting="Let me in")

        @rx.event
        @allow(anyone)
        async def lose(self) -> None:
            self._follow("practitioner:1")
            await self._perform(taken)

        @rx.event
        @allow(anyone)
        async def mistype(self) -> None:
            raise Invalid({"email": "This is not an e-mail address."})

        @rx.event
        @allow(anyone)
        async def claim(self, visit: str) -> None:
            self.text = str(Claim(visit=visit).visit)  # type: ignore[arg-type]  # a claim is text

        @rx.event
        @allow(anyone)
        async def break_down(self, typed: str) -> None:
            raise KeyError(typed)

        @rx.event
        @allow(anyone)
        async def step(self):
            self.steps = 1
            yield
            self.steps = 2
            raise Conflict

        @rx.event(background=True)
        @allow(anyone)
        async def behind(self) -> None:
            async with self:
                self.steps = 5
            raise Conflict

        @rx.event
        @allow(anyone)
        async def refresh(self) -> None:
            self.steps += 1

        @rx.event
        @allow(anyone)
        async def hold_everybody_up(self) -> None:
            time.sleep(0.6)


PAGES = {"/find": [Page.load], "/de/find": [Page.load]}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/find?city=Leeds", "en Leeds en"),
        ("/de/find?city=Ulm", "de Ulm de"),
        ("/find", "en  en"),
        (
            "/find?city=Le%00eds\x00",
            "en Leeds en",
        ),  # PostgreSQL takes no NUL, not even in a question
    ],
)
def test_the_address_says_language_and_query(path, text):
    async def story(stage):
        tab = stage.tab()
        await tab.opens(path)
        assert await tab.sees(Page, "text") == text

    play(house, story, pages=PAGES)


def test_a_use_case_runs_as_the_person_behind_the_session_and_holds_up_nobody():
    async def story(stage):
        tab = stage.tab(cookie=stage.signed_in(ADA))
        await tab.opens("/")
        async with LoopProbe() as probe:
            await tab.fires(Page.greet)
        assert await tab.sees(Page, "text") == "Good morning, Ada"
        assert probe.stalls == []

    play(house, story)


def test_a_synchronous_call_on_the_event_loop_is_seen_with_its_place():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/")
        async with LoopProbe() as probe:
            await tab.fires(Page.hold_everybody_up)
            await asyncio.sleep(0.1)
        [stall] = probe.stalls
        assert stall.seconds >= 0.2
        assert "hold_everybody_up" in stall.place

    play(house, story)


def test_the_use_case_judges_again_behind_the_guard():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/")
        await tab.fires(Page.beg)
        assert await tab.sees(Page, "problem") == "Please sign in first."
        assert await tab.sees(Page, "text") == ""
        assert [what for _, what, _ in stage.refusals()] == ["tests.ui.test_app_state.my_name"]

    play(house, story)


@pytest.mark.parametrize("handler", [Page.lose, Page.step, Page.behind])
def test_a_refusal_is_a_sentence_on_the_page(handler):
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/")
        await tab.fires(handler)
        problem = "This has changed in the meantime. Please look again."
        assert await tab.sees(Page, "problem") == problem
        assert problem in str(tab.deltas)
        assert stage.mishaps == []

    play(house, story)


def test_each_field_of_a_form_gets_its_own_sentence():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/")
        await tab.fires(Page.mistype)
        assert await tab.sees(Page, "problem") == "Please check what you have entered."
        assert await tab.sees(Page, "problems") == {"email": "This is not an e-mail address."}
        await tab.fires(Page.load)
        assert await tab.sees(Page, "problem") == ""
        assert await tab.sees(Page, "problems") == {}

    play(house, story)


def test_a_claim_of_the_wrong_shape_is_refused_in_words():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/")
        await tab.fires(Page.claim, visit="1 or 1=1")
        assert await tab.sees(Page, "problem") == "Please check what you have entered."
        assert await tab.sees(Page, "text") == ""

    play(house, story)


def test_a_live_refresh_does_not_wipe_away_what_was_just_said():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/")
        await tab.fires(Page.lose)
        hub.publish("practitioner:1")
        await asyncio.sleep(0.35)
        assert await tab.sees(Page, "steps") == 1
        assert (await tab.sees(Page, "problem")).startswith("This has changed")

    play(house, story)


def test_what_nobody_expected_gets_a_number_in_the_page_and_no_value_in_the_log(caplog):
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/")
        with caplog.at_level(logging.ERROR):
            await tab.fires(Page.break_down, typed="my secret illness")
        problem = await tab.sees(Page, "problem")
        reference = problem.rpartition(" ")[2]
        assert problem.startswith("Something went wrong on our side")
        assert f"reference {reference}" in caplog.text
        assert "break_down" in caplog.text
        assert "secret illness" not in caplog.text + str(tab.deltas)
        assert stage.mishaps == []
        assert tab.orders == []

    play(house, story)
