"""Nobody makes somebody's telephone ring on and on through us: three SMS an hour, ten a day (P24)."""

from datetime import UTC, datetime, timedelta

import pytest

from medibook.kernel.settings import Env, Settings
from medibook.notifications import service
from medibook.notifications.rules import sms_free_at
from medibook.notifications.schemas import Channel, Outcome, Topic
from tests.notifications.test_delivery import WORKER, promise

NUMBER, OTHER = "+447700900123", "+447700900124"
NOON = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)


@pytest.fixture
def texting(clinic):
    clinic.medibook.settings = Settings(env=Env.TEST, sms_gateway_url="https://sms.invalid/")
    return clinic


def text(clinic, count=1, number=NUMBER, **other):
    said = {"recipient_id": None, "to": "", "topic": Topic.REMINDERS, "sms": "Hello", "kind": "t"}
    for _ in range(count):
        promise(clinic, phone=number, **{**said, **other})


def leave(clinic):
    """Whatever is due leaves, and is taken; returns to which numbers."""
    told = []
    while claim := clinic.perform(WORKER, service.claim_due, channels=[Channel.SMS]):
        while sent := clinic.perform(WORKER, service.begin_attempts, claim=claim, judges={}):
            done = [Outcome(sent=each, is_accepted=True) for each in sent]
            clinic.perform(WORKER, service.note_outcomes, claim=claim, outcomes=done)
            told += [each.to for each in sent]
    return told


def states(clinic):
    return [tuple(r) for r in clinic.rows("SELECT state, problem FROM message ORDER BY state")]


def test_three_an_hour_reach_a_number_and_the_others_wait_with_a_reason(texting):
    text(texting, 5)
    text(texting, 1, OTHER)
    assert sorted(leave(texting)) == [NUMBER] * 3 + [OTHER]
    assert (
        states(texting) == [("accepted", "")] * 4 + [("retry", "too many SMS to this number")] * 2
    )
    assert leave(texting) == []
    texting.later(minutes=59)
    assert leave(texting) == []
    texting.later(minutes=2)
    assert leave(texting) == [NUMBER] * 2


def test_what_would_come_too_late_then_says_so_in_the_ledger(texting):
    until = texting.clock.now() + timedelta(minutes=30)
    text(texting, 4, useful_until=until)
    assert len(leave(texting)) == 3
    texting.later(minutes=31)
    assert leave(texting) == []
    assert states(texting)[-1] == ("expired", "too many SMS to this number")


def test_what_waits_for_room_does_not_ring_at_night(texting):
    texting.at("2026-03-30 19:30")  # half past eight in London
    text(texting, 4, zone="Europe/London")
    assert len(leave(texting)) == 3
    (row,) = texting.rows("SELECT send_at FROM message WHERE state = 'retry'")
    assert str(row.send_at)[:16] == "2026-03-31 07:00"


def test_what_a_person_of_the_clinic_writes_is_not_held_back_but_counts(texting):
    text(texting, 4, kind="sms-desk")
    text(texting)
    assert len(leave(texting)) == 4
    assert states(texting)[-1][0] == "retry"


def test_ten_a_day_at_most():
    sent = [NOON - timedelta(hours=2 * number) for number in range(1, 11)]
    assert sms_free_at(sent[:9], NOON) == NOON
    assert sms_free_at(sent, NOON) == NOON + timedelta(hours=4)
