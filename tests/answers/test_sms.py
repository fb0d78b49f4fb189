"""Answering by SMS, from what is said to what is done, and what people are left to read."""

import json
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from twilio.request_validator import RequestValidator

from medibook.answers import service as answers
from medibook.answers.pages.messages import talk
from medibook.kernel.actor import system
from medibook.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from medibook.kernel.settings import Env, Settings
from medibook.notifications import service as notifications
from medibook.notifications.schemas import About, MessageState, NewMessage, Topic
from medibook.people import service as people
from medibook.people.schemas import NewDependant
from medibook.scheduling import service as scheduling
from medibook.ui.i18n import translator
from medibook.waitlist import service as waitlist
from tests.answers.test_links import at_the_desk
from tests.support.answers import knock
from tests.support.visits import at_once

WORKER = system("test")
NINE, TEN, NEXT = "2026-04-01 09:00", "2026-04-01 10:00", "2026-04-02 09:00"
ADAS, BENS, NOBODYS = "+442079460201", "+442079460202", "+442079460299"


@pytest.fixture
def clinic(open_clinic):
    """Ada and Ben have telephones of their own."""
    change = sa.text("UPDATE patient SET phone = :phone WHERE name = :name")
    with open_clinic.medibook.engine.begin() as raw:
        raw.execute(change, {"phone": ADAS, "name": "Ada Abara"})
        raw.execute(change, {"phone": BENS, "name": "Ben Brandt"})
    return open_clinic


def hears(clinic, number, text, sid=""):
    clinic.notes["sid"] = clinic.notes.get("sid", 0) + 1
    clinic.perform(
        system("sms"),
        answers.hear_sms,
        number=number,
        text=text,
        provider_id=sid or f"test:{clinic.notes['sid']}",
    )


def replies(clinic, number):
    """What the number was answered, in order; each was promised as a message."""
    ours = [text for is_ours, text in said(clinic, number) if is_ours]
    promised = clinic.rows(
        "SELECT body FROM message WHERE channel = 'sms' AND \"to\" = :number AND kind LIKE 'sms-%'",
        number=number,
    )
    assert sorted(ours) == sorted(row.body for row in promised)
    return ours


def said(clinic, number):
    lines = clinic.rows(
        "SELECT sms_line.is_ours, sms_line.text FROM sms_line JOIN sms_conversation ON "
        "sms_conversation.id = conversation_id WHERE number = :number ORDER BY place",
        number=number,
    )
    return [(bool(line.is_ours), line.text) for line in lines]


def queue(clinic):
    return clinic.perform(clinic.gus, answers.conversations_waiting)


def test_c_confirms_the_one_visit_to_come_and_says_so(clinic):
    visit = clinic.books("Ada", "Dr Cho", NINE)
    hears(clinic, ADAS, "C")
    assert clinic.column("confirmed_at", visit) is not None
    assert replies(clinic, ADAS) == ["Thank you. We expect you: Wednesday 1 April, 09:00."]
    assert queue(clinic) == ()
    (row,) = clinic.rows(
        "SELECT role, actor_name, reason FROM audit_event WHERE action LIKE '%hear_sms'"
    )
    assert (row.role, row.actor_name) == ("system", "sms")
    assert row.reason.startswith("confirm by SMS")


def test_x_cancels_by_the_policy_in_the_patients_language(clinic):
    visit = clinic.books("Ben", "Dr Cho", NINE)
    hears(clinic, BENS, "Absagen")
    assert clinic.status(visit) == "cancelled"
    assert clinic.column("cancelled_by_patient", visit)
    (told,) = replies(clinic, BENS)
    assert "Mittwoch, 1. April, 09:00" in told
    assert "09:00" in clinic.free("Dr Cho", "2026-04-01")


def test_too_late_to_cancel_says_whom_to_call_and_tells_the_desk(clinic):
    visit = clinic.books("Ada", "Dr Cho", NINE)
    clinic.at("2026-03-31 20:00")
    hears(clinic, ADAS, "X")
    assert clinic.status(visit) == "booked"
    (told,) = replies(clinic, ADAS)
    assert "24 hours" in told
    assert "+44 20 7946 0100" in told
    assert [each.number for each in queue(clinic)] == [ADAS]


