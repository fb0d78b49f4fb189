"""The whole path against real providers' servers: held back, told to wait, told apart, told later."""

import pytest

from medibook.kernel.actor import STRANGER, system
from medibook.kernel.settings import Env, Settings
from medibook.notifications import jobs, service
from medibook.notifications.channels.wire import Limits
from medibook.notifications.jobs import deliver_messages
from medibook.people import service as people
from tests.support.providers import MailServer, SendGridServer, busy, fails, resets


@pytest.fixture
def sendgrid():
    with SendGridServer() as running:
        yield running


@pytest.fixture
def posted(clinic, sendgrid):
    """The clinic whose letters SendGrid carries."""
    clinic.medibook.settings = Settings(
        env=Env.TEST, sendgrid_api_key=sendgrid.key, sendgrid_base_url=sendgrid.url
    )
    return clinic


def promises(clinic, count):
    """Suspend and take back Ada, so that she is told each time."""
    for _ in range(count):
        number = clinic.notes["told"] = clinic.notes.get("told", -1) + 1
        act = people.reactivate_account if number % 2 else people.suspend_account
        reason = {} if number % 2 else {"reason": "Asked"}
        clinic.perform(clinic.eve, act, user_id=clinic.ada.user_id, **reason)
    clinic.work_off()


def rows(clinic):
    found = clinic.rows("SELECT state, attempts, problem FROM message ORDER BY created_at, id")
    return [tuple(row) for row in found]


def deliver(clinic):
    return deliver_messages(clinic.medibook, {})


def test_a_provider_that_is_down_gets_a_pause_and_what_it_holds_back_has_not_been_tried(
    posted, sendgrid
):
    sendgrid.always = fails(503)
    for _ in range(5):
        promises(posted, 1)
        deliver(posted)
    asked = len(sendgrid.requests)
    promises(posted, 2)
    assert deliver(posted) == 0
    assert len(sendgrid.requests) == asked == 5, "nobody is asked while the circuit is open"
    assert sorted(rows(posted)) == [("retry", 0, "")] * 2 + [("retry", 1, "answer 503")] * 5


def test_a_provider_is_not_asked_again_before_it_wants_to_be(posted, sendgrid):
    sendgrid.then(busy(retry_after=1800))
    promises(posted, 1)
    deliver(posted)
    assert rows(posted) == [("retry", 1, "answer 429")]
    posted.later(seconds=1799)
    deliver(posted)
    assert (len(sendgrid.requests), sendgrid.accepted) == (1, [])
    posted.later(seconds=2)
    assert deliver(posted) == 1
    assert rows(posted) == [("accepted", 2, "")]


def test_a_reset_in_mid_reply_is_looked_up_and_not_sent_again(posted, sendgrid):
    sendgrid.then(resets(0.1))
    promises(posted, 1)
    assert deliver(posted) == 0
    assert rows(posted)[0][:2] == ("unknown", 1)
    posted.later(minutes=11)
    deliver(posted)
    assert rows(posted) == [("accepted", 1, "")]
    assert len(sendgrid.accepted) == 1


def test_a_report_of_what_seemed_to_have_failed_keeps_it_from_being_sent_again(posted, sendgrid):
    sendgrid.then(fails(500))
    promises(posted, 1)
    deliver(posted)
    ((message_id,),) = posted.rows("SELECT id FROM message")
    posted.perform(
        system("callbacks"),
        service.note_delivery,
        message_id=type(posted.ada.user_id)(str(message_id)),
        provider_state="delivered",
        provider_id="sg-1",
    )
    posted.later(hours=2)
    assert deliver(posted) == 0
    assert (rows(posted)[0][0], sendgrid.accepted) == ("accepted", [])


def test_letters_of_one_round_share_connections_and_hostile_ones_stop_no_others(clinic):
    with MailServer() as mail:
        clinic.medibook.settings = Settings(env=Env.TEST, smtp_url=mail.url)
        promises(clinic, 6)
        clinic.perform(STRANGER, people.ask_password_reset, email="ben@example.org")
        clinic.work_off()
        with clinic.medibook.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE message SET subject = 'Hi' || char(13) || char(10) || 'Bcc: evil@x.example' "
                "WHERE kind = 'reset-password'".replace(
                    "char(", "chr(" if connection.dialect.name == "postgresql" else "char("
                )
            )
        assert deliver(clinic) == 6
        assert {tuple(letter.recipients) for letter in mail.letters} == {("ada@example.org",)}
        assert mail.connections <= 7
    dead = [row for row in rows(clinic) if row[0] == "dead"]
    assert dead == [("dead", 1, "the message cannot be written as e-mail")]


def test_a_no_is_not_believed_before_the_provider_can_know(posted, sendgrid):
    """SendGrid's own record is late: its early "no" would send a letter twice."""
    sendgrid.then(resets(0.1))
    promises(posted, 1)
    deliver(posted)
    taken, sendgrid.accepted = sendgrid.accepted, []  # not in the record so far
    posted.later(minutes=3)
    deliver(posted)
    assert rows(posted)[0][:2] == ("unknown", 1)
    sendgrid.accepted = taken
    posted.later(minutes=16)
    deliver(posted)
    assert rows(posted) == [("accepted", 1, "")]
    assert [asked.method for asked in sendgrid.requests] == ["POST", "GET", "GET"]


def test_a_provider_that_is_down_is_asked_for_one_of_those_that_it_may_have(posted, sendgrid):
    promises(posted, 3)
    sendgrid.then(*[resets(0.1)] * 3)
    deliver(posted)
    posted.later(minutes=3)
    sendgrid.requests.clear()
    sendgrid.always = fails(503)
    deliver(posted)
    assert [asked.method for asked in sendgrid.requests] == ["GET"]
    assert [state for state, *_ in rows(posted)] == ["unknown"] * 3
    sendgrid.always = None
    posted.later(minutes=16)
    deliver(posted)
    assert [state for state, *_ in rows(posted)] == ["accepted"] * 3


def test_a_round_of_looking_up_ends_however_slow_a_provider_is(posted, sendgrid, monkeypatch):
    promises(posted, 3)
    sendgrid.then(*[resets(0.1)] * 3)
    deliver(posted)
    posted.later(minutes=3)
    sendgrid.requests.clear()
    ticking = iter(range(0, 999, 6))  # six seconds pass with each answer
    monkeypatch.setattr(jobs, "running_clock", lambda: next(ticking))
    deliver(posted)
    assert len(sendgrid.requests) == 1
    slowest = Limits().to_look_up()
    assert jobs._LOOKING + slowest.connect + slowest.read <= 20
