"""Twelve visits to the physiotherapist: two dates cannot be had and are replaced, one is moved, some go."""

import re
from datetime import UTC, timedelta

from playwright.sync_api import expect

from tests.journeys.steps import (
    LONDON,
    Time,
    book,
    changeable_times,
    moved,
    opened,
    shoot,
    sign_in,
    watch_shifts,
)
from tests.support.browser import axe

DOCTOR = "tan-wei-lin"
WEEK = timedelta(weeks=1)


def weeks_on(chosen, weeks):
    """The same time on the wall, so many weeks later."""
    wall = chosen.starts_at.astimezone(LONDON).replace(tzinfo=None) + weeks * WEEK
    start = wall.replace(tzinfo=LONDON).astimezone(UTC)
    key = f"{chosen.key.rsplit('.', 1)[0]}.{int(start.timestamp())}"
    return Time(key, chosen.label, chosen.name, re.sub(r"slot=[^&]+", f"slot={key}", chosen.href))


def lines(page):
    return page.locator(".series__dates > li")


def test_a_series_of_twelve_with_two_conflicts(visitor, somebody):
    ada, ben = visitor(), visitor()
    sign_in(ada, somebody())
    sign_in(ben, somebody())
    opened(ben, f"/doctor/?id={DOCTOR}")
    (first,) = changeable_times(ben, 1)
    for weeks in (2, 4):
        take(ben, weeks_on(first, weeks))
    plan_it(ada, first)
    replace_what_cannot_be_had(ada)
    book_it(ada)
    move_one(ada)
    cancel_the_following(ada)


def take(page, chosen):
    """Let a time be somebody's; the demo may have given it to somebody already."""
    opened(page, chosen.href)
    held = page.get_by_text("This time is held for you until")
    gone = page.get_by_role("heading", name="Somebody else was faster")
    expect(held.or_(gone)).to_be_visible()
    if held.is_visible():
        book(page, chosen)


def plan_it(page, first):
    """From one visit to a series of twelve; the list follows the rule."""
    opened(page, first.href)
    page.get_by_text("Do you need this visit more than once?").click()
    page.get_by_role("link", name="Repeat this visit").click()
    opened(page)
    expect(lines(page)).to_have_count(6)
    watch_shifts(page)
    page.get_by_label("How many visits?").fill("12")
    expect(lines(page)).to_have_count(12)
    assert moved(page) <= 0.02, f"the page jumped by {moved(page)}"
    expect(
        page.get_by_text(re.compile(r"^Every \w+day at \d\d:\d\d, 12 times$")).first
    ).to_be_visible()
    for place in (2, 4):
        expect(lines(page).nth(place)).to_contain_text("This time is not free.")
    assert axe(page) == []
    shoot(page, "series-plan")


def replace_what_cannot_be_had(page):
    """Without a choice nothing is booked; each date then gets the nearest other time."""
    book_button(page).click()
    expect(page.get_by_role("alert")).to_contain_text("Choose for each of these dates")
    for group in page.get_by_role("group", name=re.compile("^Instead of")).all():
        assert 2 <= group.get_by_role("radio").count() <= 4
        group.get_by_role("radio").first.check()


def book_it(page):
    book_button(page).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Booked: Every")
    expect(lines(page)).to_have_count(12)
    expect(page.get_by_text("has a time of its own").nth(1)).to_be_visible()
    assert axe(page) == []
    shoot(page, "series-booked")


def book_button(page):
    return page.get_by_role("button", name=re.compile("^Book these visits$"))


def move_one(page):
    """One visit is moved on its own, and says so; the others stay."""
    whole = page.url
    before = lines(page).all_inner_texts()
    lines(page).nth(1).get_by_role("link").click()
    opened(page)
    expect(page.get_by_text(re.compile(r"^Visit 2 of 12\. Every"))).to_be_visible()
    assert axe(page) == []
    shoot(page, "series-visit")
    page.get_by_role("link", name="Move", exact=True).click()
    opened(page)
    page.locator("[data-board] a.slot").last.click()
    expect(page.get_by_role("link", name="Move the others by the same shift")).to_be_visible()
    page.get_by_role("button", name="Yes, move it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Moved to: ")
    opened(page, whole)
    after = lines(page).all_inner_texts()
    assert len(set(before) & set(after)) == 11


def cancel_the_following(page):
    """This and the following are cancelled, after it was read what becomes of each."""
    lines(page).nth(5).get_by_role("link").click()
    opened(page)
    page.get_by_role("button", name="Cancel this visit").click()
    page.get_by_role("link", name="Cancel the following visits of the series too").click()
    opened(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Cancel several visits")
    assert axe(page) == []
    shoot(page, "series-cancel")
    count = lines(page).count()
    page.get_by_role("button", name=f"Cancel {count} visits").click()
    expect(lines(page).filter(has_text="Cancelled")).to_have_count(count)
    expect(page.get_by_text(f"{12 - count} visits are to come.")).to_be_visible()
