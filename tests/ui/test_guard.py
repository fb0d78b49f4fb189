"""The guard: what a hostile browser sends, and what happens then (nothing, in words, with a trace)."""

import asyncio
from uuid import UUID

import pytest
import reflex as rx
from reflex.state import State
from reflex_base.event import Event
from reflex_base.utils.format import format_event_handler

from medibook.kernel.actor import Actor, Role, admin, anyone, patient, practitioner
from medibook.ui.app_state import AppState
from medibook.ui.flood import Rate
from medibook.ui.guard import Identity, Notice, allow, passage
from medibook.ui.live import hub
from medibook.ui.passage import Origin, Passage, UnguardedError, let_pass
from tests.support.events import apart, play

ADA = Actor(
    role=Role.PATIENT,
    user_id=UUID(int=1),
    session_id=UUID(int=100),
    patient_id=UUID(int=11),
    name="Ada",
)
BEN = Actor(
    role=Role.PATIENT,
    user_id=UUID(int=2),
    session_id=UUID(int=200),
    patient_id=UUID(int=12),
    name="Ben",
)
EVE = Actor(role=Role.ADMIN, user_id=UUID(int=3), session_id=UUID(int=300), name="Eve")
NEW_DOCTOR = Actor(role=Role.PRACTITIONER, user_id=UUID(int=4), practitioner_id=UUID(int=44))

with apart() as house:

    class Folder(AppState, rx.State):
        """A patient's page."""

        ready: bool = False
        owner: str = ""
        note: str = ""
        calls: int = 0
        _secret: str = ""

        @rx.event
        @allow(patient)
        async def load(self) -> None:
            self.owner, self._secret = self._actor().name, self._actor().name
            self.ready = True

        @rx.event
        @allow(patient)
        async def write(self, text: str, _mark: str = "", *, as_admin: bool = False) -> None:
            self.calls += 1
            self.note = f"{text} {as_admin} {_mark}"

        @rx.event
        @allow(admin)
        async def wipe(self) -> None:
            self.calls += 1

        @rx.event
        @allow(practitioner)
        async def treat(self) -> None:
            self.calls += 1

        @rx.event
        @allow(anyone)
        async def look(self, page: int = 1, texts: list[str] | None = None) -> None:
            self.calls += 1

        @rx.event
        @allow(patient)
        async def refresh(self) -> None:
            self.owner = self._actor().name
            self.calls += 1

        @rx.event
        @allow(patient)
        async def follow(self) -> None:
            self._follow("patient:11")

        @rx.event
        @allow(anyone)
        async def chain(self) -> rx.event.EventSpec:
            return type(self).wipe

        @rx.event(background=True)
        @allow(patient)
        async def behind(self) -> None:
            async with self:
                self.calls += 1

        @rx.event
        async def forgotten(self) -> None:
            """Nobody said who may."""
            self.calls += 1

        def helper(self) -> None:
            """A public helper, which Reflex makes a door."""
            self.calls += 1


PAGES = {"/visits": [Folder.load]}


def test_a_handler_runs_for_those_it_is_declared_for():
    async def story(stage):
        tab = stage.tab(cookie=stage.signed_in(ADA))
        await tab.opens("/visits")
        await tab.fires(Folder.write, text="hello")
        assert await tab.sees(Folder, "note") == "hello False "
        assert await tab.sees(Folder, "owner") == "Ada"
        assert stage.refusals() == []
        assert stage.mishaps == []

    play(house, story, pages=PAGES)


@pytest.mark.parametrize(
    ("actor", "handler", "notice"),
    [
        (None, "write", Notice.SIGN_IN),
        (None, "wipe", Notice.SIGN_IN),
        (ADA, "wipe", Notice.NOT_YOURS),
        (NEW_DOCTOR, "treat", Notice.NOT_YOURS),
        (EVE, "behind", Notice.NOT_YOURS),
        (EVE, "forgotten", Notice.REFUSED),
        (EVE, "helper", Notice.REFUSED),
    ],
)
def test_everybody_else_is_refused_audited_and_told(actor, handler, notice):
    async def story(stage):
        tab = stage.tab(cookie=stage.signed_in(actor) if actor else "")
        await tab.opens("/")
        payload = {"text": "x"} if handler == "write" else {}
        await tab.fires(getattr(Folder, handler), **payload)
        assert await tab.sees(Folder, "calls") == 0
        assert await tab.sees(Identity, "notice") == notice
        [(who, what, why)] = stage.refusals()
        assert who == (actor.role if actor else "stranger")
        assert what == f"event:Folder.{handler}"
        assert why == ("forbidden" if notice != Notice.REFUSED else "undeclared")

    play(house, story)


def test_setvar_is_refused():
    async def story(stage):
        tab = stage.tab(cookie=stage.signed_in(EVE))
        await tab.opens("/")
        await tab.sends(Folder.event_handlers["setvar"], {"var_name": "owner", "value": "Eve"})
        assert await tab.sees(Folder, "owner") == ""
        assert [why for _, _, why in stage.refusals()] == ["undeclared"]

    play(house, story)


