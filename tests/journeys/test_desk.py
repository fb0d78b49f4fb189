"""The front desk: somebody walks in, somebody calls, a time is given twice, somebody has come."""

import re
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import expect

from medibook.operations.rules.staff import DOMAIN
from tests.journeys.steps import LIVE_SECONDS, opened, shoot, sign_in, sign_in_as_a, within
from tests.support.browser import axe

WALK_IN_SECONDS = 15.0
DOCTOR = "doctor"  # the first doctor's account, whose name is
NAME = "Dr Amina Rahman"


@pytest.fixture
def rows(served):
    """Look into the served clinic's database."""

    def ask(statement, *values):
        with closing(sqlite3.connect(served.data_dir / "medibook.db")) as connection:
            return connection.execute(statement, values).fetchall()

    return ask


@pytest.fixture
def whom(rows, somebody):
    """The name of another patient with few visits, at each call."""

    def name():
        address = f"{somebody()}@{DOMAIN}"
        asked = (
            "SELECT p.name FROM patient p JOIN user_account u ON u.id = p.user_id WHERE u.email = ?"
        )
        return rows(asked, address)[0][0]

    return name


def find(page, name):
    """Type three letters, look at the list, take the one who is meant."""
    field = page.get_by_label("Patient", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type(name.split()[-1][:3])
    page.locator(".hit").filter(has_text=name).first.click()
    expect(page.locator(".for-whom")).to_contain_text(name)


def said_booked(page, when=""):
    """Wait for the word; when something else is said, show that."""
    done = page.get_by_role("heading", level=1, name=re.compile(f"^Booked: .*{re.escape(when)}"))
    try:
        expect(done).to_be_visible(timeout=15_000)
    except AssertionError:
        assert page.get_by_role("alert").all_inner_texts() == []
        raise


def test_who_walks_in_is_in_the_day_within_seconds(visitor, whom):
    page, name = sign_in_as_a("staff", visitor()), whom()
    opened(page, "/desk/")
    shoot(page, "desk")
    began = time.monotonic()
    page.keyboard.press("w")
    field = page.get_by_label("Patient", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type(name, delay=40)
    expect(page.locator(".hit").first).to_contain_text(name)
    page.keyboard.press("Enter")
    add = page.get_by_role("button", name="Add to the day")
    late = page.get_by_role("link", name="Choose another day")  # at night nobody is free today
    expect(add.or_(late)).to_be_visible()
    if late.is_visible():
        late.click()
        page.locator("a.hit").first.click()
        add = page.get_by_role("button", name="Book for")
    expect(add).to_be_focused()
    page.keyboard.press("Enter")
    said_booked(page)
    took = time.monotonic() - began
    sys.stdout.write(f"a walk-in took {took:.1f} s, typed with 40 ms a letter\n")
    assert took <= WALK_IN_SECONDS
    expect(page.get_by_role("main")).to_contain_text(name)
    shoot(page, "walk-in")
    page.get_by_role("link", name="Back to the day").click()
    expect(page.locator(".desk__visit").filter(has_text=name).first).to_be_visible()


def test_who_calls_is_found_by_three_letters_and_booked_with_a_doctor(visitor, whom):
    page, name = sign_in_as_a("staff", visitor()), whom()
    opened(page, "/desk/book/")
    find(page, name)
    page.get_by_label("Doctor").select_option(label=NAME)
    chosen = page.locator("[data-board] a.slot").last
    label = chosen.inner_text()
    shoot(page, "desk-board")
    chosen.click()
    book = page.get_by_role("button", name=f"Book for {name}")
    expect(book).to_be_focused()
    assert axe(page) == []
    book.press("Enter")
    said_booked(page, label)
    page.get_by_role("link", name="Back to the day").click()
    column = page.locator(".desk__column").filter(has_text=NAME)
    visit = column.locator(".desk__visit").filter(has_text=name)
    visit.click()
    panel = page.get_by_role("dialog", name=name)
    expect(panel).to_contain_text(label)
    assert axe(page) == []
    panel.get_by_text("Cancel…").click()
    panel.get_by_label("The reason, for the patient").fill("The caller has changed their mind")
    panel.get_by_role("button", name="Cancel this visit").click()
    expect(visit).to_have_count(0)


def test_a_time_is_given_twice_with_a_reason_and_an_arrival_shows_on_the_doctors_day(
    visitor, whom, rows
):
    desk, doctor = sign_in_as_a("staff", visitor()), sign_in(visitor(), DOCTOR)
    ((practitioner,),) = rows("SELECT id FROM practitioner WHERE name = ?", NAME)
    start = int(datetime.now(UTC).timestamp()) // 300 * 300
    there = f"/desk/book/?by={UUID(practitioner)}&start={start}"
    opened(doctor, "/day/")
    first, second = whom(), whom()
    squeezed_in(desk, there, first, "Came in bleeding")
    opened(desk, there)
    find(desk, second)
    clash = desk.locator(".banner--amber")
    expect(clash).to_contain_text(first)
    shoot(desk, "overbook")
    desk.get_by_role("button", name="Overbook…").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text(first)
    dialog.get_by_role("button", name="Overbook", exact=True).click()
    expect(dialog.get_by_text("Please say why this time is booked twice.")).to_be_visible()
    assert axe(desk) == []
    dialog.get_by_label("Why?").fill("Sent over by the school nurse")
    dialog.get_by_role("button", name="Overbook", exact=True).click()
    said_booked(desk)
    told = rows("SELECT reason FROM appointment_change ORDER BY at DESC LIMIT 1")
    assert told == [("Sent over by the school nurse",)]

    row = doctor.get_by_role("article").filter(has_text=second)
    within(LIVE_SECONDS, "the doctor's day shows the visit", row)
    opened(desk, "/desk/arrivals/")
    shoot(desk, "arrivals")
    due = desk.get_by_role("listitem").filter(has_text=second)
    due.get_by_role("button", name=re.compile("^Arrived")).click()
    here = row.filter(has_text="Arrived").get_by_text("Arrived", exact=True)
    within(LIVE_SECONDS, "the doctor's day shows who is here", here)
    expect(due).to_contain_text("waiting 0 min")


def squeezed_in(page, there, name, why):
    """Book somebody now, whether the doctor has time or not."""
    opened(page, there)
    find(page, name)
    book = page.get_by_role("button", name=re.compile("^Book for|^Overbook…"))
    expect(book).to_be_visible()
    asks = book.inner_text().startswith("Overbook")
    book.click()
    if asks:
        page.get_by_label("Why?").fill(why)
        page.get_by_role("dialog").get_by_role("button", name="Overbook", exact=True).click()
    said_booked(page)