def test_of_two_visits_it_is_asked_which(clinic):
    first, second = clinic.books("Ada", "Dr Cho", NINE), clinic.books("Ada", "Dr Diaz", NEXT)
    hears(clinic, ADAS, "x")
    assert (clinic.status(first), clinic.status(second)) == ("booked", "booked")
    (asked,) = replies(clinic, ADAS)
    assert asked.splitlines() == [
        "Which visit do you mean?",
        "1: Wed 1 Apr, 09:00",
        "2: Thu 2 Apr, 09:00",
        "Answer with its number, such as X1.",
    ]
    hears(clinic, ADAS, "X2")
    assert (clinic.status(first), clinic.status(second)) == ("booked", "cancelled")
    hears(clinic, ADAS, "C")  # there is only one left
    assert clinic.column("confirmed_at", first) is not None


@pytest.mark.parametrize(
    ("asked", "answer", "cancelled", "confirmed"),
    [
        ("X", "2", [1], []),
        ("X", "x 1", [0], []),
        ("X", "C2", [], [1]),
        ("C", "2", [], [1]),
        ("C", "C 1", [], [0]),
        ("C", "X1", [0], []),
        ("X", "3", [], []),
        ("X", "0", [], []),
        ("X", "X", [], []),
        ("C1", "1", [], [0]),
    ],
)
def test_what_was_asked_is_answered_by_number(clinic, asked, answer, cancelled, confirmed):
    visits = [clinic.books("Ada", "Dr Cho", NINE), clinic.books("Ada", "Dr Diaz", NEXT)]
    for text in (asked, answer):
        hears(clinic, ADAS, text)
    assert [i for i, v in enumerate(visits) if clinic.status(v) == "cancelled"] == cancelled
    done = [i for i, v in enumerate(visits) if clinic.column("confirmed_at", v) is not None]
    assert done == confirmed


def test_a_question_is_forgotten_after_a_day_and_when_its_visit_has_moved(clinic):
    visits = [
        clinic.books("Ada", "Dr Cho", "2026-04-06 09:00"),
        clinic.books("Ada", "Dr Cho", "2026-04-07 09:00"),
    ]
    hears(clinic, ADAS, "X")
    clinic.moves("Ada", visits[0], "Dr Cho", "2026-04-08 09:00")
    hears(clinic, ADAS, "X1")  # it was another time that was read
    assert clinic.status(visits[0]) == "booked"
    hears(clinic, ADAS, "1")  # of the new question: now the other one comes first
    assert [clinic.status(visit) for visit in visits] == ["booked", "cancelled"]
    hears(clinic, ADAS, "C")
    clinic.books("Ada", "Dr Diaz", "2026-04-09 09:00")
    hears(clinic, ADAS, "X")
    clinic.later(hours=25)
    hears(clinic, ADAS, "1")
    assert clinic.status(visits[0]) == "booked"
    assert [each.number for each in queue(clinic)] == [ADAS]


def test_a_shared_number_is_asked_which_without_a_name(clinic):
    """A locked screen shows it to whoever passes by: no name, but the reference of each."""
    mia = clinic.perform(
        clinic.ada,
        people.add_dependant,
        new=NewDependant(name="Mia Abara", birth_date="2019-05-01", relation="child"),
    )
    wish = clinic.wish("Dr Cho", TEN)
    held = clinic.perform(clinic.ada, scheduling.hold_slot, wish=wish, for_patient=mia)
    childs, own = clinic.confirms("Ada", held), clinic.books("Ada", "Dr Cho", NINE)
    hears(clinic, ADAS, "C")
    (asked,) = replies(clinic, ADAS)
    assert f"1: Wed 1 Apr, 09:00 ({own.reference})" in asked
    assert f"2: Wed 1 Apr, 10:00 ({childs.reference})" in asked
    assert not {"Ada", "Mia", "Abara"} & set(asked.replace(",", " ").split())
    hears(clinic, ADAS, "2")
    assert clinic.column("confirmed_at", childs) is not None
    assert clinic.column("confirmed_at", own) is None