def test_what_a_handler_chains_is_judged_too():
    async def story(stage):
        tab = stage.tab(cookie=stage.signed_in(ADA))
        await tab.opens("/")
        await tab.fires(Folder.chain)
        assert await tab.sees(Folder, "calls") == 0
        assert [why for _, _, why in stage.refusals()] == ["forbidden"]

    play(house, story)


DEEP: list = []
for _ in range(50):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("handler", "payload", "why"),
    [
        ("write", {"text": "x", "as_admin": True}, "hidden_argument"),
        ("write", {"text": "x", "_mark": "y"}, "hidden_argument"),
        ("write", {"text": "x", "self": "y"}, "hidden_argument"),
        ("write", {"text": "x", "more": "y"}, "hidden_argument"),
        ("write", {}, "missing_argument"),
        ("write", {"text": {"a": [1]}}, "argument_type"),
        ("write", {"text": None}, "argument_type"),
        ("write", {"text": "\x00"}, "unstorable_text"),
        ("write", {"text": "\ud800"}, "unstorable_text"),
        ("write", {"text": "x" * 70_000}, "too_much"),
        ("write", ["x"], "payload_shape"),
        ("look", {"page": "many"}, "argument_type"),
        ("look", {"page": True}, "argument_type"),
        ("look", {"texts": ["x"] * 3_000}, "too_much"),
        ("look", {"texts": DEEP}, "too_much"),
        ("look", {"texts": [float("nan")]}, "not_a_number"),
    ],
)
def test_arguments_that_the_handler_does_not_declare_are_refused(handler, payload, why):
    async def story(stage):
        tab = stage.tab(cookie=stage.signed_in(ADA))
        await tab.opens("/")
        await tab.sends(getattr(Folder, handler), payload)
        assert await tab.sees(Folder, "calls") == 0
        assert [refusal[2] for refusal in stage.refusals()] == [why]
        assert await tab.sees(Identity, "notice") == Notice.REFUSED

    play(house, story)


def test_digits_of_an_input_pass_for_a_number():
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/")
        await tab.fires(Folder.look, page="7")
        assert await tab.sees(Folder, "calls") == 1

    play(house, story)


def test_a_session_that_ended_ends_at_the_next_event_in_words_and_with_an_empty_state():
    async def story(stage):
        cookie = stage.signed_in(ADA)
        tab = stage.tab(cookie=cookie)
        await tab.opens("/visits")
        stage.ends(cookie)
        await tab.fires(Folder.write, text="late")
        folder = await tab.state(Folder)
        assert (folder.owner, folder.note, folder._secret, folder.calls) == ("", "", "", 0)
        assert await tab.sees(Identity, "notice") == Notice.SIGNED_OUT
        assert await tab.sees(State, "is_hydrated")

    play(house, story, pages=PAGES)


def test_a_page_opened_anew_does_not_show_what_it_showed_the_last_time():
    async def story(stage):
        tab = stage.tab(cookie=stage.signed_in(ADA))
        await tab.opens("/visits")
        await tab.fires(Folder.load)
        await tab.opens("/visits")  # the connection was lost and came back: nothing may jump
        assert await tab.sees(Folder, "ready")
        await tab.sends(State.hydrate_and_load, {"hashes": ["of the page as it was built"]})
        assert not await tab.sees(Folder, "ready")

    play(house, story)


def test_signing_out_on_purpose_is_not_called_an_ended_session():
    async def story(stage):
        tab = stage.tab(cookie=stage.signed_in(ADA))
        await tab.opens("/visits")
        again = stage.tab(token=tab.token)
        await again.opens("/")
        assert await again.sees(Folder, "owner") == ""
        assert await again.sees(Identity, "notice") == Notice.NONE

    play(house, story, pages=PAGES)


@pytest.mark.parametrize("first", ["hydrates", "fires at once"])
def test_a_stolen_client_token_gives_nothing(first):
    async def story(stage):
        ada = stage.tab(cookie=stage.signed_in(ADA))
        await ada.opens("/visits")
        await ada.fires(Folder.write, text="private")
        ada.closes()
        thief = stage.tab(cookie=stage.signed_in(BEN), token=ada.token)
        if first == "hydrates":
            await thief.opens("/")
        else:
            await thief.fires(Folder.look)
        assert "private" not in str(thief.deltas)
        assert "Ada" not in str(thief.deltas)
        folder = await thief.state(Folder)
        assert (folder.owner, folder._secret, folder.note) == ("", "", "")

    play(house, story)


def test_what_the_owner_still_had_in_the_queue_does_not_reach_the_thief():
    async def story(stage):
        ada = stage.tab(cookie=stage.signed_in(ADA))
        await ada.opens("/")
        thief = stage.tab(cookie=stage.signed_in(BEN), token=ada.token)
        await thief.opens("/")
        await ada.fires(Folder.load)
        assert "Ada" not in str(thief.deltas)
        assert await thief.sees(Folder, "owner") == ""

    play(house, story)


