"""A hostile socket calls every registered handler, as everybody, with other people's ids.

What the audit log says was refused is compared with what each handler declares, and with the kept
matrix; what came down the wire is searched for a patient's data; what lies in the database is
compared, row by row. The guard's pace is the real one: each state gets a page of its own.
"""

import asyncio
import json
from collections import Counter

import pytest
import socketio
import sqlalchemy as sa
from reflex.state import OnLoadInternalState, State, UpdateVarsInternalState
from reflex_base.utils.format import format_event_handler

from medibook.kernel.audit import AuditEvent
from medibook.kernel.db import table_of
from tests.hostile import cast as casting
from tests.hostile import handlers
from tests.hostile.misfits import FIELDS, ODD, misfits
from tests.hostile.siege import besieged
from tests.support.events import hostile_socket

pytestmark = pytest.mark.proof
HYDRATE, ON_LOAD = (
    format_event_handler(h) for h in (State.hydrate, OnLoadInternalState.on_load_internal)
)
_EVENTS = table_of(AuditEvent)


@pytest.fixture(scope="module")
def doors():
    return handlers.doors()


@pytest.fixture(scope="module")
def siege(request, tmp_path_factory):
    wishes = {"settings": {"MEDIBOOK_ENV": "test"}}  # the demo's mailbox is open to everybody
    with besieged(request, tmp_path_factory.mktemp("handlers"), **wishes) as running:
        yield running


@pytest.fixture(scope="module")
def cast(siege):
    return casting.assemble(siege)


@pytest.fixture(scope="module")
def attack(siege, cast, doors):
    """The whole walk, role by role; what each left behind."""
    return {role: Walk(siege, cast, role, doors).run() for role in cast.attackers}


# Pages of one person that are walked through side by side; more would wait for each other.
AT_ONCE = 16


class Walk:
    """One role calls everything."""

    def __init__(self, siege, cast, role, doors):
        self.siege, self.cast, self.role, self.doors = siege, cast, role, doors
        self.person, self.column = cast.attackers[role], cast.columns[role]
        self.expected, self.frames, self.asked = Counter(), [], Counter()

    def run(self):
        before, self.first = casting.snapshot(self.siege), self._last_seq()
        asyncio.run(self._all_states())
        rows = self.siege.rows(
            sa.select(_EVENTS.c.action, _EVENTS.c.outcome).where(_EVENTS.c.seq > self.first)
        )
        self.refused = Counter((r.action, r.outcome) for r in rows if r.outcome != "ok")
        own = casting.own_ids(self.siege, self.person) if self.person.cookie else set()
        self.foreign = casting.foreign_changes(before, casting.snapshot(self.siege), own)
        return self

    def let_in(self, door):
        return (f"event:{door.what}", "forbidden") not in self.refused

    async def _all_states(self):
        states = {}
        for door in self.doors:
            if not door.is_internal:
                states.setdefault(door.state, []).append(door)
        at_once = asyncio.Semaphore(AT_ONCE)
        async with asyncio.timeout(300):
            await asyncio.gather(*[self._state(found, at_once) for found in states.values()])

    async def _state(self, found, at_once):
        async with at_once:
            await self._walk(found)

    async def _walk(self, found):
        setvar = next(door for door in found if door.what.endswith(".setvar"))
        async with hostile_socket(self.siege.url, cookie=self.person.cookie) as socket:
            await socket.sends(State.hydrate_and_load, {})
            await socket.hears(lambda a: '"is_hydrated_rx_state_": true' in json.dumps(a), 30)
            for door in found:
                if door is not setvar:
                    await self._door(socket, door)
            await socket.sends(setvar.event, {"var_name": "role", "value": "admin"})
            self.expected[f"event:{setvar.what}", "undeclared"] += 1
            # The events of a page are handled in order: its last refusal closes the walk.
            await self._until_audited(f"event:{setvar.what}", "undeclared")
            self.frames.append(json.dumps(socket.answers, ensure_ascii=False))

    async def _door(self, socket, door):
        for payload, path, fault in self._attempts(door):
            why = fault or ("" if self.column in door.may else "forbidden")
            if why:
                self.expected[f"event:{door.what}", why] += 1
            elif ODD not in payload.values():
                self.asked[door.what] += 1
            await socket.sends(door.event, payload, path)
            await asyncio.sleep(0.02)

    def _attempts(self, door):
        """(arguments, address, the guard's fault with them if it must find one)."""
        aim = self.cast.aim
        first = self._filled(door, aim.ids[0])
        yield first, aim.paths[0], ""
        if self.column not in door.may:
            return
        for number, path in enumerate(aim.paths[1:]):
            yield first if door.open else {}, path, ""
            if not door.open:
                continue
            for one in aim.ids[1 + number :: 2]:
                yield self._filled(door, one), path, ""
        yield {**first, "as_admin": True}, aim.paths[0], "hidden_argument"
        yield {**first, "_actor": aim.ids[4]}, aim.paths[0], "hidden_argument"
        for name in door.hidden:
            yield {**first, name: True}, aim.paths[0], "hidden_argument"
        for name, kind in door.open:
            for value, fault in misfits(kind):
                yield {**first, name: value}, "/", fault
            yield {k: v for k, v in first.items() if k != name}, "/", "missing_argument"

    def _filled(self, door, one):
        values = {"str": one, "int": 1}
        filled = {n: values.get(kind, dict.fromkeys(FIELDS, one)) for n, kind in door.open}
        if door.what == "Day.step":  # a step that there is, of a visit that is another's
            filled["to"] = "arrived"
        return filled

    async def _until_audited(self, action, outcome):
        found = sa.select(_EVENTS.c.seq).where(
            _EVENTS.c.seq > self.first, _EVENTS.c.action == action, _EVENTS.c.outcome == outcome
        )
        for _ in range(600):
            if await asyncio.to_thread(self.siege.rows, found):
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{self.role}: {action} {outcome} was not audited")

    def _last_seq(self):
        return self.siege.rows(sa.select(sa.func.coalesce(sa.func.max(_EVENTS.c.seq), 0)))[0][0]


