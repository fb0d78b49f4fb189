"""The pages of follow-ups: what is typed is checked, and how one stands is told as it is."""

import pytest

from medibook.appointments.pages import visits
from medibook.reminders.pages.follow_up import NextVisit
from medibook.reminders.pages.mine import MyNextVisits, my_next_visits
from medibook.ui.i18n import translator
from medibook.ui.shell import PAGES
from tests.reminders.test_follow_ups import seen
from tests.support.pages import cookie, visit

__all__ = ["seen"]


def at_desk(clinic, story):
    """Let a story happen at the front desk's own tab, on the page after Ada's visit."""

    async def told(stage):
        tab = stage.tab(cookie=cookie(clinic, "gus@example.org"))
        await tab.opens(f"/follow-up?visit={clinic.visit.appointment_id}")
        await story(tab)

    visit(clinic, told, {"/follow-up": [NextVisit.load]})


@pytest.mark.parametrize("typed", ["", "0", "25", "-3", "six", "²", "٣"])
def test_a_number_that_gives_no_day_plans_nothing_and_says_so(seen, typed):
    async def story(tab):
        form = {"number": typed, "span": "months", "service": str(seen.service("Dr Cho"))}
        await tab.fires(NextVisit.plan, form_data=form)
        assert await tab.sees(NextVisit, "said") == ""
        problems = await tab.sees(NextVisit, "problems")
        assert problems["number"] == "Say a number from 1 on; two years at most."

    at_desk(seen, story)
    assert seen.rows("SELECT count(*) FROM follow_up") == [(1,)]


def test_what_another_room_shows_stands_among_a_patients_visits(monkeypatch):
    (shown,) = (page for page in PAGES if page.path == "/visits")
    assert shown.on_load is visits._LOADS
    monkeypatch.setattr(visits, "_LOADS", [])
    monkeypatch.setattr(visits, "_SECTIONS", [])
    assert "Your next visit" not in str(visits.visits(translator("en")).render())
    visits.also_show(my_next_visits, MyNextVisits.load)
    assert "Your next visit" in str(visits.visits(translator("en")).render())
    assert [MyNextVisits.load] == visits._LOADS
