"""While a patient has yet to answer: no reminder of the old visit, no "we expect you"."""

import pytest
import sqlalchemy as sa

from medibook.absences import rules
from medibook.answers import service as answers
from medibook.appointments import service as appointments
from medibook.kernel.actor import system
from medibook.reminders.jobs import write_due_reminders
from tests.absences.support import WEDNESDAY, board, case_of, post, start, undo
from tests.support.answers import forms, knock, links_to, press, send

ADA, PHONE = "ada@example.org", "+442079460201"


@pytest.fixture
def engine_name():
    """Nothing here depends on the engine."""
    return "sqlite"


@pytest.fixture
def visit(house):
    """Ada's Wednesday at nine; its first reminder is written."""
    with house.medibook.engine.begin() as raw:
        change = sa.text("UPDATE patient SET phone = :phone WHERE name = 'Ada Abara'")
        raw.execute(change, {"phone": PHONE})
    booked = house.books("Ada", "Dr Cho", f"{WEDNESDAY} 09:00")
    post(house)
    house.at("2026-03-31 07:00")
    write_due_reminders(house.medibook)
    return booked


def reminders(clinic):
    rows = clinic.rows(
        "SELECT state, problem FROM message WHERE kind = 'reminder' AND channel = 'email'"
    )
    return [tuple(row) for row in rows]


def test_nobody_is_reminded_meanwhile_and_after_it_was_undone_still_in_time(house, visit):
    plan = start(house)
    house.at("2026-03-31 08:01")
    post(house)
    waits = "the doctor is away, and the patient has yet to answer"
    assert reminders(house) == [("retry", waits)]
    undo(house, plan)
    house.later(minutes=6)
    post(house)
    assert [state for state, _ in reminders(house)] == ["accepted"]


def test_a_reminder_that_waits_too_long_is_dropped(house, visit):
    start(house)
    house.at("2026-03-31 08:01")
    post(house)
    house.at("2026-04-01 05:30")
    post(house)
    assert reminders(house)[0] == ("expired", "too late to be of use")


def test_nobody_confirms_what_cannot_be_and_the_link_offers_the_other_times(house, visit):
    link = links_to(house, ADA)[0]
    (yes,) = [form for form in forms(knock("GET", link)) if form[0].endswith("/confirm")]
    plan = start(house)
    page = knock("GET", link)
    assert "The clinic is finding you another time" in page.text
    assert "/confirm" not in page.text
    assert page.text.count("/take") == 3
    assert send(yes).status_code == 409
    with pytest.raises(rules.PractitionerAway):
        house.perform(
            house.ada,
            appointments.confirm_appointment,
            appointment_id=visit.appointment_id,
            starts_at=visit.starts_at,
        )
    assert press(link, "take").status_code == 303
    assert case_of(house, board(house, plan.plan_id), "Ada Abara").state == "taken"
    assert "Will you come?" in knock("GET", link).text


def test_a_yes_by_sms_is_answered_with_the_other_times(house, visit):
    start(house)
    heard = {"number": PHONE, "text": "C", "provider_id": "test:1"}
    house.perform(system("sms"), answers.hear_sms, **heard)
    (reply,) = house.rows("SELECT body, about_kind FROM message WHERE kind = 'sms-answer'")
    assert "cannot take place. Other times: " in reply.body
    assert reply.about_kind == "absence-case"
    link = reply.body.split()[-1]
    assert knock("GET", link).text.count("/take") == 3


def test_the_ledger_of_the_visit_shows_what_was_told_of_the_absence(house, visit):
    start(house)
    _, lines = house.perform(
        house.gus, appointments.messages_of_visit, appointment_id=visit.appointment_id
    )
    assert {"visit-booked", "reminder", "absence-offer"} <= {line.kind for line in lines}
