"""What people choose is what reaches them, and when."""

from datetime import time
from uuid import uuid4

import pytest

from medibook.kernel.actor import STRANGER, system
from medibook.kernel.errors import Invalid, SignInNeeded
from medibook.notifications import service
from medibook.notifications.pages.choices import MessageChoices, choices_from
from medibook.notifications.rules import CHOSEN_CHANNELS, CHOSEN_TOPICS
from medibook.notifications.schemas import (
    Channel,
    NewMessage,
    Topic,
)
from medibook.notifications.schemas.reader import Choices
from tests.notifications.test_proving import code_in, writing
from tests.support.pages import cookie, visit

ADAS = "+442079460123"
EVERYTHING = frozenset((topic, channel) for topic in CHOSEN_TOPICS for channel in CHOSEN_CHANNELS)
USUAL = {"quiet_from": time(21), "quiet_until": time(8)}


def choose(clinic, wanted, who=None, **other):
    choices = Choices(wanted=frozenset(wanted), **(USUAL | other))
    return clinic.perform(who or clinic.ada, service.change_my_choices, choices=choices)


def told(clinic, topic, **other):
    """By which channels Ada is told of something by now, and when: {channel: send_at}."""
    new = NewMessage(
        fact_id=uuid4(), kind="news", recipient_id=clinic.ada.user_id, to="ada@example.org",
        subject="S", body="B", sms="S", phone="+442079460123", topic=topic, **other,
    )  # fmt: skip
    with clinic.medibook._transaction(system("test"), writes=True) as uow:
        service.tell(uow, new)
        uow.session.commit()
    rows = clinic.rows("SELECT channel, send_at FROM message WHERE kind = 'news'")
    return {row.channel: str(row.send_at)[11:16] for row in rows}


def test_as_is_usual_by_mail_and_reminders_by_sms(clinic):
    found = clinic.perform(clinic.ada, service.my_choices)
    by_sms = {topic for topic, channel in found.wanted if channel is Channel.SMS}
    assert by_sms == {Topic.REMINDERS, Topic.WAITLIST}
    assert len(found.wanted) == len(CHOSEN_TOPICS) + 2
    assert (found.quiet_from, found.quiet_until, found.zone) == (time(21), time(8), "")


@pytest.mark.parametrize("wanted", [set(), EVERYTHING, {(Topic.VISITS, Channel.SMS)}])
def test_what_is_chosen_is_what_reaches_one(clinic, wanted):
    assert choose(clinic, wanted).wanted == wanted
    ways = {Channel(channel) for channel in told(clinic, Topic.VISITS)}
    assert ways == {c for t, c in wanted if t is Topic.VISITS} | {Channel.IN_APP}


def test_own_quiet_hours_are_on_ones_own_clock(clinic):
    choose(clinic, EVERYTHING, quiet_from=time(9), quiet_until=time(12), zone="Europe/London")
    # It is nine in London, where summer has begun.
    assert told(clinic, Topic.NEWS)["sms"] == "11:00"
    assert told(clinic, Topic.NEWS)["email"] == "08:00"


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ({"quiet_from": time(20), "quiet_until": time(9), "zone": "UTC"}, "quiet_until"),
        ({"zone": "Middle/Earth"}, "zone"),
        ({"zone": "../etc"}, "zone"),
        ({"quiet_from": time(22)}, "zone"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(clinic, hours, field):
    with pytest.raises(Invalid) as refusal:
        choose(clinic, EVERYTHING, **hours)
    assert set(refusal.value.problems) == {field}


def stops(clinic, number=ADAS):
    with writing(clinic) as uow:
        service.opt_out(uow, channel=Channel.SMS, address=number)


def test_who_has_said_stop_sees_it_and_takes_it_back_with_the_telephone_in_hand(clinic):
    clinic.later(minutes=1)
    stops(clinic)
    found = clinic.perform(clinic.ada, service.my_choices)
    assert all(channel is Channel.EMAIL for _, channel in found.wanted)
    choose(clinic, EVERYTHING)
    assert clinic.rows("SELECT count(*) FROM opt_out") == [(1,)], "whoever holds it has said it"
    clinic.later(minutes=1)
    clinic.perform(clinic.ada, service.send_phone_code)
    assert clinic.perform(clinic.ada, service.prove_my_number, code=code_in(clinic))
    choose(clinic, found.wanted)
    assert clinic.rows("SELECT count(*) FROM opt_out") == [(1,)]
    choose(clinic, EVERYTHING)
    assert clinic.rows("SELECT count(*) FROM opt_out") == [(0,)]
    assert clinic.perform(clinic.ada, service.my_choices).wanted == EVERYTHING


def test_everybody_chooses_for_themselves_alone(clinic):
    choose(clinic, set())
    for other in (clinic.ben, clinic.cho, clinic.gus, clinic.eve):
        assert clinic.perform(other, service.my_choices).wanted
    with pytest.raises(SignInNeeded):
        clinic.perform(STRANGER, service.my_choices)


def test_the_page_shows_and_keeps_the_choice(clinic):
    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "ada@example.org"))
        await tab.opens("/account/messages")
        assert (await tab.sees(MessageChoices, "wanted"))["visits"] == ["email"]
        form = {"visits.sms": "on", "quiet_from": "22:00", "quiet_until": "07:00", "zone": "UTC"}
        await tab.fires(MessageChoices.save, form_data=form)
        assert (await tab.sees(MessageChoices, "wanted"))["visits"] == ["sms"]
        assert await tab.sees(MessageChoices, "quiet_from") == "22:00"
        await tab.fires(MessageChoices.save, form_data=form | {"zone": "Nowhere"})
        assert "zone" in await tab.sees(MessageChoices, "problems")

    visit(clinic, story, {"/account/messages": [MessageChoices.load]})


def test_what_is_no_time_is_refused_at_its_field():
    with pytest.raises(Invalid) as refusal:
        choices_from({"quiet_from": "late", "quiet_until": "08:00"})
    assert set(refusal.value.problems) == {"quiet_from"}
