"""The link in the message of a doctor who is away: one of the other times with one press, or none."""

import pytest

from medibook.absences import service as absences
from medibook.wiring import IN_TRANSACTION
from tests.absences.support import WEDNESDAY, board, post, start, undo, wired
from tests.support.answers import knock, links_to, press

ADA = "ada@example.org"


@pytest.fixture
def away(open_clinic):
    """Ada has the message; its link is the newest."""
    clinic = wired(open_clinic)
    assert clinic.medibook.in_transaction is IN_TRANSACTION
    clinic.notes["ada"] = clinic.books("Ada", "Dr Cho", f"{WEDNESDAY} 09:00")
    clinic.work_off()
    clinic.notes["plan"] = start(clinic)
    clinic.later(minutes=3)
    post(clinic)
    (said,) = [mail for mail in clinic.mail_to(ADA) if mail.kind == "absence-offer"]
    clinic.notes["link"] = next(link for link in links_to(clinic, ADA) if link in said.body)
    return clinic


def case(clinic):
    (line,) = board(clinic, clinic.notes["plan"].plan_id).lines
    return line.case


def test_the_link_offers_the_times_that_are_kept_and_says_how_they_differ(away):
    page = knock("GET", away.notes["link"])
    assert page.status_code == 200
    assert page.text.count("/take") == 3
    assert "with a colleague" in page.text
    assert "Diaz" not in page.text
    assert case(away).state == "waiting", "looking changes nothing"


def test_one_press_takes_a_time_and_the_page_says_so(away):
    assert press(away.notes["link"], "take").status_code == 303
    assert "Your visit is booked" in knock("GET", away.notes["link"]).text
    assert case(away).state == "taken"
    assert "/take" not in knock("GET", away.notes["link"]).text


def test_none_of_them_cancels_the_visit(away):
    assert press(away.notes["link"], "decline").status_code == 303
    assert "This visit is cancelled" in knock("GET", away.notes["link"]).text
    assert away.status(away.notes["ada"]) == "cancelled"


def test_after_the_plan_was_taken_back_the_link_shows_the_visit_as_it_is(away):
    undo(away, away.notes["plan"])
    page = knock("GET", away.notes["link"])
    assert "Your visit is booked" in page.text
    assert "/take" not in page.text


def test_without_a_time_that_is_kept_one_will_be_called(away):
    away.later(hours=24, minutes=1)
    for due in away.perform(away.who("the system"), absences.cases_due):
        away.perform(away.who("the system"), absences.see_to_case, case_id=due)
    page = knock("GET", away.notes["link"])
    assert "We will call you" in page.text
