"""The pages of series: every date before anything is booked, and what a change would do."""

from medibook.appointments.pages.book import Book
from medibook.appointments.pages.move import Move
from medibook.appointments.pages.series import Series
from medibook.appointments.pages.series_book import BookSeries
from medibook.appointments.pages.series_change import ChangeSeries
from medibook.appointments.pages.visit import Visit
from medibook.appointments.schemas.series import Scope
from medibook.people import service as people
from medibook.people.schemas import NewDependant
from tests.support.pages import cookie, visit
from tests.support.series import book, cancel, wish

PAGES = {
    "/book": [Book.load],
    "/book/series": [BookSeries.load],
    "/series": [Series.load],
    "/de/series": [Series.load],
    "/series/change": [ChangeSeries.load],
    "/visit": [Visit.load],
    "/visit/move": [Move.load],
}
FIRST = "2026-04-07 10:00"


def slot(clinic, wall=FIRST):
    return clinic.wish("Dr Cho", wall).address


def test_a_rule_is_changed_its_dates_follow_and_are_booked_with_other_times(open_clinic):
    open_clinic.books("Ben", "Dr Cho", "2026-04-21 10:00")

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "ada@example.org"))
        await tab.opens(f"/book?slot={slot(open_clinic)}")
        assert await tab.sees(Book, "series")
        await tab.opens(f"/book/series?slot={slot(open_clinic)}")
        assert len(await tab.sees(BookSeries, "rows")) == 6
        await tab.fires(BookSeries.adjust, name="count", value="4")
        await tab.fires(BookSeries.adjust, name="_key", value="somebody's")
        rows = await tab.sees(BookSeries, "rows")
        assert [row.ok for row in rows] == [True, True, False, True]
        assert rows[2].why_not == "This time is not free."
        assert (await tab.sees(BookSeries, "summary")).rule == "Every Tuesday at 10:00, 4 times"
        await tab.fires(BookSeries.adjust, name="count", value="many")
        assert "count" in await tab.sees(BookSeries, "mistakes")
        assert len(await tab.sees(BookSeries, "rows")) == 4  # they stay while one types
        assert await tab.sees(BookSeries, "label") == ""
        await tab.fires(BookSeries.adjust, name="count", value="4")
        await tab.fires(BookSeries.book, form_data={})
        assert "dates" in await tab.sees(BookSeries, "problems")
        other = rows[2].others[0].value
        await tab.fires(BookSeries.book, form_data={"date-3": other, "reason": "My back"})
        await tab.fires(BookSeries.book, form_data={"date-3": other})

    visit(open_clinic, story, PAGES)
    assert open_clinic.rows("SELECT count(*) FROM series_visit")[0][0] == 4
    assert open_clinic.rows("SELECT count(*) FROM appointment_series")[0][0] == 1


def test_dates_are_left_out_or_all_refused_as_it_was_chosen(open_clinic):
    open_clinic.is_away("Dr Cho", "2026-04-14")

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "ada@example.org"))
        await tab.opens(f"/book/series?slot={slot(open_clinic)}")
        await tab.fires(BookSeries.adjust, name="mode", value="all")
        assert await tab.sees(BookSeries, "label") == ""
        await tab.fires(BookSeries.book, form_data={})
        assert "Nothing was booked" in await tab.sees(BookSeries, "problem")
        await tab.fires(BookSeries.adjust, name="mode", value="skip")
        assert await tab.sees(BookSeries, "label") == "Book 5 visits"
        await tab.fires(BookSeries.book, form_data={})

    visit(open_clinic, story, PAGES)
    assert open_clinic.rows("SELECT count(*) FROM series_visit")[0][0] == 5


def test_a_stranger_is_asked_to_sign_in_and_a_broken_link_says_so(open_clinic):
    async def story(stage):
        tab = stage.tab()
        await tab.opens(f"/book/series?slot={slot(open_clinic)}")
        assert await tab.sees(BookSeries, "step") == "sign-in"
        assert "book%2Fseries" in await tab.sees(BookSeries, "sign_in")
        await tab.opens("/book/series?slot=nonsense")
        assert await tab.sees(BookSeries, "step") == "other"

    visit(open_clinic, story, PAGES)


def test_a_guardian_books_a_series_for_the_child(open_clinic):
    new = NewDependant(name="Amir Abara", birth_date="2018-03-02", relation="child")
    amir = open_clinic.perform(open_clinic.ada, people.add_dependant, new=new)

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "ada@example.org"))
        await tab.opens(f"/book/series?slot={slot(open_clinic)}&for={amir.hex}")
        assert (await tab.sees(BookSeries, "summary")).who == "Amir Abara"
        await tab.fires(BookSeries.book, form_data={})

    visit(open_clinic, story, PAGES)
    assert open_clinic.rows("SELECT count(DISTINCT patient_id) FROM appointment")[0][0] == 1
    ben = wish(open_clinic, "Dr Cho", "2026-04-08 10:00", patient_id=amir)
    assert len(book(open_clinic, "Ada", ben).visits) == 12


def test_a_series_and_each_of_its_visits_lead_to_one_another(open_clinic):
    card = book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", FIRST, 4))
    cancel(open_clinic, "Ada", card.visits[3], Scope.THIS)

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "ada@example.org"))
        await tab.opens(f"/series?id={card.series_id}")
        assert await tab.sees(Series, "rule") == "Every Tuesday at 10:00, 4 times"
        assert await tab.sees(Series, "told") == "3 visits are to come."
        assert [row.status for row in await tab.sees(Series, "rows")][-1] == "cancelled"
        await tab.opens(f"/visit?id={card.visits[1].appointment_id}")
        assert (await tab.sees(Visit, "series")).line == "Visit 2 of 4. Every Tuesday at 10:00"
        ben = stage.tab(cookie=cookie(open_clinic, "ben@example.org"))
        await ben.opens(f"/series?id={card.series_id}")
        assert await ben.sees(Series, "gone") is True

    visit(open_clinic, story, PAGES)


def test_what_a_change_would_do_is_read_and_then_done(open_clinic):
    card = book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", FIRST, 4))
    second = card.visits[1].appointment_id
    goal = open_clinic.wish("Dr Cho", "2026-04-15 11:00")

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "ada@example.org"))
        await tab.opens(f"/visit/move?id={second}&slot={goal.address}")
        assert f"to={int(goal.starts_at.timestamp())}" in await tab.sees(Move, "along_href")
        here = f"/series/change?id={second}&do=move&to={int(goal.starts_at.timestamp())}"
        await tab.opens(f"{here}&scope=following")
        steps = await tab.sees(ChangeSeries, "steps")
        assert [step.after for step in steps] == [
            "Wed 15 Apr, 11:00",
            "Wed 22 Apr, 11:00",
            "Wed 29 Apr, 11:00",
        ]
        assert await tab.sees(ChangeSeries, "label") == "Move 3 visits"
        await tab.fires(ChangeSeries.change, form_data={})
        await tab.opens(f"/series/change?id={second}&do=cancel&scope=all")
        assert await tab.sees(ChangeSeries, "label") == "Cancel 4 visits"
        await tab.fires(ChangeSeries.change, form_data={"reason": "We are well again"})
        await tab.opens(f"/series/change?id={second}&do=move&to=nonsense&scope=all")
        assert await tab.sees(ChangeSeries, "gone") is True

    visit(open_clinic, story, PAGES)
    assert open_clinic.rows("SELECT DISTINCT status FROM appointment") == [("cancelled",)]
