"""From the desk's day to the list of calls, page by page, without a browser."""

import pytest

from medibook.absences.jobs import see_to_absences
from medibook.absences.pages.absence import Absence
from tests.absences.support import WEDNESDAY, post
from tests.support.pages import cookie, visit

PAGE = "/desk/absence"
LOAD = {PAGE: [Absence.load]}


async def plan(stage, clinic, who="gus@example.org", query=""):
    tab = stage.tab(cookie=cookie(clinic, who))
    await tab.opens(f"{PAGE}?{query or f'whose={clinic.cho.practitioner_id}&first={WEDNESDAY}'}")
    return tab


def test_two_clicks_from_the_day_to_a_running_plan_and_its_list_of_calls(booked):
    async def story(stage):
        tab = await plan(stage, booked)
        assert await tab.sees(Absence, "affected") == "2 patients"
        first = (await tab.sees(Absence, "proposals"))[0]
        assert (first.patient, first.reach, len(first.choices)) == ("Ada Abara", "E-mail, SMS", 3)
        assert booked.rows("SELECT id FROM absence_plan") == []
        await tab.fires(Absence.start)
        ((plan_id,),) = booked.rows("SELECT id FROM absence_plan")
        booked.later(minutes=3)
        post(booked)
        await tab.opens(f"{PAGE}?plan={plan_id}")
        ada, ben = await tab.sees(Absence, "lines")
        assert (ada.state, ada.told, ada.must_call) == ("Waits for an answer", "Knows", False)
        await tab.fires(Absence.take, key=ada.key, choice=ada.choices[0].key)
        assert await tab.sees(Absence, "may_undo") is False
        booked.later(hours=25)
        see_to_absences(booked.medibook)
        tab = await plan(stage, booked, query=f"plan={plan_id}")  # signed in anew, a day later
        first, *_ = await tab.sees(Absence, "lines")
        assert (first.patient, first.state) == ("Ben Brandt", "To be called")
        assert first.phone_href.startswith("tel:+44")
        await tab.fires(Absence.reach, key=ben.key, reached=True)
        called = (await tab.sees(Absence, "lines"))[0]
        assert called.is_reached
        assert called.reached == "Gus Grau has spoken to them: Tue 31 Mar, 10:03"
        await tab.fires(Absence.decline, key=ben.key)
        assert await tab.sees(Absence, "answered") == 2

    visit(booked, story, LOAD)


def test_i_am_ill_is_about_oneself_whatever_the_address_says(booked):
    async def story(stage):
        query = f"whose={booked.diaz.practitioner_id}&first={WEDNESDAY}"
        tab = await plan(stage, booked, "cho@example.org", query)
        assert await tab.sees(Absence, "title") == "Dr Mina Cho"
        await tab.fires(Absence.start)
        assert len(booked.rows("SELECT id FROM absence_case")) == 2

    visit(booked, story, LOAD)


def test_undo_says_so_and_the_board_shows_it(booked):
    async def story(stage):
        tab = await plan(stage, booked)
        await tab.fires(Absence.start)
        ((plan_id,),) = booked.rows("SELECT id FROM absence_plan")
        await tab.opens(f"{PAGE}?plan={plan_id}")
        await tab.fires(Absence.undo)
        assert await tab.sees(Absence, "undone") == (
            "This plan was taken back: every visit stays as it was. (Mon 30 Mar, 09:00)"
        )
        assert {line.state for line in await tab.sees(Absence, "lines")} == {"Stays as it was"}

    visit(booked, story, LOAD)


@pytest.mark.parametrize(
    "query", ["first=soon", "first=2026-04-01&from=ten", "first=2026-04-01&last=x"]
)
def test_what_cannot_be_read_is_said_at_its_field(booked, query):
    async def story(stage):
        tab = await plan(stage, booked, query=f"whose={booked.cho.practitioner_id}&{query}")
        assert await tab.sees(Absence, "problems")
        assert booked.rows("SELECT id FROM absence_plan") == []

    visit(booked, story, LOAD)


def test_an_admin_looks_and_changes_nothing(booked):
    async def story(stage):
        tab = await plan(stage, booked, "eve@example.org")
        assert await tab.sees(Absence, "stage") == "choose"
        assert await tab.sees(Absence, "may_act") is False

    visit(booked, story, LOAD)
