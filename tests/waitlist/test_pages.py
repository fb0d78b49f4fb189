"""The list's pages without a browser: joining, one's place, the two answers, and the front desk."""

import pytest

from medibook.people import service as people
from medibook.people.schemas import NewDependant
from medibook.waitlist.pages.desk_state import DeskWaitlist
from medibook.waitlist.pages.join import Join
from medibook.waitlist.pages.mine import MyWaitlist
from tests.support.pages import cookie, visit

DAY = "2026-04-01"
NINE = f"{DAY} 09:00"
PAGES = {
    "/waitlist": [MyWaitlist.load],
    "/waitlist/join": [Join.load],
    "/desk/waitlist": [DeskWaitlist.load],
}
FORM = {"first_day": DAY, "last_day": DAY, "whom": "only", "not_before": "", "not_after": ""}


@pytest.fixture
def engine_name():
    """Pages are the same on every engine."""
    return "sqlite"


@pytest.fixture
def full(waiting):
    """Somebody has Wednesday at nine at Dr Cho's."""
    waiting.notes["visit"] = waiting.fills("Dr Cho", NINE)[0]
    return waiting


def slug(clinic):
    return clinic.rows("SELECT slug FROM practitioner WHERE name = 'Dr Mina Cho'")[0].slug


def test_one_joins_from_a_board_and_sees_ones_place(full):
    full.waits("Ben")
    full.later(minutes=1)  # of two who begin to wait in one instant, either may be first

    async def story(stage):
        tab = stage.tab(cookie=cookie(full, "ada@example.org"))
        await tab.opens(f"/waitlist/join?id={slug(full)}")
        view = await tab.sees(Join, "view")
        assert (view.what, view.whom) == ("Skin check", "Dr Mina Cho")
        await tab.fires(Join.join, form_data={**FORM, "days.2": "on", "not_after": "12:00"})
        await tab.opens("/waitlist")
        (entry,) = await tab.sees(MyWaitlist, "waiting")
        assert (entry.title, entry.place) == ("Skin check", "You are number 2")
        assert entry.wished == "Wed 1 Apr · Wednesday · until 12:00"

    visit(full, story, PAGES)


def test_what_was_filled_in_wrongly_is_said_at_its_field(full):
    async def story(stage):
        tab = stage.tab(cookie=cookie(full, "ada@example.org"))
        await tab.opens(f"/waitlist/join?id={slug(full)}")
        wrong = {
            "first_day": "2026-04-02",
            "last_day": DAY,
            "not_before": "12:00",
            "not_after": "09:00",
        }
        await tab.fires(Join.join, form_data={**FORM, **wrong})
        assert set(await tab.sees(Join, "problems")) == {"last_day", "not_after"}
        await tab.opens("/waitlist/join?id=nobody")
        assert await tab.sees(Join, "gone") is True

    visit(full, story, PAGES)


def test_one_joins_for_a_child_and_for_an_earlier_time_than_ones_visit(full):
    born = NewDependant(name="Amir Abara", birth_date="2020-01-01", relation="child")
    child = full.perform(full.ada, people.add_dependant, new=born)
    mine = full.books("Ada", "Dr Cho", "2026-04-02 10:00")

    async def story(stage):
        tab = stage.tab(cookie=cookie(full, "ada@example.org"))
        await tab.opens(f"/waitlist/join?id={slug(full)}")
        await tab.fires(Join.join, form_data={**FORM, "who": child.hex, "whom": "any"})
        full.later(seconds=1)
        await tab.opens(f"/waitlist/join?visit={mine.appointment_id}")
        assert (await tab.sees(Join, "view")).instead.startswith("Your visit on Thu 2 Apr")
        # Whom it is for and which visit it is stand in the address, whatever a form says.
        await tab.fires(Join.join, form_data={**FORM, "who": child.hex, "whom": "any"})
        await tab.opens("/waitlist")
        first, second = await tab.sees(MyWaitlist, "waiting")
        assert (first.for_line, first.whom) == ("For Amir Abara", "With any doctor")
        assert (second.for_line, second.whom) == ("", "Dr Mina Cho")

    visit(full, story, PAGES)


