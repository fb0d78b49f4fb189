"""Broadcasts: counted, tried on oneself, told once each also over a crash, stopped, and their results."""

from datetime import timedelta

import pytest

from medibook.kernel.actor import system
from medibook.kernel.errors import Forbidden, Invalid, NotFound
from medibook.kernel.settings import Env
from medibook.notifications.jobs import deliver_messages
from medibook.notifications.schemas import MessageState
from medibook.operations import service as operations
from medibook.operations.jobs import tell_broadcasts
from medibook.operations.rules.broadcasts import AudienceChanged
from medibook.operations.schemas import Audience, BroadcastState, BroadcastWords, NewBroadcast
from medibook.people import service as people
from tests.support.answers import knock

WORKER = system("test")
WORDS = (
    BroadcastWords(locale="en", subject="Closed on Friday", body="We are closed on Friday."),
    BroadcastWords(locale="de", subject="Freitag geschlossen", body="Wir haben Freitag zu."),
)


def new(audience=Audience.PATIENTS, **other):
    return NewBroadcast(**{"audience": audience, "texts": WORDS, **other})


def schedule(clinic, broadcast):
    _, count = clinic.perform(clinic.eve, operations.check_broadcast, new=broadcast)
    return clinic.perform(clinic.eve, operations.schedule_broadcast, new=broadcast, counted=count)


def letters(clinic):
    asked = 'SELECT "to", subject FROM message WHERE channel = \'email\' ORDER BY "to", subject'
    return [tuple(row) for row in clinic.rows(asked)]


def test_everybody_is_told_once_in_their_own_language(clinic):
    schedule(clinic, new())
    assert tell_broadcasts(clinic.medibook) == 2
    assert tell_broadcasts(clinic.medibook) == 0
    assert letters(clinic) == [
        ("ada@example.org", "Closed on Friday"),
        ("ben@example.org", "Freitag geschlossen"),
    ]
    (line,) = clinic.perform(clinic.eve, operations.broadcasts)
    assert (line.state, line.counted, line.told, line.sent) == (BroadcastState.DONE, 2, 2, 2)
    result = clinic.perform(clinic.eve, operations.broadcast_result, broadcast_id=line.broadcast_id)
    assert {each.to for each in result.rows} == {"ada@example.org", "ben@example.org"}
    assert {(each.name, each.channel) for each in result.rows} == {
        (name, channel) for name in ("Ada Abara", "Ben Brandt") for channel in ("email", "in-app")
    }


def test_the_result_is_read_page_by_page_and_by_state(clinic, monkeypatch):
    monkeypatch.setattr("medibook.operations.access.broadcasts.RESULTS_PER_PAGE", 1)
    which = {"broadcast_id": schedule(clinic, new())}
    tell_broadcasts(clinic.medibook)
    seen, page = [], 1
    while True:
        found = clinic.perform(clinic.eve, operations.broadcast_result, page=page, **which)
        seen += [(row.name, row.channel.value) for row in found.rows]
        page += 1
        if not found.has_more:
            break
    assert seen == [(n, c) for n in ("Ada Abara", "Ben Brandt") for c in ("email", "in-app")]
    dead = clinic.perform(clinic.eve, operations.broadcast_result, state=MessageState.DEAD, **which)
    assert (dead.rows, dead.subject) == ((), "Closed on Friday")
    with pytest.raises(NotFound):
        clinic.perform(clinic.eve, operations.broadcast_result, broadcast_id=clinic.ada.user_id)


def test_who_dies_in_the_middle_is_followed_by_somebody_who_goes_on_behind(clinic, monkeypatch):
    monkeypatch.setattr("medibook.operations.service.broadcasting.AT_ONCE", 1)
    schedule(clinic, new())
    assert clinic.perform(WORKER, operations.tell_next_readers) == 1
    (line,) = clinic.perform(clinic.eve, operations.broadcasts)
    assert (line.state, line.told) == (BroadcastState.SCHEDULED, 1)
    tell_broadcasts(clinic.medibook)
    assert len(letters(clinic)) == 2


