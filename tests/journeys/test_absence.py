"""A doctor is ill: two clicks from the day to the plan that runs, and the list of who must be called."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import opened, shoot, sign_in_as_a
from tests.support.browser import axe

_BUSIEST = """
select p.name, p.id, date(a.starts_at), count(*) as visits
from appointment a join practitioner p on p.id = a.practitioner_id
where a.status = 'booked' and a.starts_at > datetime('now', '+2 days')
    and a.starts_at < datetime('now', '+12 days')
    and p.id not in (select practitioner_id from absence_plan)
group by p.id, date(a.starts_at) having visits between 3 and 12
order by visits desc, a.starts_at limit 1
"""
_AFFECTED = """
select patient_id from appointment
where practitioner_id = ? and date(starts_at) = ? and status = 'booked' order by starts_at
"""


@pytest.fixture
def database(served):
    """The served clinic's database, to look into and to make somebody hard to reach."""

    def run(statement, *values):
        with closing(sqlite3.connect(served.data_dir / "medibook.db", timeout=30)) as connection:
            found = connection.execute(statement, values).fetchall()
            connection.commit()
            return found

    return run


@pytest.fixture
def ill(database):
    """A doctor with visits on one of the next days, one of whose patients only the telephone reaches."""
    ((name, practitioner, day, _count),) = database(_BUSIEST)
    patient = database(_AFFECTED, practitioner, day)[0][0]
    database(
        "update user_account set email = id || '@nowhere.invalid' "
        "where id = (select user_id from patient where id = ?)",
        patient,
    )
    database("update patient set email = '', phone = '' where id = ?", patient)
    return name, day


def test_two_clicks_tell_everybody_and_show_whom_to_call(visitor, ill, database):
    name, day = ill
    page = sign_in_as_a("staff", visitor())
    opened(page, f"/desk/?on={day}&at=all")
    column = page.get_by_role("region", name=name, exact=True)
    column.get_by_role("link", name=re.compile("^Away")).click()
    opened(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.get_by_role("main")).to_contain_text("has to be called")
    assert axe(page) == []
    shoot(page, "absence-plan")
    before = database("select count(*) from message")[0][0]
    plans = database("select count(*) from absence_plan")
    page.get_by_role("button", name="Start the plan").click()
    expect(page.get_by_text("Started", exact=False)).to_be_visible(timeout=15_000)
    assert database("select count(*) from absence_plan") != plans
    assert database("select count(*) from message")[0][0] > before
    first = page.get_by_role("main").locator("li .card").first
    expect(first).to_contain_text("No telephone number")
    assert axe(page) == []
    shoot(page, "absence-board")
    first.get_by_role("button", name=re.compile("^Reached")).click()
    expect(first.get_by_role("button", name=re.compile("^Reached ✓"))).to_be_visible()
    other = page.get_by_role("main").locator("li .card").filter(has_text="Waits for an answer").last
    whom = other.get_by_role("heading").inner_text()
    other.get_by_text("Record the answer").click()
    other.get_by_role("button", name=re.compile(", (colleague|same doctor)")).first.click()
    theirs = page.get_by_role("main").locator("li .card").filter(has_text=whom)  # they may have two
    answered = theirs.filter(has_text="Taken").first
    expect(answered).to_contain_text("by telephone")
    expect(page.get_by_role("button", name="Take the plan back…")).to_have_count(0)
    assert axe(page) == []


def test_a_doctor_says_it_themselves_and_takes_it_back(visitor):
    page = sign_in_as_a("practitioner", visitor())
    opened(page, "/day/")
    page.get_by_role("link", name="I am ill").click()
    opened(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Away:")
    page.get_by_role("button", name="Start the plan").click()
    expect(page.get_by_text("Started", exact=False)).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="Take the plan back…").click()
    page.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("This plan was taken back")).to_be_visible()
