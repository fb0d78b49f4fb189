"""A freed time is taken, or not, by the link in the message; and the list is left by it."""

import pytest

from tests.support.answers import forms, knock, links_to, press, send, snapshot
from tests.waitlist.test_promotion import free_it

ADA, BEN = "ada@example.org", "ben@example.org"


@pytest.fixture
def asked(full):
    """Ada and Ben wait, and Ada is asked."""
    full.waits("Ada")
    full.waits("Ben")
    free_it(full)
    full.work_off()
    return full, links_to(full, ADA)[0]


def test_one_tap_takes_the_offered_time(asked):
    clinic, link = asked
    page = knock("GET", link)
    assert "A time has become free" in page.text
    assert "Please answer by" in page.text
    accept = next(form for form in forms(page) if form[0].endswith("/take"))
    answers = [send(accept) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "This time is yours" in knock("GET", answers[0].headers["location"]).text
    assert clinic.states("waitlist_offer") == ["accepted"]
    assert clinic.violations() == []


def test_declining_asks_the_next_and_keeps_the_place(asked):
    clinic, link = asked
    answer = press(link, "decline")
    page = knock("GET", answer.headers["location"])
    assert "You keep your place on the waiting list" in page.text
    assert sorted(clinic.states("waitlist_offer")) == ["declined", "open"]
    clinic.work_off()
    assert "A time has become free" in knock("GET", f"{links_to(clinic, BEN)[0]}?lang=en").text


def test_an_offer_that_has_lapsed_says_where_it_went(asked):
    clinic, link = asked
    accept = next(form for form in forms(knock("GET", link)) if form[0].endswith("/take"))
    clinic.later(hours=2)
    assert "no longer kept for you" in knock("GET", link).text
    late = send(accept)
    assert late.status_code == 409
    assert "no longer kept for you" in late.text
    assert clinic.rows("SELECT id FROM appointment WHERE status = 'booked'") == []


def test_the_list_is_left_by_the_link(asked):
    clinic, link = asked
    answer = press(link, "leave")
    assert "no longer on the waiting list" in knock("GET", answer.headers["location"]).text
    assert sorted(clinic.states("waitlist_entry")) == ["left", "waiting"]


def test_looking_at_an_offer_changes_nothing_and_anothers_offer_is_nobodys(asked):
    clinic, link = asked
    before = snapshot(clinic)
    for path in (link, f"{link}/take", f"{link}/decline", f"{link}/leave", f"{link}/move"):
        for method in ("GET", "HEAD"):
            assert knock(method, path).status_code in (200, 303)
    assert snapshot(clinic) == before
    for action in ("confirm", "cancel", "move"):
        assert send((f"{link}/{action}", {})).status_code == 404