def test_two_people_without_a_family_who_share_a_number_are_told_apart_too(clinic):
    own = clinic.books("Ada", "Dr Cho", NINE)
    theirs = at_the_desk(clinic, TEN, phone=ADAS)
    hears(clinic, ADAS, "X")
    assert "2: Wed 1 Apr, 10:00 (" in replies(clinic, ADAS)[0]
    hears(clinic, ADAS, "X2")
    assert (clinic.status(own), clinic.status(theirs)) == ("booked", "cancelled")


def test_a_visit_of_another_number_is_never_touched(clinic):
    bens = clinic.books("Ben", "Dr Cho", NINE)
    hears(clinic, ADAS, "X")
    hears(clinic, NOBODYS, "X")
    hears(clinic, ADAS, f"X {bens.reference}")
    assert clinic.status(bens) == "booked"
    assert {each.number for each in queue(clinic)} == {ADAS, NOBODYS}


def test_a_suspended_account_answers_nothing_by_sms(clinic):
    visit = clinic.books("Ada", "Dr Cho", NINE)
    clinic.perform(clinic.eve, people.suspend_account, user_id=clinic.ada.user_id, reason="a test")
    hears(clinic, ADAS, "X")
    assert clinic.status(visit) == "booked"
    assert [[p.name for p in each.people] for each in queue(clinic)] == [["Ada Abara"]]


def test_a_no_to_something_else_cancels_no_visit(clinic):
    """To an offer of another time, or to what the desk has asked, "no" means no visit."""
    visit = clinic.books("Ada", "Dr Cho", NINE)
    offer = About(kind=waitlist.ABOUT_OFFER, about_id=uuid4(), patient_id=clinic.ada.patient_id)
    new = NewMessage(
        fact_id=uuid4(),
        kind="waitlist-offer",
        recipient_id=None,
        to="",
        subject="A time is free",
        body="A time is free",
        phone=ADAS,
        sms="A time is free and kept for you. Take it or not: …",
        topic=Topic.WAITLIST,
        about=offer,
    )
    with clinic.medibook._writers, clinic.medibook._transaction(WORKER, writes=True) as uow:
        notifications.tell(uow, new)
        uow.session.commit()
    hears(clinic, ADAS, "No thanks")
    assert clinic.status(visit) == "booked"


@pytest.mark.parametrize("asked", ["Cancelled?", "X?", "Cancel fee?", "2?"])
def test_a_question_cancels_nothing(clinic, asked):
    visit = clinic.books("Ada", "Dr Cho", NINE)
    hears(clinic, ADAS, asked)
    assert clinic.status(visit) == "booked"
    assert clinic.column("confirmed_at", visit) is None


def test_a_number_is_an_answer_once(clinic):
    first, second = clinic.books("Ada", "Dr Cho", NINE), clinic.books("Ada", "Dr Diaz", NEXT)
    hears(clinic, ADAS, "x")
    hears(clinic, ADAS, "X1")
    hears(clinic, ADAS, "2")
    assert (clinic.status(first), clinic.status(second)) == ("cancelled", "booked")


def test_what_is_unclear_is_answered_once_and_read_by_people(clinic):
    clinic.books("Ada", "Dr Cho", NINE)
    for text in ("I may be late", "sorry", "traffic"):
        hears(clinic, ADAS, text)
    assert replies(clinic, ADAS) == [
        "Thank you. Somebody at the clinic reads your message and answers."
    ]
    (each,) = queue(clinic)
    assert [line.text for line in each.lines if not line.is_ours] == [
        "I may be late",
        "sorry",
        "traffic",
    ]
    assert [(p.name, len(p.visits)) for p in each.people] == [("Ada Abara", 1)]


def test_an_unknown_number_is_read_by_people_and_answered_by_nobody_else(clinic):
    hears(clinic, NOBODYS, "C")
    assert replies(clinic, NOBODYS) == []
    (each,) = queue(clinic)
    assert (each.number, each.people) == (NOBODYS, ())


def test_stop_ends_everything_to_the_number_and_start_begins_it_again(clinic):
    clinic.books("Ada", "Dr Cho", NINE)
    for text in ("STOP", "stop"):
        hears(clinic, ADAS, text)
    assert clinic.rows("SELECT channel, address FROM opt_out") == [("sms", ADAS)]
    assert replies(clinic, ADAS) == []
    hears(clinic, ADAS, "START")
    assert clinic.rows("SELECT address FROM opt_out") == []