def test_an_offer_is_declined_or_taken_in_one_tap_and_the_page_says_what_became_of_it(full):
    full.waits("Ada")
    full.waits("Ben")
    full.cancels("Zoe", full.notes["visit"])

    async def story(stage):
        ada = stage.tab(cookie=cookie(full, "ada@example.org"))
        await ada.opens("/waitlist")
        (entry,) = await ada.sees(MyWaitlist, "waiting")
        assert entry.offer.when == "Wednesday 1 April, 09:00"
        assert entry.offer.until.startswith("Kept for you until 09:30")
        full.later(minutes=30)
        full.beat()
        # Half an hour without a sign of life has ended the session; Ada comes back to an old page.
        ada = stage.tab(cookie=cookie(full, "ada@example.org"))
        await ada.opens("/waitlist")
        await ada.fires(MyWaitlist.take, key=entry.offer.key)
        assert "no longer kept for you" in await ada.sees(MyWaitlist, "problem")
        (entry,) = await ada.sees(MyWaitlist, "waiting")
        assert entry.gone.startswith("There was no answer in time, so Wed 1 Apr, 09:00 is")
        ben = stage.tab(cookie=cookie(full, "ben@example.org"))
        await ben.opens("/waitlist")
        (entry,) = await ben.sees(MyWaitlist, "waiting")
        await ben.fires(MyWaitlist.take, key=entry.offer.key)
        assert await ben.sees(MyWaitlist, "said") == "Booked. We have written to you."
        (closed,) = await ben.sees(MyWaitlist, "closed")
        assert closed.visit_href

    visit(full, story, PAGES)


def test_the_front_desk_sees_why_and_may_answer_rank_give_and_take_off(full):
    full.waits("Ada", weekdays={0})
    full.waits("Ben")
    full.comes("Cyd")
    full.waits("Cyd")
    full.cancels("Zoe", full.notes["visit"])

    async def story(stage):
        tab = stage.tab(cookie=cookie(full, "gus@example.org"))
        await tab.opens("/desk/waitlist")
        (freed,) = await tab.sees(DeskWaitlist, "freed")
        assert freed.asked == "Ben Brandt is asked, until 09:30"
        assert (freed.story[0].name, freed.story[0].what) == ("Ada Abara", "was not asked.")
        assert freed.story[0].why == "Other days, hours or another place are wished for."
        last = (await tab.sees(DeskWaitlist, "people"))[-1]
        how = {"offer": freed.offer, "to": last.key, "reason": ""}
        await tab.fires(DeskWaitlist.give, form_data=how)
        assert "reason" in await tab.sees(DeskWaitlist, "problems")
        await tab.fires(DeskWaitlist.give, form_data={**how, "reason": "called"})
        (freed,) = await tab.sees(DeskWaitlist, "freed")
        assert freed.asked == "Cyd Nyx is asked, until 09:30"
        assert "Out of turn: called" in freed.story[-1].why
        await tab.fires(DeskWaitlist.accept, form_data={"offer": freed.offer})
        (freed,) = await tab.sees(DeskWaitlist, "freed")
        assert freed.state == "Refilled"
        assert "1 of 1" in await tab.sees(DeskWaitlist, "report")
        first = (await tab.sees(DeskWaitlist, "people"))[1]
        ranked = {"entry": first.key, "priority": "2", "reason": "in pain"}
        await tab.fires(DeskWaitlist.rank, form_data=ranked)
        assert (await tab.sees(DeskWaitlist, "people"))[0].priority == "Urgent"
        await tab.fires(DeskWaitlist.take_off, form_data={"entry": first.key, "reason": "moved"})
        assert len(await tab.sees(DeskWaitlist, "people")) == 1

    visit(full, story, PAGES)
