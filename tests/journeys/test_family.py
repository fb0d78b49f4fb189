"""A guardian books for a child: adds them, chooses whom it is for, sees whose it is, moves it."""

import re

from playwright.sync_api import expect

from tests.journeys.steps import (
    board,
    changeable_times,
    chip,
    opened,
    shoot,
    sign_in,
)
from tests.support.browser import axe

BOARD = "/doctor/?id=marama-tawhai"
CHILD = "Amir Kornblum"


def adds_a_child(page):
    """From the account to the page of the family, and one child more."""
    opened(page, "/account/")
    page.get_by_role("link", name="People you book for").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People you book for")
    expect(page.get_by_text("You book for yourself only")).to_be_visible()
    shoot(page, "family-empty")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    shoot(page, "family-mistakes")
    assert axe(page) == []
    typed = {"Full name": CHILD, "Day": "2", "Month": "3", "Year": "2018"}
    for label, value in typed.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text(f"You can now book for {CHILD}.")).to_be_visible()
    child = page.get_by_role("list", name="People you book for").get_by_role("article")
    expect(child).to_contain_text(CHILD)
    expect(child).to_contain_text("when they come of age")
    expect(page.get_by_label("Full name")).to_have_value("")
    shoot(page, "family")
    assert axe(page) == []


def test_a_guardian_books_for_a_child_sees_whose_it_is_and_moves_it(visitor, somebody):
    page = visitor()
    adds_a_child(sign_in(page, somebody()))

    opened(page, BOARD)
    chosen, later = changeable_times(page)
    chip(page, chosen).click()
    expect(page.get_by_text("This time is held for you until")).to_be_visible()
    page.get_by_label("What is it about?").fill("A cough at night")
    page.get_by_text(CHILD, exact=True).click()
    expect(page.get_by_text(f"For {CHILD}")).to_be_visible()
    expect(page.get_by_label("What is it about?")).to_have_value("A cough at night")
    expect(page.get_by_label(CHILD)).to_be_checked()
    shoot(page, "check-for-a-child")
    assert axe(page) == []
    page.get_by_role("button", name=re.compile("^Book for|^Book this|^Send request")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile("Booked: |Request sent: ")
    )
    expect(page.get_by_text(f"For {CHILD}")).to_be_visible()
    shoot(page, "booked-for-a-child")

    opened(page, "/visits/")
    mine = page.get_by_role("article").filter(has_text=CHILD)
    expect(mine).to_contain_text(chosen.label)
    page.get_by_role("navigation", name="Whose visits").get_by_role("link", name="You").click()
    expect(mine).to_have_count(0)
    page.get_by_role("navigation", name="Whose visits").get_by_role("link", name=CHILD).click()
    expect(mine).to_have_count(1)
    shoot(page, "visits-of-a-family")
    assert axe(page) == []

    mine.get_by_role("link", name=re.compile(chosen.label)).click()
    page.get_by_role("link", name="Move", exact=True).click()
    expect(page.get_by_role("heading", name="Choose a new time")).to_be_visible()
    expect(page.get_by_text(f"For {CHILD}")).to_be_visible()
    chip(page, later).click()
    expect(page.get_by_role("heading", name="Move it to this time?")).to_be_visible()
    page.get_by_role("button", name="Yes, move it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Moved to: ")

    # The choice is kept: the next time is for the child as well, until somebody else is chosen.
    opened(page, BOARD)
    chip(page, next(t for t in board(page) if t.key != later.key)).click()
    expect(page.get_by_text(f"For {CHILD}")).to_be_visible()

    page.goto("/account/family/")
    page.get_by_role("link", name=f"Change: {CHILD}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CHILD)
    shoot(page, "family-change")
    assert axe(page) == []
    page.get_by_role("button", name="Stop booking for them").click()
    shoot(page, "family-stop")
    page.get_by_role("button", name="Yes, stop").click()
    expect(page.get_by_text("You book for yourself only")).to_be_visible()
    opened(page, "/visits/")
    expect(page.get_by_text(CHILD)).to_have_count(0)
