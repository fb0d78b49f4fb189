"""The inbox and the patient's answer, page by page, without a browser."""

import pytest

from medibook.appointments import service
from medibook.appointments.pages.request_views import start_key
from medibook.appointments.pages.requests import Requests
from medibook.appointments.pages.visit import Visit
from medibook.appointments.pages.visits import Visits
from tests.support.pages import cookie, visit

DAY = "2026-04-01"
NINE, TEN, ELEVEN = (f"{DAY} {hour}:00" for hour in ("09", "10", "11"))


@pytest.fixture
def asked(open_clinic):
    """Ada has asked Dr Cho for Wednesday at nine."""
    open_clinic.is_asked("Dr Cho")
    open_clinic.notes["visit"] = open_clinic.books("Ada", "Dr Cho", NINE)
    return open_clinic


async def sees_inbox(stage, clinic):
    tab = stage.tab(cookie=cookie(clinic, "cho@example.org"))
    await tab.opens("/requests")
    return tab, (await tab.sees(Requests, "requests"))[0].key


def test_three_times_are_chosen_on_the_board_or_typed_and_a_fourth_is_not(asked):
    async def story(stage):
        tab, key = await sees_inbox(stage, asked)
        await tab.fires(Requests.open_offer, key=key)
        (first, *_) = await tab.sees(Requests, "board")
        assert [chip.label for chip in first.chips][:3] == ["09:00", "09:20", "09:40"]
        for wall in (TEN, ELEVEN, NINE, f"{DAY} 14:00"):
            await tab.fires(Requests.toggle, start=start_key(asked.moment(wall)))
        labels = [one.label for one in await tab.sees(Requests, "chosen")]
        assert [label[-5:] for label in labels] == ["09:00", "10:00", "11:00"]
        await tab.fires(Requests.toggle, start=start_key(asked.moment(NINE)))
        await tab.fires(Requests.add_typed, form_data={"day": DAY, "time": "03:00"})
        assert await tab.sees(Requests, "typed_problem") == "Outside the opening hours."
        await tab.fires(Requests.add_typed, form_data={"day": "soon", "time": "10"})
        assert await tab.sees(Requests, "typed_problem") == "Please enter a date and a time."
        await tab.fires(Requests.add_typed, form_data={"day": DAY, "time": "14:03"})
        assert await tab.sees(Requests, "full") is True
        await tab.fires(Requests.offer, form_data={"request": key, "note": "In theatre"})
        assert await tab.sees(Requests, "requests") == []
        assert "14:03" in (await tab.sees(Requests, "offered"))[0].times

    visit(asked, story, {"/requests": [Requests.load]})


def test_who_comes_second_hears_who_has_answered(asked):
    async def story(stage):
        tab, key = await sees_inbox(stage, asked)
        asked.perform(
            asked.gus, service.offer_other_times,
            appointment_id=asked.notes["visit"].appointment_id,
            times=[asked.moment(TEN)], version=1,
        )  # fmt: skip
        await tab.fires(Requests.accept, key=key)
        assert await tab.sees(Requests, "problem") == "Gus Grau has already answered this request."
        assert await tab.sees(Requests, "requests") == []

    visit(asked, story, {"/requests": [Requests.load]})


def test_a_time_that_somebody_takes_meanwhile_is_said_and_nothing_is_offered(asked):
    async def story(stage):
        tab, key = await sees_inbox(stage, asked)
        await tab.fires(Requests.open_offer, key=key)
        await tab.fires(Requests.toggle, start=start_key(asked.moment(TEN)))
        asked.books("Ben", "Dr Cho", TEN)
        await tab.fires(Requests.offer, form_data={"request": key})
        assert "Nothing was offered" in await tab.sees(Requests, "problem")
        assert asked.status(asked.notes["visit"]) == "pending"

    visit(asked, story, {"/requests": [Requests.load]})


@pytest.mark.parametrize("page", [Visit, Visits])
def test_the_patient_takes_a_time_with_one_tap_and_another_tab_is_told(asked, page):
    offered = asked.perform(
        asked.cho, service.offer_other_times,
        appointment_id=asked.notes["visit"].appointment_id,
        times=[asked.moment(TEN), asked.moment(ELEVEN)], version=1,
    )  # fmt: skip
    path = f"/visit?id={offered.appointment_id}" if page is Visit else "/visits"

    async def shown(tab):
        if page is Visit:
            return await tab.sees(Visit, "visit")
        return (await tab.sees(Visits, "upcoming"))[0]

    async def story(stage):
        tab, other = (stage.tab(cookie=cookie(asked, "ada@example.org")) for _ in range(2))
        await tab.opens(path)
        await other.opens(path)
        view = await shown(tab)
        assert view.offers_said.title == "The doctor offers 2 other times"
        assert "09:00" in view.when, "it is known by the time that was asked for"
        first, second = view.offers
        await tab.fires(page.take, key=view.key, offer=first.key)
        assert (await shown(tab)).status == "booked"
        assert "10:00" in (await shown(tab)).when
        await other.fires(page.take, key=view.key, offer=second.key)
        assert "Nothing has changed" in await other.sees(page, "problem")
        assert (await shown(other)).status == "booked"

    visit(asked, story, {path.split("?")[0]: [page.load]})