def test_the_same_message_twice_is_heard_once_also_at_once(clinic):
    clinic.books("Ada", "Dr Cho", NINE)
    at_once(*[lambda: hears(clinic, ADAS, "hello", sid="twilio:SM1")] * 6)
    hears(clinic, ADAS, "hello", sid="twilio:SM1")
    assert [text for ours, text in said(clinic, ADAS) if not ours] == ["hello"]
    assert len(replies(clinic, ADAS)) == 1


def test_two_answers_at_once_are_heard_one_after_the_other(clinic):
    visit = clinic.books("Ada", "Dr Cho", NINE)
    answered = at_once(*[lambda t=t: hears(clinic, ADAS, t, sid=f"test:{t}") for t in ("C", "X")])
    assert answered == [None, None]
    assert clinic.status(visit) == "cancelled"
    assert len(said(clinic, ADAS)) >= 3


def test_a_machine_that_answers_our_answers_is_left_to_people(clinic):
    clinic.books("Ada", "Dr Cho", NINE)
    for _ in range(14):
        hears(clinic, ADAS, "C")
    assert len(replies(clinic, ADAS)) == 10
    assert [each.number for each in queue(clinic)] == [ADAS]


def test_what_is_sent_is_kept_as_plain_text(clinic):
    nasty = (
        "<script>alert(1)</script>\x00\u202e\r\nBcc: all@example.org {{7*7}} ' OR 1=1 --"
        + "a" * 5000
    )
    hears(clinic, ADAS, nasty)
    ((_, kept), *_rest) = said(clinic, ADAS)
    assert len(kept) <= 1000
    assert "\n" not in kept
    assert "\x00" not in kept
    assert kept.startswith("<script>alert(1)</script>")


# ── the front desk ──────────────────────────────────────────────────────────────────────────────


def test_the_desk_answers_and_puts_away_what_it_has_read(clinic):
    hears(clinic, ADAS, "May I bring my dog?")
    (each,) = queue(clinic)
    said_of = {"conversation_id": each.conversation_id, "version": each.version}
    with pytest.raises(Forbidden):
        clinic.perform(clinic.ada, answers.answer_conversation, text="yes", **said_of)
    for text in ("", "a" * 500):
        with pytest.raises(Invalid):
            clinic.perform(clinic.gus, answers.answer_conversation, text=text, **said_of)
    clinic.perform(clinic.gus, answers.answer_conversation, text="Yes, please do.", **said_of)
    assert replies(clinic, ADAS)[-1] == "Yes, please do."
    with clinic.medibook.engine.begin() as raw:
        kind = (
            "UPDATE message SET state = 'expired', problem = 'too late to be of use' WHERE kind = "
        )
        raw.exec_driver_sql(kind + "'sms-desk'")
    (now,) = queue(clinic)
    fates = [(line.state, line.problem) for line in now.lines]
    assert fates[0] == (None, ""), "theirs"
    assert fates[-1] == (MessageState.EXPIRED, "too late to be of use"), "nobody waits in vain"
    shown = talk(translator("de"), now, clinic.clock.now()).said[-1]
    assert shown.problem.startswith("Es wäre zu spät gekommen.")
    hears(clinic, ADAS, "And a cat?")
    (now,) = queue(clinic)
    with pytest.raises(Conflict):  # what was said meanwhile has not been read
        clinic.perform(clinic.gus, answers.close_conversation, **said_of)
    for _ in range(2):
        clinic.perform(
            clinic.gus,
            answers.close_conversation,
            conversation_id=now.conversation_id,
            version=now.version,
        )
    assert queue(clinic) == ()
    hears(clinic, ADAS, "hello?")
    assert len(queue(clinic)) == 1


def test_the_desk_is_not_let_write_to_who_has_said_stop(clinic):
    hears(clinic, ADAS, "what is this")
    hears(clinic, ADAS, "STOP")
    (each,) = queue(clinic)
    assert each.has_stopped
    with pytest.raises(Invalid):
        clinic.perform(
            clinic.gus,
            answers.answer_conversation,
            conversation_id=each.conversation_id,
            version=each.version,
            text="sorry",
        )


