"""The page of the calendar without a browser: what it draws, asks, refuses and undoes."""

from datetime import date

import pytest

from medibook.appointments.pages.calendar_block import Blocking
from medibook.appointments.pages.calendar_items import View, days_of, hidden_days, title_of
from medibook.appointments.pages.calendar_state import Calendar
from medibook.appointments.schemas import CalendarPage
from medibook.ui.i18n import translator
from tests.support.pages import cookie, visit
from tests.support.visits import change_service

NINE, TEN = "2026-04-01 09:00", "2026-04-01 10:00"
PAGES = {"/calendar": [Calendar.load], "/de/calendar": [Calendar.load]}
WEEK = "/calendar?view=week&on=2026-04-01"


def drawn(items, key):
    return next(item for item in items if item["id"] == key)


def dropped(clinic, booked, wall, minutes=20):
    """What the browser says of a drop."""
    start = clinic.moment(wall)
    end = start.timestamp() + minutes * 60
    later = type(start).fromtimestamp(end, start.tzinfo)
    key = str(booked.appointment_id)
    return {"key": key, "start": start.isoformat(), "end": later.isoformat()}


def test_a_drop_is_asked_about_moved_and_undone(open_clinic):
    booked = open_clinic.books("Ada", "Dr Cho", NINE)
    key = str(booked.appointment_id)

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "cho@example.org"))
        await tab.opens(WEEK)
        assert await tab.sees(Calendar, "title") == "Mon 30 Mar – Fri 3 Apr 2026"
        await tab.fires(Calendar.propose, **dropped(open_clinic, booked, TEN))
        question = await tab.sees(Calendar, "question")
        assert question.title == "Move Ada Abara to Wednesday 1 April, 10:00?"
        assert question.telling == "They will be told by e-mail."
        assert "visit--asked" in drawn(await tab.sees(Calendar, "items"), key)["className"]
        await tab.fires(Calendar.go_ahead)
        assert await tab.sees(Calendar, "said") == "Moved. We are writing to Ada Abara."
        assert await tab.sees(Calendar, "may_undo")
        await tab.fires(Calendar.undo)
        assert "at the old time again" in await tab.sees(Calendar, "said")
        start = drawn(await tab.sees(Calendar, "items"), key)["start"]
        assert start == booked.starts_at.isoformat()
        await tab.fires(Calendar.undo)  # pressed twice: nothing is undone twice

    visit(open_clinic, story, PAGES)
    assert open_clinic.column("version", booked) == 3


def test_a_clash_is_drawn_back_and_says_why(open_clinic):
    booked = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.books("Ben", "Dr Cho", TEN)
    key = str(booked.appointment_id)

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "cho@example.org"))
        await tab.opens(WEEK)
        before = drawn(await tab.sees(Calendar, "items"), key)
        await tab.fires(Calendar.propose, **dropped(open_clinic, booked, TEN))
        assert not await tab.sees(Calendar, "asking")
        assert (await tab.sees(Calendar, "problem")).startswith("Not possible on Wed 1 Apr, 10:00.")
        after = drawn(await tab.sees(Calendar, "items"), key)
        assert after["start"] == before["start"]
        assert after != before, "FullCalendar draws anew only what is new"

    visit(open_clinic, story, PAGES)


def test_outside_the_hours_it_warns_first(open_clinic):
    booked = open_clinic.books("Ada", "Dr Cho", NINE)

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "cho@example.org"))
        await tab.opens(WEEK)
        await tab.fires(Calendar.open_visit, key=str(booked.appointment_id))
        assert (await tab.sees(Calendar, "line")).patient == "Ada Abara"
        await tab.fires(Calendar.propose_time, form_data={"day": "2026-04-01", "time": "18:30"})
        assert (await tab.sees(Calendar, "question")).warning
        await tab.fires(Calendar.go_ahead)
        assert await tab.sees(Calendar, "closes") == "20:00:00"

    visit(open_clinic, story, PAGES)
    assert open_clinic.column("override_by", booked) is not None


def test_what_was_typed_wrongly_is_told_at_its_field(open_clinic):
    booked = open_clinic.books("Ada", "Dr Cho", NINE)

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "cho@example.org"))
        await tab.opens(WEEK)
        await tab.fires(Calendar.open_visit, key=str(booked.appointment_id))
        for typed, field in (({"time": "10:00"}, "day"), ({"day": "2026-04-01"}, "time")):
            await tab.fires(Calendar.propose_time, form_data=typed)
            assert set(await tab.sees(Calendar, "problems")) == {field}
        for minutes in ("", "soon", "0", "-5", "481"):
            await tab.fires(Calendar.propose_length, form_data={"minutes": minutes})
            assert await tab.sees(Calendar, "problem"), minutes
            assert not await tab.sees(Calendar, "asking")
        await tab.fires(Calendar.propose_length, form_data={"minutes": "45"})
        assert (await tab.sees(Calendar, "question")).title == "Give Ada Abara 45 minutes?"
        await tab.fires(Calendar.leave_it)

    visit(open_clinic, story, PAGES)
    assert open_clinic.column("version", booked) == 1


