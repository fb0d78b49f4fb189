"""Messages: promised once, sent once, tried again, and without a key to an account left behind."""

import socketserver
import threading
from uuid import uuid4

import pytest

from medibook.kernel import outbox
from medibook.kernel.actor import STRANGER, system
from medibook.kernel.settings import Env, Settings
from medibook.notifications import rules, service
from medibook.notifications.channels import ChannelError, Sender, Smtp
from medibook.notifications.jobs import deliver_messages
from medibook.notifications.schemas import Channel, NewMessage, Outgoing
from medibook.people import service as people
from tests.people.test_registration import at_once
from tests.support.clinic import START, new_patient

WORKER = system("test")


class FakeServer(socketserver.ThreadingTCPServer):
    """A mail server that writes down what it is told and answers as a test wants."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.letters, self.answer_to_recipient = [], "250 ok"
        threading.Thread(target=self.serve_forever, args=[0.01], daemon=True).start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 fake")
        while line := self.rfile.readline().decode().strip():
            match line.split(" ")[0].upper():
                case "RCPT":
                    self.say(self.server.answer_to_recipient)
                case "DATA":
                    self.say("354 go on")
                    letter = []
                    while (text := self.rfile.readline()) != b".\r\n":
                        letter.append(text.decode())
                    self.server.letters.append("".join(letter))
                    self.say("250 taken")
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 ok")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server():
    with FakeServer() as running:
        yield running
        running.shutdown()


@pytest.fixture
def posted(clinic, server):
    """The clinic with a mail server, not as a demo."""
    clinic.medibook.settings = Settings(env=Env.TEST, smtp_url=server.url)
    return clinic


def states(clinic):
    return [tuple(row) for row in clinic.rows("SELECT state, attempts, problem, body FROM message")]


def attempted(clinic):
    """The one message that is due, as it is when its worker dies before it calls the mail server."""
    claim = clinic.perform(WORKER, service.claim_due, channels=[Channel.EMAIL])
    (message,) = clinic.perform(WORKER, service.begin_attempts, claim=claim, judges={})
    return message


def asks_for_a_link(clinic):
    clinic.perform(STRANGER, people.ask_password_reset, email="ada@example.org")
    clinic.work_off()


def test_what_is_told_twice_is_sent_once(clinic):
    asks_for_a_link(clinic)
    (fact_id,) = clinic.rows("SELECT fact_id FROM message")[0]
    again = NewMessage(
        fact_id=str(fact_id),
        kind="reset-password",
        recipient_id=clinic.ada.user_id,
        to="ada@example.org",
        subject="Again",
        body="Again",
    )

    def tell():
        with clinic.medibook._writers, clinic.medibook._transaction(WORKER, writes=True) as uow:
            service.tell(uow, again)
            uow.session.commit()

    assert at_once(3, tell) == [None] * 3
    assert clinic.rows("SELECT count(*) FROM message") == [(1,)]


@pytest.mark.parametrize("ask", ["reset", "verify"])
def test_a_link_lives_on_when_the_note_that_it_was_sent_is_lost(clinic, monkeypatch, ask):
    clinic.work_off()
    if ask == "reset":
        clinic.perform(STRANGER, people.ask_password_reset, email="ada@example.org")
    else:
        clinic.perform(STRANGER, people.register_patient, new=new_patient())
    with (
        monkeypatch.context() as dying
    ):  # the message is committed, the worker dies before its note
        dying.setattr(outbox, "finish", lambda *_: None)
        clinic.work_off()
    clinic.later(minutes=3)
    assert clinic.work_off()
    if ask == "reset":
        token, new = clinic.link_in_mail_to("ada@example.org"), "quiet orchards hum at noon"
        clinic.perform(STRANGER, people.reset_password, token=token, password=new)
    else:
        token = clinic.link_in_mail_to("nia@example.org")
        assert clinic.proves(token).role == "patient"


@pytest.mark.parametrize("method", ["PUBLISH", "CANCEL"])
def test_a_letter_says_of_its_calendar_what_the_calendar_says(method):
    letter = Smtp(
        "smtp://127.0.0.1:1", Sender("c@medibook.example", "Clinic", "", "https://clinic.example")
    ).letter(
        Outgoing(
            message_id=uuid4(),
            kind="visit-cancelled",
            to="ada@example.org",
            subject="Your visit",
            body="…",
            attachment_name="visit.ics",
            attachment=f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nEND:VCALENDAR\r\n",
            attempts=1,
            created_at=START,
        )
    )
    (part,) = [p for p in letter.walk() if p.get_content_type() == "text/calendar"]
    assert part.get_param("method") == method


def test_the_demo_has_a_mailbox_and_nobody_else_has(clinic):
    asks_for_a_link(clinic)
    assert [m.state for m in clinic.perform(STRANGER, service.mailbox)] == ["accepted"]
    clinic.medibook.settings = Settings(env=Env.TEST)
    with pytest.raises(rules.MailboxClosed):
        clinic.perform(STRANGER, service.mailbox)


def test_a_message_reaches_the_mail_server_once_and_its_key_is_forgotten(posted, server):
    asks_for_a_link(posted)
    assert deliver_messages(posted.medibook, {}) == 1
    assert deliver_messages(posted.medibook, {}) == 0
    (letter,) = server.letters
    assert "To: ada@example.org" in letter
    assert "Subject: MediBook: Set a new password" in letter
    assert "/reset/?token=" in letter.replace("=3D", "=")
    assert states(posted) == [("accepted", 1, "", "")]


def test_a_busy_mail_server_is_asked_again_later_and_later_and_then_no_more(posted, server):
    server.answer_to_recipient = "451 later"
    posted.perform(posted.eve, people.suspend_account, user_id=posted.ada.user_id, reason="Asked")
    posted.work_off()
    for attempt in range(1, 9):
        assert deliver_messages(posted.medibook, {}) == 0
        state, attempts, problem, _ = states(posted)[0]
        assert (attempts, problem) == (attempt, "recipient refused [451]")
        assert state == ("dead" if attempt == 8 else "retry")
        assert deliver_messages(posted.medibook, {}) == 0
        posted.later(hours=1)
    assert states(posted)[0][1] == 8


def test_a_wrong_address_is_not_tried_again(posted, server):
    server.answer_to_recipient = "550 nobody here"
    asks_for_a_link(posted)
    deliver_messages(posted.medibook, {})
    assert states(posted) == [("dead", 1, "recipient refused [550]", "")]


def test_a_link_that_is_too_old_to_be_used_is_not_sent_any_more(posted, server):
    asks_for_a_link(posted)
    posted.later(minutes=31)
    deliver_messages(posted.medibook, {})
    assert server.letters == []
    assert states(posted) == [("expired", 0, "too late to be of use", "")]


def test_a_message_whose_worker_died_is_claimed_again_under_the_same_name(posted, server):
    asks_for_a_link(posted)
    first = attempted(posted)
    assert posted.perform(WORKER, service.claim_due, channels=[Channel.EMAIL]) is None
    posted.later(minutes=5)
    deliver_messages(posted.medibook, {})  # it is unknown whether the first has left
    posted.later(minutes=5)
    deliver_messages(posted.medibook, {})  # no mail server can say: it is to be sent once more
    second = attempted(posted)
    channel = Smtp("smtp://127.0.0.1", Sender("c@x.example", "C", "", "https://clinic.example"))
    assert channel.letter(first)["Message-ID"] == channel.letter(second)["Message-ID"]


def test_two_workers_share_the_work_and_none_is_sent_twice(posted, server):
    for _ in range(5):
        posted.perform(posted.eve, people.suspend_account, user_id=posted.ada.user_id, reason="x")
        posted.perform(posted.eve, people.reactivate_account, user_id=posted.ada.user_id)
    posted.work_off()
    at_once(3, lambda: deliver_messages(posted.medibook, {}))
    assert len(server.letters) == 10
    assert {state for state, *_ in states(posted)} == {"accepted"}


def test_no_header_is_slipped_into_a_letter(clinic):
    channel = Smtp(
        "smtp://127.0.0.1:1",
        Sender("clinic@medibook.example", "Elm Row", "", "https://clinic.example"),
    )

    def outgoing(**other):
        return Outgoing(
            **{
                "message_id": clinic.ada.user_id,
                "kind": "x",
                "to": "ada@example.org",
                "subject": "Hello",
                "body": "Hi",
                "attachment_name": "",
                "attachment": "",
                "attempts": 1,
                "created_at": clinic.clock.now(),
                **other,
            }
        )

    for hostile in (
        {"subject": "Hi\r\nBcc: evil@x.example"},
        {"to": "ada@example.org\nBcc: evil@x.example"},
    ):
        with pytest.raises(ChannelError) as refused:
            channel.send(outgoing(**hostile))
        assert refused.value.permanent
    letter = channel.letter(
        outgoing(
            body="Hi\r\nBcc: evil@x.example",
            attachment="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
            attachment_name="visit.ics",
        )
    )
    assert letter["Bcc"] is None
    assert [part.get_filename() for part in letter.iter_attachments()] == ["visit.ics"]


def test_a_mail_server_that_is_away_is_no_accident():
    channel = Smtp("smtp://127.0.0.1:9", Sender("c@x.example", "C", "", "https://clinic.example"))
    message = Outgoing(
        message_id="00000000-0000-4000-8000-000000000001",
        kind="x",
        to="a@example.org",
        subject="s",
        body="b",
        attachment_name="",
        attachment="",
        attempts=1,
        created_at="2026-03-30T08:00:00Z",
    )
    with pytest.raises(ChannelError) as refused:
        channel.send(message)
    assert not refused.value.permanent


def test_each_is_told_in_their_own_language(clinic):
    clinic.perform(STRANGER, people.ask_password_reset, email="ben@example.org")
    clinic.work_off()
    link = clinic.mail_to("ben@example.org")[0].body
    assert "http://127.0.0.1:8000/de/reset/?token=" in link