def test_a_conversation_that_there_is_not_is_not_found(clinic):
    with pytest.raises(NotFound):
        clinic.perform(
            clinic.gus,
            answers.close_conversation,
            conversation_id=clinic.ada.user_id,
            version=1,
        )


# ── the doors ───────────────────────────────────────────────────────────────────────────────────

TWILIO = {
    "twilio_account_sid": "AC1",
    "twilio_auth_token": "sesame",
    "twilio_from": "+442079460999",
}
ORIGIN = "https://clinic.example"


@pytest.fixture
def by_twilio(clinic):
    clinic.medibook.settings = Settings(env=Env.TEST, base_url=ORIGIN, **TWILIO)
    return clinic


def twilio(form, *, url=f"{ORIGIN}/api/sms/twilio", token="sesame", **headers):
    signed = RequestValidator(token).compute_signature(url, form)
    sent = {"x-twilio-signature": signed, "host": "evil.example"} | headers
    return knock("POST", "/api/sms/twilio", data=form, headers=sent)


def test_twilio_is_heard_when_it_is_signed_for_our_address(by_twilio):
    visit = by_twilio.books("Ada", "Dr Cho", NINE)
    form = {"From": ADAS, "Body": "C", "MessageSid": "SM1"}
    answers_ = [twilio(form) for _ in range(2)]
    assert [(a.status_code, a.headers["content-type"]) for a in answers_] == [
        (200, "text/xml; charset=utf-8")
    ] * 2
    assert by_twilio.column("confirmed_at", visit) is not None
    assert [text for ours, text in said(by_twilio, ADAS) if not ours] == ["C"]
    assert twilio({**form, "MessageSid": "SM2", "Body": "hush", "OptOutType": "STOP"}).is_success
    assert len(by_twilio.rows("SELECT address FROM opt_out")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": "guess"},
        {"url": "https://evil.example/api/sms/twilio"},
        {"x-twilio-signature": ""},
        {"x-twilio-signature": "é"},
    ],
)
def test_twilio_is_not_heard_otherwise(by_twilio, wrong):
    visit = by_twilio.books("Ada", "Dr Cho", NINE)
    form = {"From": ADAS, "Body": "X", "MessageSid": "SM1"}
    headers = {k: v.encode() if k.startswith("x-") else v for k, v in wrong.items()}
    assert twilio(form, **headers).status_code == 403
    altered = RequestValidator("sesame").compute_signature(f"{ORIGIN}/api/sms/twilio", form)
    other = knock(
        "POST",
        "/api/sms/twilio",
        data={**form, "From": BENS},
        headers={"x-twilio-signature": altered},
    )
    assert other.status_code == 403
    assert by_twilio.status(visit) == "booked"
    assert said(by_twilio, ADAS) == []


def gateway(body, token="sesame", kind="Bearer"):
    headers = {"authorization": f"{kind} {token}"} if token is not None else {}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return knock("POST", "/api/sms/gateway", content=content, headers=headers)


def test_a_gateway_is_heard_by_its_token_alone(clinic):
    message = {"id": "1", "from": ADAS, "text": "hello"}
    assert gateway(message).status_code == 403  # none is agreed: shut, not open
    assert gateway(message, token="").status_code == 403
    clinic.medibook.settings = Settings(
        env=Env.TEST, sms_gateway_url="https://sms.example", sms_gateway_token="sesame"
    )
    for token, kind in ((None, ""), ("", "Bearer"), ("guess", "Bearer"), ("sesame", "Basic")):
        assert gateway(message, token, kind).status_code == 403
    assert said(clinic, ADAS) == []
    assert [gateway(message).status_code for _ in range(2)] == [204, 204]
    assert [text for ours, text in said(clinic, ADAS) if not ours] == ["hello"]
    for body in (
        b"",
        b"[]",
        b"{" * 9000,
        {"id": "", "from": ADAS, "text": ""},
        {"id": 1, "from": ADAS, "text": "x"},
    ):
        assert gateway(body).status_code == 422
    assert gateway(b"a" * 20_000).status_code == 413
    assert isinstance(gateway({"id": "2", "from": "MediBook", "text": "X"}), httpx.Response)
    assert clinic.rows("SELECT count(*) FROM sms_conversation") == [(1,)]