def test_a_refresh_does_not_reach_a_thief_who_has_not_said_a_word():
    async def story(stage):
        ada = stage.tab(cookie=stage.signed_in(ADA))
        await ada.opens("/")
        await ada.fires(Folder.follow)
        thief = stage.tab(cookie=stage.signed_in(BEN), token=ada.token)
        before = await ada.sees(Folder, "calls")
        hub.publish("patient:11")
        await it_settles()
        assert thief.deltas == []
        assert await ada.sees(Folder, "calls") == before

    play(house, story)


def test_a_refresh_for_a_socket_that_has_gone_is_dropped():
    async def story(stage):
        ada = stage.tab(cookie=stage.signed_in(ADA))
        await ada.opens("/")
        name = format_event_handler(Folder.refresh)
        for socket, calls in (("an older one", 0), (ada.socket, 1)):
            sent = await stage.wire.send(ada.token, Event(name=name, router_data={"sid": socket}))
            await sent.wait_all()
            assert await ada.sees(Folder, "calls") == calls

    play(house, story)


def test_a_refresh_after_the_session_ended_empties_the_page_and_says_so_without_an_audit_row():
    async def story(stage):
        cookie = stage.signed_in(ADA)
        ada = stage.tab(cookie=cookie)
        await ada.opens("/")
        await ada.fires(Folder.follow)
        await ada.fires(Folder.load)
        stage.ends(cookie)
        hub.publish("patient:11")
        await it_settles()
        assert await ada.sees(Folder, "owner") == ""
        assert await ada.sees(Identity, "notice") == Notice.SIGNED_OUT
        assert stage.refusals() == []

    play(house, story)


def test_the_first_event_of_a_tab_is_not_lost_when_its_state_is_new():
    async def story(stage):
        tab = stage.tab(cookie=stage.signed_in(ADA))
        await tab.fires(Folder.write, text="early")
        assert await tab.sees(Folder, "note") == "early False "

    play(house, story)


def test_a_flood_is_stopped_and_told_once_and_ends_when_it_ends():
    async def story(stage):
        tab = stage.tab(cookie=stage.signed_in(ADA))
        await tab.opens("/")
        for _ in range(20):
            await tab.fires(Folder.look)
        assert await tab.sees(Folder, "calls") < 12
        assert await tab.sees(Identity, "notice") == Notice.TOO_FAST
        told = [delta for delta in tab.deltas if "too_fast" in str(delta)]
        assert len(told) == 1

    play(house, story, per_page=Rate(10, 0.1))


def test_many_tabs_of_one_session_share_a_pace():
    async def story(stage):
        cookie = stage.signed_in(ADA)
        for _ in range(12):
            tab = stage.tab(cookie=cookie)
            await tab.fires(Folder.look)
        assert await tab.sees(Folder, "calls") == 0

    play(house, story, per_session=Rate(10, 0.1))


def test_the_guard_that_cannot_look_up_the_session_lets_nothing_through_and_gives_a_number():
    async def story(stage):
        tab = stage.tab(cookie=stage.signed_in(ADA))
        await tab.opens("/")

        def broken(uow, *, token):
            raise ConnectionError("database away")

        stage.medibook.identity.authenticate = broken
        await tab.fires(Folder.look)
        assert await tab.sees(Folder, "calls") == 0
        assert await tab.sees(Identity, "notice") == Notice.FAILED
        assert len(await tab.sees(Identity, "reference")) == 9

    play(house, story)


def test_without_the_guard_nobody_acts():
    async def story(stage):
        tab = stage.tab(cookie=stage.signed_in(ADA))
        await tab.fires(Folder.write, text="unguarded")
        await it_settles()
        assert await tab.sees(Folder, "calls") == 0
        assert [type(mishap).__name__ for mishap in stage.mishaps] == ["UnguardedError"]

    play(house, story, guarded=False)


def test_only_events_of_people_keep_a_session_alive():
    async def story(stage):
        signs = stage.medibook.identity
        ada = stage.tab(cookie=stage.signed_in(ADA))
        await ada.opens("/")
        await ada.fires(Folder.follow)
        before = signs.signs
        hub.publish("patient:11")
        await it_settles()
        assert await ada.sees(Folder, "calls") == 1
        assert signs.signs == before
        await ada.fires(Folder.look)
        assert signs.signs == before + 1

    play(house, story)


def test_a_synchronous_handler_cannot_be_declared():
    with pytest.raises(TypeError, match="async def"):

        @allow(anyone)
        def slow(self):
            return None


def test_a_verdict_is_not_inherited_by_another_event():
    async def story(stage):
        let_pass(Passage("another event", ADA, Origin.BROWSER))
        with pytest.raises(UnguardedError):
            passage()

    play(house, story)


async def it_settles() -> None:
    """Long enough for the hub to gather and carry."""
    await asyncio.sleep(0.35)


def test_a_state_var_that_hides_a_predicate_is_found_at_once():
    with pytest.raises(TypeError, match="who may"):
        allow(False)  # type: ignore[arg-type]  # the mistake under test
