"""kill -9 at each point of a delivery: nothing is lost, and nothing is accepted twice.

``MEDIBOOK_MAIL_KILLS=400`` asks for the long proof; the suite asks for four of each provider.
"""

import os
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from medibook.kernel.actor import system
from medibook.kernel.settings import Settings
from medibook.notifications import service
from medibook.notifications.jobs import deliver_messages
from medibook.notifications.schemas import NewMessage, Topic
from medibook.wiring import STILL_TRUE, build_medibook
from tests.support.providers import (
    GatewayServer,
    MailServer,
    SendGridServer,
    TwilioServer,
    kills,
)

pytestmark = pytest.mark.proof
KILLS = int(os.environ.get("MEDIBOOK_MAIL_KILLS", "4"))
PER_KILL = 3
DELIVERY = "notifications.service.delivery"
POINTS = ("before the call", "after receiving", "after accepting", "before the commit")
NOON = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)


class Post:
    """A clinic that only sends, its providers, and a process that can be killed while it does."""

    def __init__(self, url: str, folder: Path, email, text, postmen) -> None:
        self.email, self.text, self.postmen = email, text, postmen
        self.clock, self.time = folder / "clock", NOON
        self.later(timedelta(0))
        self.settings = {
            "env": "test",
            "db_url": url,
            "clock_file": str(self.clock),
            **self._of_email(),
            **self._of_text(),
        }
        self.medibook = build_medibook(Settings(**self.settings))
        text.now = self.medibook.clock.now
        self.promised: list[str] = []

    def _of_email(self):
        if isinstance(self.email, MailServer):
            return {"smtp_url": self.email.url}
        return {"sendgrid_api_key": self.email.key, "sendgrid_base_url": self.email.url}

    def _of_text(self):
        if isinstance(self.text, GatewayServer):
            return {"sms_gateway_url": self.text.url, "sms_gateway_token": self.text.token}
        return {
            "twilio_account_sid": self.text.sid,
            "twilio_auth_token": self.text.token,
            "twilio_from": self.text.number,
            "twilio_base_url": self.text.url,
        }

    def later(self, span: timedelta) -> None:
        self.time += span
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(self.time.isoformat())
        fresh.replace(self.clock)

    def promise(self, count: int) -> None:
        """Promise so many people an e-mail and an SMS each."""
        with self.medibook._writing(system("test")) as uow:
            for _ in range(count):
                mark = uuid4().hex
                self.promised.append(mark)
                new = NewMessage(
                    fact_id=uuid4(),
                    kind="visit-booked",
                    recipient_id=None,
                    to=f"{mark}@example.org",
                    subject=f"Your visit {mark}",
                    body="Your visit is booked.",
                    phone=f"+447700{len(self.promised):06}",
                    sms=f"Your visit {mark}",
                    topic=Topic.WAITLIST,  # rings, and is sent once more in doubt
                )
                service.tell(uow, new)
            uow.session.commit()

    def killed_at(self, point: str) -> int:
        """Let the worker deliver, and die there; returns how it ended."""
        settings = dict(self.settings)
        if point == "before the call":
            settings["crash_at"] = f"{DELIVERY}.begin_attempts:after-commit"
        if point == "before the commit":
            settings["crash_at"] = f"{DELIVERY}.note_outcomes:before-commit"
        (child,) = self.postmen.order({"settings": settings})
        if point in ("after receiving", "after accepting"):
            victim = kills(child, accepts=point == "after accepting")
            (self.email if self.time.minute % 2 else self.text).then(victim)
        self.postmen.begin()
        return self.postmen.end()

    def recover(self) -> None:
        """What the next beats do: leases run out, records are asked, the rest is sent."""
        for minutes in (6, 12, 16, 1):
            self.later(timedelta(minutes=minutes))
            deliver_messages(self.medibook, STILL_TRUE)

    def states(self) -> Counter[str]:
        with self.medibook.engine.connect() as connection:
            found = connection.execute(sa.text("SELECT channel, state FROM message")).all()
        return Counter(f"{row.channel} {row.state}" for row in found)


@pytest.fixture(
    params=[(SendGridServer, TwilioServer), (MailServer, GatewayServer)], ids=["api", "own"]
)
def post(request, db_url, tmp_path, postmen):
    email, text = request.param
    with email() as mail, text() as phone:
        running = Post(db_url, tmp_path, mail, phone, postmen)
        yield running
        running.medibook.engine.dispose()


def test_a_worker_that_is_killed_again_and_again_loses_and_doubles_nothing(post, record_property):
    ends = Counter()
    for number in range(KILLS):
        point = POINTS[number % len(POINTS)]
        post.promise(PER_KILL)
        ends[(point, post.killed_at(point))] += 1
        post.recover()
        post.later(timedelta(minutes=number % 2))
    record_property("kills", f"{KILLS}: {dict(ends)}, {post.states()}")
    assert {how for _, how in ends} == {-signal.SIGKILL}, ends
    everything = KILLS * PER_KILL
    assert post.states() == {"email accepted": everything, "sms accepted": everything}
    assert all_once(post)


def all_once(post) -> bool:
    """Each text accepted once; each letter once, or twice under one name by a mail server."""
    said = Counter(f"Your visit {mark}" for mark in post.promised)
    assert Counter(text_of(sms) for sms in post.text.accepted) == said
    if isinstance(post.email, SendGridServer):
        assert Counter(mail["subject"] for mail in post.email.accepted) == said
        return True
    names = {}
    for letter in post.email.letters:
        names.setdefault(letter.content["Subject"], Counter())[letter.message_id] += 1
    assert names.keys() == said.keys()
    for under in names.values():
        assert len(under) == 1, "one letter, one Message-ID"
        assert max(under.values()) <= 2
    return True


def text_of(sms) -> str:
    return sms.get("body") or sms["text"]