@pytest.mark.parametrize("when", ["", "soon", "2026-04-01T10:00", "9999-12-31T23:59:59Z"])
def test_a_drop_that_no_browser_makes_is_refused(open_clinic, when):
    booked = open_clinic.books("Ada", "Dr Cho", NINE)

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "cho@example.org"))
        await tab.opens(WEEK)
        claim = dropped(open_clinic, booked, TEN) | {"end": when}
        await tab.fires(Calendar.propose, **claim)
        assert await tab.sees(Calendar, "problem")
        backwards = dropped(open_clinic, booked, TEN, minutes=-20)
        await tab.fires(Calendar.propose, **backwards)
        assert not await tab.sees(Calendar, "asking")

    visit(open_clinic, story, PAGES)


def test_a_time_is_blocked_once_the_visits_in_it_have_been_named(open_clinic):
    open_clinic.books("Ada", "Dr Cho", NINE)
    typed = {"block_day": "2026-04-01", "starts": "09:00", "ends": "10:00", "reason": "play"}

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "cho@example.org"))
        await tab.opens(WEEK)
        await tab.fires(Blocking.begin)
        await tab.fires(Blocking.add, form_data=typed)
        assert await tab.sees(Blocking, "inside") == "Ada Abara 09:00"
        await tab.fires(Blocking.add, form_data=typed)
        assert not await tab.sees(Blocking, "is_open")
        await tab.fires(Calendar.refresh)
        away = [i for i in await tab.sees(Calendar, "items") if i["id"].startswith("away.")]
        assert [item["title"] for item in away] == ["Blocked time: play"]
        await tab.fires(Blocking.open_block, key=away[0]["id"])
        await tab.fires(Blocking.free)
        await tab.fires(Calendar.refresh)
        items = await tab.sees(Calendar, "items")
        assert not any(item["id"].startswith("away.") for item in items)

    visit(open_clinic, story, PAGES)


def test_buffers_and_hours_lie_behind_a_week_and_not_in_a_list(open_clinic):
    change_service(open_clinic, open_clinic.service("Dr Cho"), buffer_after_minutes=10)
    open_clinic.books("Ada", "Dr Cho", NINE)

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "cho@example.org"))
        for view, kinds in (("week", {"buffer", "shut"}), ("list", set()), ("month", set())):
            await tab.opens(f"/calendar?view={view}&on=2026-04-01")
            items = await tab.sees(Calendar, "items")
            names = {item["className"].split("--")[1] for item in items if not item["id"]}
            assert names == kinds

    visit(open_clinic, story, PAGES)


@pytest.mark.parametrize(
    ("view", "on", "first", "last"),
    [
        (View.DAY, "2026-04-01", "2026-04-01", "2026-04-01"),
        (View.WEEK, "2026-04-05", "2026-03-30", "2026-04-05"),
        (View.LIST, "2026-04-01", "2026-04-01", "2026-04-14"),
        (View.MONTH, "2026-03-31", "2026-02-23", "2026-04-05"),
        (View.DAY, "9999-12-31", "8999-01-01", "8999-01-01"),
        (View.MONTH, "0001-01-01", "1970-12-28", "1971-02-07"),
    ],
)
def test_a_view_shows_these_days(view, on, first, last):
    days = days_of(view, date.fromisoformat(on))
    assert (days.first.isoformat(), days.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("hidden", "title"),
    [
        ([], "Mon 30 Mar – Sun 5 Apr 2026"),
        ([0], "Mon 30 Mar – Sat 4 Apr 2026"),
        ([6], "Mon 30 Mar – Sun 5 Apr 2026"),
        ([0, 6], "Mon 30 Mar – Fri 3 Apr 2026"),
    ],
)
def test_a_week_is_called_by_the_days_that_it_shows(hidden, title):
    assert title_of(translator("en"), View.WEEK, date(2026, 4, 1), hidden) == title


def test_a_weekend_without_anything_is_not_shown(open_clinic):
    empty = CalendarPage(
        practitioner_id=open_clinic.doctor("Dr Cho"), zone="Europe/London", today=date(2026, 4, 1),
        first=date(2026, 3, 30), last=date(2026, 4, 5), has_hours=True,
        visits=(), held=(), away=(), open=(), closed=(),
    )  # fmt: skip
    assert hidden_days(empty) == [0, 6]
