"""Some are asked at once: one of them has the time, the others are told, and nobody else slips in."""

import pytest
import sqlalchemy as sa

from medibook.appointments import service as appointments
from medibook.waitlist import rules, service
from tests.support.answers import knock, links_to
from tests.waitlist.test_check import OFFER, harm

DAY = "2026-04-01"
NINE = f"{DAY} 09:00"
AT_NINE = "04-01 09:00"


@pytest.fixture
def engine_name():
    """What the engine decides is asked of both by the machine of the list."""
    return "sqlite"


@pytest.fixture
def three(waiting):
    """Ada, Ben, Cyd and Dov wait; three are asked at once; Wednesday at nine is free."""
    waiting.policy(waitlist_batch=3)
    (visit,) = waiting.fills("Dr Cho", NINE)
    for name in ("Cyd", "Dov"):
        waiting.comes(name)
    for name in ("Ada", "Ben", "Cyd", "Dov"):
        waiting.waits(name)
    waiting.work_off()
    waiting.later(seconds=1)
    waiting.cancels("Zoe", visit)
    return waiting


def asked(clinic):
    return sorted(each.split()[0] for each in clinic.asked())


def offer_of(clinic, name):
    return clinic.offer_to(name)


def test_the_first_three_are_asked_and_nobody_else_has_the_time(three):
    assert asked(three) == ["Ada", "Ben", "Cyd"]
    assert "09:00" not in three.free("Dr Cho", DAY)
    assert "09:00" not in three.free("Dr Cho", DAY, who="Ben")
    assert three.violations() == []


@pytest.mark.parametrize("first", ["Ada", "Cyd"])
def test_the_fastest_has_it_and_the_others_are_told_at_once_what_is_so(three, first):
    three.work_off()
    three.later(seconds=1)
    late = offer_of(three, "Ben")
    link = links_to(three, "ben@example.org")[0]
    three.accepts(first)
    assert asked(three) == []
    with pytest.raises(rules.AnotherWasFirst):
        three.perform(three.ben, service.accept_offer, offer_id=late)
    assert three.rows("SELECT count(*) FROM appointment WHERE status = 'booked'") == [(1,)]
    three.work_off()
    told = three.mail_to("ben@example.org")[0]
    assert "Jemand anderes war schneller" in told.body
    assert "Somebody else was faster" in knock("GET", f"{link}?lang=en").text
    assert three.violations() == []


def test_the_message_and_the_page_say_that_others_are_asked_too(three):
    three.work_off()
    said = three.mail_to("ada@example.org")[0].body
    assert "offered to several people at once" in said
    assert "kept for you until" not in said
    assert "several people at once" in knock("GET", links_to(three, "ada@example.org")[0]).text


def test_to_come_too_late_is_not_to_let_it_lapse(three):
    booked = three.accepts("Ada")
    visit = three.rows("SELECT id FROM appointment WHERE status = 'booked'")
    assert len(visit) == 1
    three.later(seconds=1)
    cancel = {"appointment_id": booked, "reason": "they called"}
    three.perform(three.gus, appointments.cancel_appointment, **cancel)
    assert asked(three) == ["Ben", "Cyd", "Dov"]


def test_the_time_stays_kept_until_the_last_of_them_has_answered(three):
    three.declines("Ada")
    assert asked(three) == ["Ben", "Cyd"]
    assert three.violations() == []
    three.declines("Ben")
    assert "09:00" not in three.free("Dr Cho", DAY)
    three.declines("Cyd")
    assert asked(three) == ["Dov"]
    assert three.violations() == []


def test_what_nobody_answers_goes_to_the_next_three(three):
    three.later(minutes=30)
    assert three.beat() == 1
    assert asked(three) == ["Dov"]
    states = [(who, state) for who, _, state in three.offers_made()]
    assert sorted(states) == [
        ("Ada", "lapsed"),
        ("Ben", "lapsed"),
        ("Cyd", "lapsed"),
        ("Dov", "open"),
    ]


def test_a_time_that_is_filled_in_another_way_ends_all_of_them(three):
    three.books_at_desk("Zoe", "Dr Cho", NINE, overbook="an emergency")
    assert asked(three) == []
    assert three.states("waitlist_round") == ["gone"]
    assert three.violations() == []


def test_whoever_could_only_take_another_part_of_the_time_is_not_left_out(waiting):
    """Ben waits for a longer visit: he is not asked beside Ada, and Cyd not before him."""
    long = waiting.offers("Dr Cho", minutes=40)
    waiting.policy(waitlist_batch=3)
    waiting.comes("Cyd")
    first, second = waiting.fills("Dr Cho", f"{DAY} 11:00", f"{DAY} 11:20")
    waiting.calls_off(first)
    waiting.waits("Ada")
    waiting.waits("Ben", service_id=long)
    waiting.waits("Cyd")
    waiting.later(seconds=1)
    waiting.calls_off(second)
    assert asked(waiting) == ["Ada"]
    assert waiting.violations() == []


def test_the_check_finds_more_offers_than_were_to_be_made(three):
    words = harm(three, sa.update(OFFER).values(asked_with=2))
    assert any("offered to more than were to be asked" in each for each in words)
    words = harm(three, sa.update(OFFER).values(asked_with=1))
    assert any("are open for one time" in each for each in words)


def test_an_answer_after_the_end_leaves_no_offer_open_of_those_who_were_asked_too(three):
    """The beat has not come round yet: it is Ada's no that gives the time back."""
    three.later(minutes=30, seconds=1)
    three.declines("Ada")
    assert asked(three) == ["Dov"]
    assert three.violations() == []


def test_only_whoever_was_asked_is_told_that_somebody_was_faster(three):
    """Ada saw it in the app and took it, before anything was written to anybody."""
    three.accepts("Ada")
    three.later(seconds=1)
    three.work_off()
    kinds = {message.kind for message in three.mail_to("ben@example.org")}
    assert kinds == {"waitlist-joined"}