def test_it_waits_for_its_time_and_can_be_stopped(clinic):
    schedule(clinic, new(send_at=clinic.clock.now() + timedelta(hours=1)))
    assert tell_broadcasts(clinic.medibook) == 0
    (line,) = clinic.perform(clinic.eve, operations.broadcasts)
    clinic.perform(clinic.eve, operations.stop_broadcast, broadcast_id=line.broadcast_id)
    clinic.later(hours=2)
    assert tell_broadcasts(clinic.medibook) == 0
    (line,) = clinic.perform(clinic.eve, operations.broadcasts)
    assert line.state is BroadcastState.STOPPED


def test_what_has_not_left_is_taken_back_when_it_is_stopped(clinic):
    clinic.medibook.settings = clinic.medibook.settings.model_copy(update={"env": Env.TEST})
    schedule(clinic, new())
    tell_broadcasts(clinic.medibook)
    (line,) = clinic.perform(clinic.eve, operations.broadcasts)
    taken_back = clinic.perform(
        clinic.eve, operations.stop_broadcast, broadcast_id=line.broadcast_id
    )
    assert taken_back == 2
    assert deliver_messages(clinic.medibook, {}) == 0


def test_the_number_that_was_agreed_to_must_still_be_right(clinic):
    with pytest.raises(AudienceChanged):
        clinic.perform(clinic.eve, operations.schedule_broadcast, new=new(), counted=3)
    clinic.perform(clinic.eve, people.suspend_account, user_id=clinic.ben.user_id, reason="Asked")
    checked = [
        clinic.perform(clinic.eve, operations.check_broadcast, new=new(audience))[1]
        for audience in (Audience.PATIENTS, Audience.CLINIC)
    ]
    patients, clinics = checked
    assert patients == 1
    assert clinics == 5


def test_a_text_is_wanted_in_the_first_language_and_a_half_one_in_none(clinic):
    for texts, fields in (
        ((WORDS[1],), {"subject_en"}),
        ((WORDS[0].model_copy(update={"subject": " "}),), {"subject_en"}),
        ((WORDS[0], WORDS[1].model_copy(update={"body": ""})), {"body_de"}),
    ):
        wrong = new(texts=texts)
        with pytest.raises(Invalid) as refused:
            clinic.perform(clinic.eve, operations.check_broadcast, new=wrong)
        assert set(refused.value.problems) == fields


def test_it_is_tried_on_oneself_alone(clinic):
    clinic.perform(clinic.eve, operations.try_broadcast, new=new())
    assert letters(clinic) == [
        ("eve@example.org", "Closed on Friday"),
        ("eve@example.org", "Freitag geschlossen"),
    ]


def test_nobody_but_an_admin_tells_everybody(clinic):
    for actor in (clinic.ada, clinic.cho, clinic.gus):
        with pytest.raises(Forbidden):
            clinic.perform(actor, operations.schedule_broadcast, new=new(), counted=2)


def test_the_link_in_news_ends_news_and_looking_at_it_does_not(clinic):
    schedule(clinic, new())
    tell_broadcasts(clinic.medibook)
    ((address,),) = clinic.rows(
        "SELECT unsubscribe FROM message WHERE channel = 'email' AND \"to\" = 'ben@example.org'"
    )
    path = address.removeprefix("http://127.0.0.1:8000")
    page = knock("GET", path)
    assert page.status_code == 200
    assert 'lang="de"' in page.text
    assert clinic.rows("SELECT * FROM message_wish") == []
    for _ in range(2):  # a mail program's one tap, and once more
        done = knock("POST", path, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
    schedule(clinic, new())
    tell_broadcasts(clinic.medibook)
    ways = clinic.rows("SELECT channel FROM message WHERE \"to\" = 'ben@example.org'")
    assert sorted(way for (way,) in ways) == ["email", "in-app", "in-app"]
    assert knock("GET", path[:-2] + "xx").status_code == 404
    assert knock("POST", path, headers={"origin": "https://evil.example"}).status_code == 403
