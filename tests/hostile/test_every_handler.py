"""A hostile socket calls every registered handler, as everybody, with other people's ids.

What the audit log says was refused is compared with what each handler declares, and with the kept
matrix; what came down the wire is searched for a patient's data; what lies in the database is
compared, row by row. The guard's pace is the real one: each state gets a page of its own.
"""

import asyncio
import json
import time
from collections import Counter

import pytest
import socketio
from reflex.state import OnLoadInternalState, State, UpdateVarsInternalState
from reflex_base.utils.format import format_event_handler

from medibook.directory import service as directory
from tests.hostile import cast as casting
from tests.hostile import handlers
from tests.hostile.misfits import FIELDS, fields_of_pages
from tests.hostile.siege import besieged
from tests.hostile.walk import Walk
from tests.support.events import hostile_socket

pytestmark = pytest.mark.proof
HYDRATE, ON_LOAD = (
    format_event_handler(h) for h in (State.hydrate, OnLoadInternalState.on_load_internal)
)
# The front desk books, moves and cancels for everybody, and keeps the doctors' hours.
DESK_MAY_CHANGE = {
    "appointment", "appointment_series", "series_visit", "hold", "busy_time", "time_off",
    "practitioner_schedule", "outbox_event", "message", "message_subject", "answer_link",
    "reminder_plan",
}  # fmt: skip
# Which stories are asked for things that are not theirs, by which handlers, and what they answer.
# Staff and admins are not here: no visit, series or doctor's time is closed to the whole desk.
TURNED_AWAY = {
    "patient": {
        # Taking an offered time shows the visit anew, whatever has become of it.
        ("visit", "not_found"): ("Visit.load", "Visit.refresh", "Visit.take", "Move.load"),
        ("take_offered_time", "not_found"): ("Visit.take", "Visits.take"),
        ("decline_offers", "not_found"): ("Visit.decline", "Visits.decline"),
        ("whole_series", "not_found"): ("Series.load", "Series.refresh"),
        ("plan_series_cancel plan_series_move", "not_found"): ("ChangeSeries.load",),
        ("hold_slot", "not_found"): ("BookSeries.load",),  # for somebody else's child
        ("preview_series", "not_found"): ("BookSeries.adjust",),
        ("book_series", "not_found"): ("BookSeries.book",),
    },
    "other practitioner": {
        ("advance", "not_found"): ("Day.step",),
        ("cancel_appointment", "not_found"): ("Day.cancel", "Outside.cancel"),
        ("keep_outside_hours", "not_found"): ("Outside.keep",),
        ("visit_at_hand", "not_found"): ("Calendar.open_visit",),
        ("propose_reschedule", "not_found"): ("Calendar.propose",),
        ("accept_request", "not_found"): ("Requests.accept",),
        ("decline_request", "not_found"): ("Requests.decline",),
        ("offer_other_times", "not_found"): ("Requests.offer",),
        ("remove_time_off", "not_found"): ("TimeOffState.remove",),
        ("whole_series", "not_found"): ("Series.load", "Series.refresh"),
        ("plan_series_cancel plan_series_move", "not_found"): ("ChangeSeries.load",),
        ("preview_series", "forbidden"): ("BookSeries.load", "BookSeries.adjust"),
        ("book_series", "forbidden"): ("BookSeries.book",),
    },
}


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


def test_everybody_gets_in_exactly_where_it_is_declared(attack, doors):
    ours = [door for door in doors if door.is_ours]
    assert [door.what for door in ours if not door.declared] == []
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
    for role, stories in TURNED_AWAY.items():
        walk, found = attack[role], Counter()
        for (action, outcome), count in walk.refused.items():
            found[action.rpartition(".")[2], outcome] += count
        for (names, outcome), asked in stories.items():
            refused = sum(found[name, outcome] for name in names.split())
            assert refused == sum(walk.asked[what] for what in asked) > 0, (role, names)


def test_nothing_of_others_was_changed(attack, siege):
    for role in ("stranger", "patient", "applicant", "other practitioner"):
        assert attack[role].foreign == [], role
    kept = ("appointment", "hold", "patient", "busy_time", "booking_key", "user_account", "picture")
    assert changed(attack["admin"]) & set(kept) == set()
    assert changed(attack["staff"]) <= DESK_MAY_CHANGE
    until = time.monotonic() + 30  # the search hears of what was done to its doctors a moment later
    while astray := siege.perform(directory.astray_in_directory):
        assert time.monotonic() < until, astray
        time.sleep(0.2)


def changed(walk):
    return {line.partition(":")[0] for line in walk.foreign}


def test_every_field_of_every_form_is_attacked():
    assert set(fields_of_pages()) - set(FIELDS) == set()


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
