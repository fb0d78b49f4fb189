"""What those who wait are told, in their language, and what is taken back before it leaves."""

from datetime import time

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from medibook.kernel.actor import system
from medibook.kernel.db import metadata
from medibook.kernel.ids import RandomIds
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.rules import fits_one_sms
from medibook.notifications.schemas import About
from medibook.waitlist import service
from tests.support.sms import CLINIC, ORIGIN, by_sms, texts

NINE = "2026-04-01 09:00"


@pytest.fixture
def engine_name():
    """Words are the same on every engine."""
    return "sqlite"


@pytest.fixture
def offered(waiting):
    """Ben, who reads German, waits, then Ada; Wednesday at nine is Ben's to take."""
    (visit,) = waiting.fills("Dr Cho", NINE)
    waiting.waits("Ben")
    waiting.waits("Ada")
    waiting.work_off()
    waiting.later(seconds=1)
    waiting.cancels("Zoe", visit)
    return waiting


def kinds(clinic, address):
    return [message.kind for message in reversed(clinic.mail_to(address))]


def test_whoever_joins_is_told_and_whoever_is_next_is_asked(offered):
    assert kinds(offered, "ben@example.org") == ["waitlist-joined", "waitlist-offer"]
    assert kinds(offered, "ada@example.org") == ["waitlist-joined"]


def test_an_offer_says_when_where_and_until_when_and_never_who_treats_what(offered):
    message = offered.mail_to("ben@example.org")[0]
    assert message.subject == "Eine Zeit ist frei geworden"
    assert "1. April 2026" in message.body
    assert "Elm Row" in message.body
    assert "09:30" in message.body  # the clinic's half past nine, half an hour after it was offered
    assert "/a/" in message.body
    assert "Cho" not in message.body
    assert "Skin" not in message.body


def test_whoever_let_it_lapse_is_told_that_it_is_gone_and_the_next_is_asked(offered):
    offered.work_off()
    offered.later(minutes=30)
    offered.beat()
    assert kinds(offered, "ben@example.org")[-1] == "waitlist-offer-lapsed"
    assert kinds(offered, "ada@example.org")[-1] == "waitlist-offer"


def test_nobody_is_invited_to_what_is_over_by_then(offered):
    offered.declines("Ben")
    assert kinds(offered, "ben@example.org") == ["waitlist-joined"]


def test_whoever_accepts_is_told_of_the_visit_and_of_nothing_else(offered):
    offered.work_off()
    offered.later(seconds=1)
    offered.accepts("Ben")
    told = kinds(offered, "ben@example.org")
    assert told == ["waitlist-joined", "waitlist-offer", "visit-booked"]


def test_right_before_a_message_leaves_the_list_says_whether_it_is_still_so(offered):
    about = About(kind=service.ABOUT_OFFER, about_id=offered.offer_to("Ben"))
    assert judged(offered, about) == [""]
    offered.later(minutes=30)
    assert judged(offered, about) == ["expired"]
    offered.beat()
    assert judged(offered, about) == ["lapsed"]


@pytest.mark.parametrize(("quiet", "told"), [("17:00", 0), ("07:00", 1)])
def test_when_a_telephone_stays_silent_for_as_long_as_the_offer_lasts_there_is_a_letter(
    waiting, quiet, told
):
    """Ben wants an SMS and no letter about the list, and is asked in the middle of his own night."""
    (visit,) = waiting.fills("Dr Cho", NINE)
    who = waiting.ben.user_id
    with waiting.medibook.engine.begin() as raw:
        raw.execute(sa.text("UPDATE patient SET phone = '+442079460202' WHERE name = 'Ben Brandt'"))
        for table, row in (
            ("message_wish", {"topic": "waitlist", "channel": "email", "is_wanted": False}),
            ("quiet_hours", {"starts": time.fromisoformat(quiet), "ends": time(18), "zone": "UTC"}),
        ):
            raw.execute(sa.insert(metadata.tables[table]), {"user_id": who, **row})
    waiting.waits("Ben")
    waiting.cancels("Zoe", visit)
    waiting.work_off()
    letters = [
        mail
        for mail in waiting.mail_to("ben@example.org")
        if mail.kind == "waitlist-offer" and mail.channel == "email"
    ]
    assert len(letters) == told


def judged(clinic, about):
    medibook = clinic.medibook
    with Session(medibook.engine) as session:
        uow = UnitOfWork(
            system("test"), clinic.clock.now(), session, RandomIds(), medibook.settings, None
        )
        return service.offers_still_true(uow, [about])


@pytest.mark.parametrize(
    ("batch", "locale", "said"),
    [
        (1, "en", "Wed 1 Apr, 09:00 is kept for you until 09:30: "),
        (1, "de", "Mi., 1. Apr., 09:00 ist für Sie frei bis 09:30: "),
        (2, "en", "Wed 1 Apr, 09:00 is free, first come, until 09:30: "),
        (2, "de", "Mi., 1. Apr., 09:00 frei bis 09:30. Die erste Zusage gilt: "),
    ],
)
def test_an_offer_is_one_sms_with_its_link(waiting, batch, locale, said):
    by_sms(waiting, locale)
    waiting.policy(waitlist_batch=batch)
    (visit,) = waiting.fills("Dr Cho", NINE)
    waiting.waits("Ada")
    waiting.waits("Ben")
    waiting.later(seconds=1)
    waiting.cancels("Zoe", visit)
    text = texts(waiting, "waitlist-offer")[0]
    assert text.startswith(f"{CLINIC}: {said}{ORIGIN}/a/")
    assert fits_one_sms(text)
