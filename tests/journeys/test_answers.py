"""Answering without signing in: a link without scripts, a mail scanner, and an SMS that the desk sees."""

import re
import sqlite3
from contextlib import closing
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import (
    LIVE_SECONDS,
    board,
    book,
    changeable_times,
    opened,
    shoot,
    sign_in,
    sign_in_as_a,
    within,
)
from tests.support.browser import SMS_TOKEN, axe

_LINK = re.compile(r"https?://[^/\s]+(/a/[\w-]+)")


def ask(served, statement, *values):
    with closing(sqlite3.connect(served.data_dir / "medibook.db")) as rows:
        return rows.execute(statement, values).fetchall()


@pytest.fixture
def booked(visitor, served, somebody):
    """Somebody has booked; where their visit is, and the link that they were sent."""
    who = somebody()
    page = opened(sign_in(visitor(), who), "/doctor/?id=tan-wei-lin")
    assert board(page)
    chosen = changeable_times(page)[0]
    book(page, chosen)
    visit = page.url
    for _ in range(60):
        told = ask(
            served,
            "SELECT body FROM message WHERE kind = 'visit-booked' AND channel = 'email' AND \"to\" LIKE ? "
            "ORDER BY created_at DESC LIMIT 1",
            f"{who}@%",
        )
        if told and _LINK.search(told[0][0]):
            return who, visit, chosen, _LINK.search(told[0][0])[1]
        page.wait_for_timeout(500)
    raise AssertionError("the message has not come")


def test_a_visit_is_cancelled_by_the_link_without_any_script(visitor, served, booked):
    _, _, chosen, link = booked
    plain = visitor(java_script_enabled=False, viewport={"width": 360, "height": 740})
    plain.goto(f"{link}?lang=en")  # whoever has booked may read another language
    expect(plain.get_by_role("heading", level=1)).to_have_text("Will you come?")
    expect(plain.get_by_role("main")).to_contain_text(chosen.label)
    shoot(plain, "answer")
    for _ in range(3):  # a scanner looks again and again
        assert plain.request.get(link).ok
        assert plain.request.fetch(f"{link}/cancel", method="HEAD").ok
    plain.get_by_role("link", name="Cancel the visit…").click()
    plain.get_by_role("button", name="Yes, cancel it").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("This visit is cancelled")
    expect(plain.get_by_role("status")).to_contain_text("You have cancelled it")
    shoot(plain, "answer-cancelled")
    token = link.rpartition("/")[2]
    assert token not in served.log.read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_behind_a_link_are_for_everybody(visitor, booked, scheme):
    link = booked[3]
    page = visitor(color_scheme=scheme, viewport={"width": 360, "height": 740})
    for path in (link, f"{link}?lang=de", f"{link}/move", f"{link}/cancel"):
        page.goto(path)
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def bring(page, number, text, message_id):
    """The clinic's gateway brings an SMS."""
    return page.request.post(
        "/api/sms/gateway",
        data={"id": message_id, "from": number, "text": text},
        headers={"Authorization": f"Bearer {SMS_TOKEN}"},
    )


def said_last(served, number):
    rows = ask(
        served,
        "SELECT text FROM sms_line JOIN sms_conversation ON sms_conversation.id = conversation_id "
        "WHERE number = ? AND is_ours ORDER BY place DESC LIMIT 1",
        number,
    )
    return rows[0][0] if rows else ""


def test_an_sms_says_that_they_will_come_and_the_doctor_and_the_desk_see_it(
    visitor, served, booked
):
    who, _, chosen, _ = booked
    ((name, number),) = ask(
        served,
        "SELECT patient.name, patient.phone FROM patient JOIN user_account ON user_account.id = user_id "
        "WHERE user_account.email LIKE ?",
        f"{who}@%",
    )
    doctor = opened(sign_in(visitor(), "tan-wei-lin"), f"/day/?on={chosen.day()}")
    row = doctor.get_by_role("article").filter(has_text=name)
    expect(row).to_contain_text(chosen.label)
    key = uuid4().hex
    assert bring(doctor, number, "C", key).ok
    if "?" in said_last(served, number):  # they have other visits too
        numbered = said_last(served, number).splitlines()[1:-1]
        mine = next(line for line in numbered if line.endswith(chosen.label))
        assert bring(doctor, number, f"C{mine[0]}", f"{key}-2").ok
    within(LIVE_SECONDS, "the doctor's day says that they will come", row.get_by_text("Will come"))
    assert chosen.label in said_last(served, number)
    shoot(doctor, "will-come")


def test_an_unclear_sms_reaches_the_desk_live_and_is_put_away(visitor, served):
    desk = opened(sign_in_as_a("staff", visitor()), "/desk/messages/")
    question = f"May I bring <b>my</b> dog {uuid4().hex[:6]}?"
    message = {"id": uuid4().hex, "from": "+442079460777", "text": question}
    assert desk.request.post("/api/sms/gateway", data=message).status == 403
    assert bring(desk, "+442079460777", question, uuid4().hex).ok
    talk = desk.get_by_text(question)
    within(LIVE_SECONDS, "the desk reads it", talk)
    assert axe(desk) == []
    shoot(desk, "answers-by-sms")
    desk.get_by_label("Reply by SMS").last.fill("Yes, please do.")
    desk.get_by_role("button", name="Send the reply").last.click()
    expect(desk.get_by_role("main")).to_contain_text("Yes, please do.")
    desk.get_by_role("button", name=re.compile("Mark as done")).last.click()
    expect(talk).to_have_count(0)
