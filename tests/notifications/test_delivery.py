"""Delivery: judged right before it leaves, fenced against those who wake up late, looked up when cut off."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from medibook.kernel.actor import system
from medibook.kernel.errors import Forbidden, NotFound
from medibook.kernel.settings import Env, Settings
from medibook.notifications import service
from medibook.notifications.jobs import deliver_messages, warn_of_overdue
from medibook.notifications.rules import QUIET_FROM, QUIET_UNTIL
from medibook.notifications.schemas import (
    About,
    Channel,
    MessageState,
    NewMessage,
    Outcome,
    Topic,
)
from medibook.notifications.schemas.reader import Choices
from tests.notifications.test_messages import FakeServer

WORKER = system("test")


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


def promise(clinic, *, subject="Hello", about=None, **other):
    """Promise Ada a message, as a use case would."""
    new = NewMessage(
        **{
            "fact_id": uuid4(),
            "kind": "test-message",
            "recipient_id": clinic.ada.user_id,
            "to": "ada@example.org",
            "subject": subject,
            "body": "Hello",
            "about": about,
            **other,
        }
    )
    with clinic.medibook._writers, clinic.medibook._transaction(WORKER, writes=True) as uow:
        service.tell(uow, new)
        uow.session.commit()


def rows(clinic, columns="state, attempts, problem", channel="email"):
    asked = f"SELECT {columns} FROM message WHERE channel = '{channel}' ORDER BY subject"
    return [tuple(row) for row in clinic.rows(asked)]


def deliver(clinic, **judges):
    return deliver_messages(clinic.medibook, judges)


def attempts(clinic):
    """Claim all that is due and begin to send it, as a worker does before it calls anybody."""
    claim = clinic.perform(WORKER, service.claim_due, channels=[Channel.EMAIL])
    return claim, clinic.perform(WORKER, service.begin_attempts, claim=claim, judges={})


def looked_up(clinic, message, provider_id):
    which = {"message_id": message.message_id, "claim": message.claim}
    clinic.perform(WORKER, service.note_looked_up, **which, provider_id=provider_id)


def test_what_is_no_longer_true_never_leaves(posted, server):
    stays, moved = uuid4(), uuid4()
    promise(posted, subject="a", about=About(kind="visit", about_id=stays, mark="1"))
    promise(posted, subject="b", about=About(kind="visit", about_id=moved, mark="1"))

    def judge(_uow, abouts):
        return ["" if about.about_id == stays else "moved" for about in abouts]

    assert deliver(posted, visit=judge) == 1
    assert len(server.letters) == 1
    assert rows(posted) == [("accepted", 1, ""), ("expired", 0, "moved")]


def test_a_message_waits_until_its_time_and_not_beyond_its_use(posted, server):
    now = posted.clock.now()
    promise(posted, subject="a", send_at=now + timedelta(hours=2))
    promise(
        posted,
        subject="b",
        send_at=now + timedelta(hours=2),
        useful_until=now + timedelta(hours=3),
    )
    assert deliver(posted) == 0
    posted.later(hours=4)
    assert deliver(posted) == 1
    assert rows(posted, "state, problem") == [
        ("accepted", ""),
        ("expired", "too late to be of use"),
    ]


def test_what_was_taken_back_never_leaves(posted, server):
    about = About(kind="visit", about_id=uuid4(), mark="1")
    promise(posted, about=about, topic=Topic.VISITS)
    with posted.medibook._writers, posted.medibook._transaction(WORKER, writes=True) as uow:
        kind, subject = about.kind, about.about_id
        assert service.withdraw(uow, about_kind=kind, about_id=subject, reason="undone") == 1
        uow.session.commit()
    assert deliver(posted) == 0
    assert rows(posted) == [("expired", 0, "undone")]


def test_who_wakes_up_late_cannot_write_an_outcome_over_somebody_elses(posted):
    promise(posted)
    claim, (sent,) = attempts(posted)
    posted.later(minutes=6)
    posted.perform(WORKER, service.take_unknown)  # its lease has run out: nobody knows
    posted.later(minutes=3)
    (lost,) = posted.perform(WORKER, service.take_unknown)
    looked_up(posted, lost, None)
    late = Outcome(sent=sent, problem="refused", is_permanent=True)
    posted.perform(WORKER, service.note_outcomes, claim=claim, outcomes=[late])
    assert rows(posted) == [("retry", 1, "the provider has no record of it")]


def test_that_a_provider_has_taken_it_is_the_truth_however_late_it_is_heard(posted):
    promise(posted)
    claim, (sent,) = attempts(posted)
    posted.later(minutes=6)
    posted.perform(WORKER, service.take_unknown)
    took = Outcome(sent=sent, is_accepted=True, provider_id="id-1")
    posted.perform(WORKER, service.note_outcomes, claim=claim, outcomes=[took])
    assert rows(posted, "state, provider_id") == [("accepted", "id-1")]
    assert deliver(posted) == 0


def test_what_was_cut_off_is_looked_up_and_only_then_sent_again(posted, server):
    promise(posted, subject="a")
    promise(posted, subject="b")
    _, both = attempts(posted)
    posted.later(minutes=6)
    assert posted.perform(WORKER, service.take_unknown) == ()  # providers list with some delay
    assert {state for state, *_ in rows(posted)} == {"unknown"}
    posted.later(minutes=3)
    found = posted.perform(WORKER, service.take_unknown)
    assert {each.message_id for each in found} == {each.message_id for each in both}
    assert posted.perform(WORKER, service.take_unknown) == ()  # each by one worker
    taken, not_taken = sorted(found, key=lambda each: each.subject)
    looked_up(posted, taken, "7")
    looked_up(posted, not_taken, None)
    assert [state for state, *_ in rows(posted)] == ["accepted", "retry"]
    assert deliver(posted) == 1
    assert len(server.letters) == 1


def test_a_look_up_settles_nothing_that_somebody_else_has_taken_over(posted, server):
    """While the provider was asked, a person had it tried again: a late "no" would send it twice."""
    promise(posted)
    attempts(posted)
    posted.later(minutes=6)
    posted.perform(WORKER, service.take_unknown)
    posted.later(minutes=3)
    (lost,) = posted.perform(WORKER, service.take_unknown)
    posted.perform(posted.gus, service.retry_message, message_id=lost.message_id)
    attempts(posted)
    looked_up(posted, lost, None)
    which = {"message_id": lost.message_id, "claim": lost.claim}
    posted.perform(WORKER, service.note_no_record, **which, keeps_none=True, problem="x")
    assert rows(posted, "state") == [("attempting",)]
    posted.later(minutes=6)
    posted.perform(WORKER, service.take_unknown)
    posted.later(minutes=3)
    (again,) = posted.perform(WORKER, service.take_unknown)
    looked_up(posted, lost, "7")  # of an earlier turn
    assert rows(posted, "state") == [("unknown",)]
    looked_up(posted, again, "7")
    assert rows(posted, "state, provider_id") == [("accepted", "7")]


def test_an_id_that_is_another_messages_proves_nothing(posted):
    promise(posted, subject="a")
    promise(posted, subject="b")
    attempts(posted)
    posted.later(minutes=6)
    posted.perform(WORKER, service.take_unknown)
    posted.later(minutes=3)
    one, other = posted.perform(WORKER, service.take_unknown)
    looked_up(posted, one, "SM1")
    looked_up(posted, other, "SM1")
    assert sorted(state for state, *_ in rows(posted)) == ["accepted", "unknown"]


def test_news_that_was_ended_does_not_leave_though_it_is_written(posted, server):
    promise(posted, topic=Topic.NEWS)
    with posted.medibook._writers, posted.medibook._transaction(WORKER, writes=True) as uow:
        lasts = timedelta(days=1)
        who = {"user_id": posted.ada.user_id, "locale": "en"}
        token = service.no_news_link(uow, **who, lasts=lasts).rpartition("/")[2]
        service.end_news(uow, token)
        uow.session.commit()
    assert deliver(posted) == 0
    assert rows(posted) == [("expired", 0, "wants no more news")]


def test_a_reminder_that_may_have_left_by_mail_is_not_sent_twice_a_confirmation_is(posted, server):
    promise(posted, subject="a", kind="visit-booked")
    promise(posted, subject="b", kind="reminder", topic=Topic.REMINDERS)
    attempts(posted)
    for _ in range(4):
        posted.later(minutes=10)
        deliver(posted)
    assert [state for state, *_ in rows(posted)] == ["accepted", "unknown"]
    assert len(server.letters) == 1


def test_what_a_provider_tells_later_goes_forward_only(posted, server):
    promise(posted)
    deliver(posted)
    ((message_id,),) = rows(posted, "id")
    for told in ("sent", "delivered", "sent", "delivered", "<script>"):
        posted.perform(
            WORKER,
            service.note_delivery,
            message_id=UUID(str(message_id)),
            provider_state=told,
            provider_id="",
        )
    assert rows(posted, "provider_state") == [("delivered",)]


def test_a_person_can_have_a_message_tried_again(posted, server):
    server.answer_to_recipient = "550 nobody here"
    promise(posted)
    deliver(posted)
    sheet = posted.perform(posted.eve, service.promises, zone="Europe/London")
    (line,) = sheet.lines
    assert (line.state, line.problem) == (MessageState.DEAD, "recipient refused [550]")
    assert (sheet.counts.dead, sheet.counts.overdue) == (1, 0)
    with pytest.raises(Forbidden):
        posted.perform(posted.ada, service.retry_message, message_id=line.message_id)
    server.answer_to_recipient = "250 ok"
    posted.perform(posted.gus, service.retry_message, message_id=line.message_id)
    assert deliver(posted) == 1
    with pytest.raises(NotFound):
        posted.perform(posted.gus, service.retry_message, message_id=line.message_id)
    assert posted.perform(posted.eve, service.promises, zone="Europe/London").lines == ()


def test_silence_and_lateness_are_seen_and_admins_are_told_once_an_hour(posted):
    posted.medibook.settings = Settings(env=Env.TEST)  # nobody carries mail
    promise(posted)
    nothing = Choices(wanted=frozenset(), quiet_from=QUIET_FROM, quiet_until=QUIET_UNTIL)
    posted.perform(posted.eve, service.change_my_choices, choices=nothing)
    assert posted.perform(posted.eve, service.promises, zone="Europe/London").is_silent
    posted.perform(WORKER, service.note_beat)
    assert not posted.perform(posted.eve, service.promises, zone="Europe/London").is_silent
    assert warn_of_overdue(posted.medibook) == 0
    posted.later(minutes=16)
    assert warn_of_overdue(posted.medibook) == 1
    assert warn_of_overdue(posted.medibook) == 1
    told = rows(posted, "subject, recipient_id", channel="in-app")
    assert [subject for subject, _ in told] == ["Messages are late"]
    (seen,) = posted.perform(posted.eve, service.my_inbox).messages
    assert (seen.subject, seen.is_new) == ("Messages are late", True)
    assert rows(posted, "subject, state")[-1] == ("Messages are late", "planned")
    assert posted.perform(posted.eve, service.count_unread) == 1
    posted.perform(posted.eve, service.mark_all_read)
    assert posted.perform(posted.eve, service.count_unread) == 0
    assert posted.perform(posted.ada, service.my_inbox).messages == ()


def test_a_test_message_tells_what_the_server_really_said(posted, server):
    server.answer_to_recipient = "554 go away"
    message_id = posted.perform(
        posted.eve, service.send_test, channel=Channel.EMAIL, to="eve@example.org"
    )
    deliver(posted)
    line = posted.perform(posted.eve, service.answer_to_test, message_id=message_id)
    assert (line.state, line.problem) == (MessageState.DEAD, "recipient refused [554]")
    with pytest.raises(NotFound):
        posted.perform(posted.eve, service.send_test, channel=Channel.SMS, to="+442079460000")


def test_a_link_opens_what_it_was_made_for_until_it_expires(posted):
    about = About(kind="visit", about_id=uuid4(), mark="1")
    with posted.medibook._writers, posted.medibook._transaction(WORKER, writes=True) as uow:
        address = service.answer_link(
            uow,
            about=about,
            actions=("confirm", "cancel"),
            user_id=posted.ada.user_id,
            locale="de",
            expires_at=posted.clock.now() + timedelta(days=1),
        )
        uow.session.commit()
    token = address.rpartition("/")[2]
    assert token not in str(posted.rows("SELECT * FROM answer_link"))

    def opened(token):
        with posted.medibook._transaction(WORKER, writes=False) as uow:
            return service.open_link(uow, token)

    assert opened(token).actions == ("confirm", "cancel")
    assert opened(token).about == about
    with pytest.raises(NotFound):
        opened(token[:-1] + ("A" if token[-1] != "A" else "B"))
    posted.later(days=1)
    with pytest.raises(NotFound):
        opened(token)