def test_everybody_gets_in_exactly_where_it_is_declared(attack, doors):
    ours = [door for door in doors if door.is_ours]
    assert all(door.declared for door in ours)
    for walk in attack.values():
        for door in ours:
            assert walk.let_in(door) == (walk.column in door.may), (walk.role, door.what)
    seen = {door.what: {w.column for w in attack.values() if w.let_in(door)} for door in ours}
    assert handlers.matrix(doors, seen) == handlers.KEPT.read_text(), (
        "who may call what has changed: read it, then python -m tests.hostile.handlers --write"
    )


def test_every_refusal_of_the_guard_is_audited_once(attack):
    for walk in attack.values():
        by_guard = Counter({k: n for k, n in walk.refused.items() if k[0].startswith("event:")})
        assert by_guard == walk.expected, (
            walk.role,
            by_guard - walk.expected,
            walk.expected - by_guard,
        )
        assert "too_fast" not in "".join(walk.frames), "the walk was too fast to prove anything"


def test_other_peoples_things_are_not_found_and_that_is_audited(attack):
    for role, doors in {
        "patient": {"visit": ("Visit.load", "Visit.refresh", "Move.load")},
        "other practitioner": {
            "advance": ("Day.step",),
            "cancel_appointment": ("Day.cancel",),
            "accept_request": ("Requests.accept",),
            "decline_request": ("Requests.decline",),
            "remove_time_off": ("TimeOffState.remove",),
        },
    }.items():
        walk, found = attack[role], Counter()
        for (action, outcome), count in walk.refused.items():
            if outcome == "not_found":
                found[action.rpartition(".")[2]] += count
        for story, asked in doors.items():
            assert found[story] == sum(walk.asked[what] for what in asked) > 0, (role, story)


def test_nothing_of_others_was_changed(attack):
    for role in ("stranger", "patient", "applicant", "other practitioner", "staff"):
        assert attack[role].foreign == [], role
    kept = ("appointment", "hold", "patient", "busy_time", "booking_key", "user_account", "picture")
    touched = [line for line in attack["admin"].foreign if line.partition(":")[0] in kept]
    assert touched == []


def test_no_frame_holds_another_patients_data(attack):
    for role, walk in attack.items():
        told = "".join(walk.frames)
        assert len(told) > 10_000, "the attacker heard nothing; then nothing is proven"
        for secret in casting.SECRETS.get(role, casting.ALL_SECRETS):
            assert secret not in told, (role, secret, excerpt(told, secret))


def excerpt(text, part):
    at = text.find(part)
    return text[max(at - 200, 0) : at + 100]


def test_no_attack_was_a_surprise_to_the_server(attack, siege):
    assert siege.alarms() == []
    assert siege.violations() == []
    assert casting.REASON not in siege.said()


def test_somebody_elses_page_is_empty_for_a_thief(siege, cast):
    vera = cast.attackers["practitioner"]  # a person whose pages show patients

    async def story():
        path = f"/day/?on={cast.aim.visit.starts_at.date()}"
        async with hostile_socket(siege.url, cookie=vera.cookie) as own:
            await own.sends(State.hydrate_and_load, {}, path)
            await own.hears(lambda a: casting.NAME in json.dumps(a, ensure_ascii=False), 20)
            token = own.token
            async with hostile_socket(siege.url, token=token) as twin:  # while it is open
                await steals(twin, path)
        for cookie in ("", cast.attackers["patient"].cookie, cast.attackers["admin"].cookie):
            async with hostile_socket(siege.url, cookie=cookie, token=token) as thief:
                await steals(thief, path)

    asyncio.run(story())


async def steals(thief, path):
    for event in (HYDRATE, ON_LOAD, format_event_handler(State.hydrate_and_load)):
        await thief.sends(event, {}, path)
    await thief.hears(lambda a: "is_hydrated_rx_state_" in json.dumps(a), 20)
    await asyncio.sleep(0.5)
    told = json.dumps(thief.answers, ensure_ascii=False)
    for secret in (*casting.CONTACT, casting.REASON):
        assert secret not in told, excerpt(told, secret)


def test_a_browser_cannot_write_into_a_page(siege, cast, doors):
    written = {
        f"{door.state}.{name}": "written-by-a-thief"
        for door in doors
        for name in ("problem", "role", "name", "notice", "_bound", "_hold", "role_rx_state_")
    }

    async def story():
        cookie = cast.attackers["patient"].cookie
        async with hostile_socket(siege.url, cookie=cookie) as socket:
            await socket.sends(State.hydrate_and_load, {"client_storage": written}, "/visits/")
            await socket.sends(State.hydrate, {}, "/visits/")
            await socket.sends(UpdateVarsInternalState.update_vars_internal, {"vars": written})
            await socket.sends(State.hydrate_and_load, {}, "/visits/")
            await asyncio.sleep(1.5)
            assert "written-by-a-thief" not in json.dumps(socket.answers)
            assert len(socket.answers) > 1

    asyncio.run(story())


def test_a_foreign_page_opens_no_socket(siege, cast):
    async def story(origin):
        cookie = cast.attackers["patient"].cookie
        async with hostile_socket(siege.url, cookie=cookie, origin=origin):
            pass

    for foreign in ("https://evil.example", "null", f"{siege.url}.evil.example"):
        with pytest.raises(socketio.exceptions.ConnectionError):
            asyncio.run(story(foreign))
    asyncio.run(story(siege.url))
