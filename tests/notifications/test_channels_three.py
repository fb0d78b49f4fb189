"""Three postmen at once, one killed and one frozen in the middle: each message is accepted once.

``MEDIBOOK_MAIL_DUE=5000 MEDIBOOK_MAIL_FROZEN=90`` asks for the long proof. Leases are shorter than
the freeze, so that the others take over what the frozen one holds, and it wakes up too late.
"""

import os
import signal
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from uuid import uuid4

import psutil
import pytest
import sqlalchemy as sa

from medibook.kernel.actor import system
from medibook.kernel.settings import Settings
from medibook.notifications import service
from medibook.notifications.schemas import NewMessage, Topic
from medibook.wiring import build_medibook
from tests.support.providers import SendGridServer, TwilioServer

pytestmark = pytest.mark.proof
DUE = int(os.environ.get("MEDIBOOK_MAIL_DUE", "200"))
FROZEN = float(os.environ.get("MEDIBOOK_MAIL_FROZEN", "4"))
LEASE = FROZEN / 3
SHARE = min(320, DUE // 10)


def is_behind(port: int, child: int) -> bool:
    """Whether this is the process behind a caller's port."""
    with suppress(psutil.NoSuchProcess):
        lines = psutil.Process(child).net_connections("tcp")
        return any(line.laddr.port == port for line in lines)
    return False


def gets(child: int, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, what)


def promise(medibook, count):
    """Promise so many people one message each, by e-mail and by SMS in turn."""
    with medibook._writing(system("test")) as uow:
        for number in range(count):
            by_mail = {"to": f"p{number}@example.org"}
            by_phone = {"to": "", "phone": f"+4477{number:08}", "sms": f"Your visit {number}"}
            new = NewMessage(
                fact_id=uuid4(),
                kind="reminder",
                recipient_id=None,
                subject=f"Your visit {number}",
                body="Your visit is tomorrow.",
                topic=Topic.REMINDERS,
                **(by_phone if number % 2 else by_mail),
            )
            service.tell(uow, new)
        uow.session.commit()


def wait_for(what, seconds, why):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, why
        time.sleep(0.02)


def test_three_at_once_one_killed_and_one_frozen_and_each_message_is_accepted_once(
    db_url, tmp_path, postmen, record_property
):
    with ExitStack() as stack:
        mail, phone = stack.enter_context(SendGridServer()), stack.enter_context(TwilioServer())
        settings = {
            "env": "test",
            "db_url": db_url,
            "sendgrid_api_key": mail.key,
            "sendgrid_base_url": mail.url,
            "twilio_account_sid": phone.sid,
            "twilio_auth_token": phone.token,
            "twilio_from": phone.number,
            "twilio_base_url": phone.url,
        }
        medibook = build_medibook(Settings(**settings))
        stack.callback(medibook.engine.dispose)
        promise(medibook, DUE)
        stop = tmp_path / "stop"
        order = {"settings": settings, "until": str(stop), "lease": LEASE, "share": SHARE}
        children = postmen.order({**order, "copies": 3})
        # All are woken before anybody waits for the end of one.
        for _ in children:
            stack.callback(postmen.end)
        for child in children:
            stack.callback(gets, child, signal.SIGCONT)
        stack.callback(stop.touch)

        def accepted():
            return len(mail.accepted) + len(phone.accepted)

        def left():
            with medibook.engine.connect() as connection:
                count = sa.text("SELECT count(*) FROM message WHERE state <> 'accepted'")
                return connection.execute(count).scalar_one()

        began = time.monotonic()
        postmen.begin(3)
        wait_for(lambda: accepted() >= DUE * 0.15, 120, "nobody begins")
        gets(children.pop(), signal.SIGKILL)
        frozen, one_at_a_time = [], threading.Lock()

        def freeze_the_caller(port):
            """In the middle of a call, when it holds no lock but its lease."""
            with one_at_a_time:
                if not frozen and accepted() >= DUE * 0.3:
                    frozen.extend(child for child in children if is_behind(port, child))
                    for child in frozen:
                        gets(child, signal.SIGSTOP)

        mail.on_call = phone.on_call = freeze_the_caller
        wait_for(lambda: frozen, 120, "the others stop with it")
        at_freeze = accepted()
        time.sleep(FROZEN)
        meanwhile = accepted() - at_freeze
        gets(frozen[0], signal.SIGCONT)
        wait_for(lambda: left() == 0, 300 + FROZEN * 5, "some are left")
        took = time.monotonic() - began
        time.sleep(LEASE)  # whoever would send something twice still could
        told = Counter(m["subject"] for m in mail.accepted)
        told += Counter(m["body"] for m in phone.accepted)
    record_property("three", f"{DUE} due, {meanwhile} while one was frozen, {took:.1f} s in all")
    assert told == Counter(f"Your visit {number}" for number in range(DUE))
    assert meanwhile > 0, "the others have worked on"
