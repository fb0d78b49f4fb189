"""A practitioner's calendar: a visit is dragged and put back, by mouse and by keyboard."""

import re
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import (
    book,
    changeable_times,
    moved,
    opened,
    shoot,
    sign_in,
    watch_shifts,
)
from tests.journeys.test_axe import judged, sideways
from tests.journeys.test_by_keyboard import tab_to
from tests.support.browser import axe

# An island half an hour of daylight saving away: the wall of the calendar is the location's.
WHO, ZONE = "lachlan-sato", ZoneInfo("Australia/Lord_Howe")
HOUR = """() => {
    const top = label => [...document.querySelectorAll('.calendar *')].find(
        e => !e.children.length && e.textContent === label && !e.closest('.event')
    ).getBoundingClientRect().top;
    return top('11:00') - top('10:00');
}"""
STILL = 0.02
# What jumps of the calendar itself, from the first moment of a page.
OWN_SHIFTS = """(() => {
    window.jumps = [];
    new PerformanceObserver(list => {
        for (const one of list.getEntries())
            if (one.sources.some(s => (s.node?.parentElement ?? s.node)?.closest?.('.calendar')))
                window.jumps.push(one.value);
    }).observe({type: 'layout-shift', buffered: true});
})()"""


@pytest.fixture
def booked(visitor, somebody):
    """A visit with Dr Sato, two times of its day, and its practitioner at their calendar of that day."""

    def book_some(count=1):
        patients = [sign_in(visitor(), somebody()) for _ in range(count)]
        opened(patients[0], f"/doctor/?id={WHO}")
        times = changeable_times(patients[0], 2, ZONE)
        for patient, time in zip(patients, times, strict=False):
            book(patient, time)
        names = [patient.locator(".tools bdi").first.inner_text() for patient in patients]
        # The whole day in the window: near its edge the page scrolls under what is dragged.
        calendar = sign_in(visitor(viewport={"width": 1280, "height": 1800}), WHO)
        look(calendar, times[0].day(ZONE))
        return calendar, times, names

    return book_some


def look(page, day, view="day"):
    opened(page, f"/calendar/?view={view}&on={day}")
    expect(page.locator(".calendar .event").first).to_be_visible()
    expect(page.locator(".calendar > [data-settled]")).to_be_visible()


def visit(page, name, time):
    """A visit that stands at a time."""
    return page.locator(".calendar .visit").filter(has_text=name).filter(has_text=time.label)


def drag(page, name, first, other):
    """Drag a visit to another time; let go when it says that time, as one does by eye."""
    box = visit(page, name, first).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 6
    way = hours_between(first, other) * page.evaluate(HOUR)
    pull(page, x, y, way)
    there = re.compile(f"^\\W*{other.label}")
    dragged = page.locator(".calendar .visit").filter(has_text=name).filter(has_text=there)
    for nudge in range(8):  # where one step of five minutes meets the next, a pixel decides
        if dragged.count():
            break
        page.mouse.move(x, y + way - 2 * nudge)
    page.mouse.up()


def pull(page, x, y, way):
    """Take hold and move by so many pixels, as a hand does."""
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x, y + way * step / 8)


def typed(label):
    """What one types into Chromium's field for a time, which is American here: 1440 is 02 40 PM."""
    hour, minute = map(int, label.split(":"))
    return f"{hour % 12 or 12:02}{minute:02}{'AM' if hour < 12 else 'PM'}"


def hours_between(one, other):
    return (other.starts_at - one.starts_at).total_seconds() / 3600


def question(page):
    return page.locator("dialog#move[open]")


def said(page):
    return page.locator(".calendar-done")


def test_a_visit_is_dragged_and_put_back(booked):
    page, (first, other), (name,) = booked()
    watch_shifts(page)
    drag(page, name, first, other)
    expect(question(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(visit(page, name, first), "Escape leaves it where it was").to_be_visible()
    expect(visit(page, name, other)).to_have_count(0)

    drag(page, name, first, other)
    asked = question(page)
    expect(asked).to_contain_text(re.compile(f"Move {name} to .*{other.label}"))
    expect(asked).to_contain_text("They will be told by e-mail.")
    wrong = axe(page)
    asked.get_by_role("button", name="Move", exact=True).click()
    expect(said(page)).to_contain_text(f"Moved. We are writing to {name}.")
    expect(visit(page, name, other)).to_be_visible()
    undo = said(page).get_by_role("button", name="Undo")
    expect(undo, "the focus does not fall").to_be_focused()
    undo.click()
    expect(said(page)).to_contain_text("Undone")
    expect(visit(page, name, first)).to_be_visible()

    box = visit(page, name, first).bounding_box()
    edge = box["y"] + box["height"] - 2
    pull(page, box["x"] + box["width"] / 2, edge, -page.evaluate(HOUR) / 12)
    page.mouse.up()
    expect(question(page)).to_contain_text(re.compile(f"Give {name} \\d+ minutes"))
    question(page).get_by_role("button", name="Leave it").click()
    expect(question(page)).to_have_count(0)
    assert moved(page) <= STILL
    assert wrong == [], "\n".join(wrong)


def test_a_drop_on_another_visit_snaps_back_and_says_why(booked):
    page, (first, other), (name, second) = booked(2)
    before = visit(page, name, first).bounding_box()
    watch_shifts(page)
    drag(page, name, first, other)
    refused = said(page).get_by_role("alert")
    expect(refused).to_contain_text(f"{other.label}. Taken")
    expect(question(page)).to_have_count(0)
    expect(visit(page, name, first)).to_be_visible()
    assert visit(page, name, first).bounding_box() == pytest.approx(before, abs=1)
    expect(visit(page, second, other)).to_be_visible()
    assert moved(page) <= STILL


def test_a_visit_is_moved_and_put_back_by_keyboard(booked):
    page, (first, other), (name,) = booked()
    visit(page, name, first).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=name)).to_be_visible()
    wrong = axe(page)
    assert wrong == [], "\n".join(wrong)
    shoot(page, "calendar-visit")
    tab_to(page, r"^\W*Move…")
    page.keyboard.press("Enter")
    tab_to(page, "^time$")
    page.keyboard.type(typed(other.label))
    page.keyboard.press("Enter")
    expect(question(page)).to_contain_text(other.label)
    tab_to(page, "^Move$")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Moved.")
    expect(visit(page, name, other)).to_be_visible()
    expect(said(page).get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(visit(page, name, first)).to_be_visible()


def test_single_keys_lead_about_and_can_be_switched_off(visitor):
    page = sign_in(visitor(), WHO)
    opened(page, "/calendar/?view=week&on=2027-06-16")
    for key, shown in (
        ("d", "Wednesday 16 June 2027"),
        ("ArrowRight", "Thursday 17 June 2027"),
        ("ArrowLeft", "Wednesday 16 June 2027"),
        ("m", re.compile("^June 2027")),
        ("l", "Wed 16 Jun – Tue 29 Jun 2027"),
        ("w", "Mon 14 Jun – "),
    ):
        page.keyboard.press(key)
        expect(page.locator("h1 + .lead")).to_contain_text(shown)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Today")
    keys.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("d")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert "view=week" in page.url


def test_keys_are_letters_while_somebody_types(visitor):
    page = sign_in(visitor(), WHO)
    opened(page, "/calendar/?view=week&on=2027-06-16")
    page.get_by_role("button", name="Block time").click()
    expect(page.get_by_role("dialog", name="Block time")).to_be_visible()
    page.get_by_label("Note for yourself").press_sequentially("dmlt")
    expect(page.get_by_label("Note for yourself")).to_have_value("dmlt")
    assert "view=week" in page.url


def test_a_time_is_blocked_and_opened_again_and_visits_in_it_are_named(booked):
    page, (first, _), (name,) = booked()
    page.get_by_role("button", name="Block time").click()
    form = page.get_by_role("dialog", name="Block time")
    form.get_by_label("Day", exact=True).fill(first.day(ZONE))
    form.get_by_label("From").fill(first.label)
    form.get_by_label("Until").fill("23:00")
    form.get_by_label("Note for yourself").fill("school play")
    form.get_by_role("button", name="Block this time").click()
    expect(form).to_contain_text(f"{name} {first.label}")
    form.get_by_role("button", name="Block it all the same").click()
    blocked = page.locator(".stretch--away").filter(has_text="school play")
    expect(blocked).to_be_visible()
    expect(visit(page, name, first)).to_be_visible()
    blocked.press("Enter")
    page.get_by_role("button", name="Open it again").click()
    expect(blocked).to_have_count(0)


def test_a_small_screen_shows_one_day_and_never_scrolls_sideways(visitor):
    page = sign_in(visitor(viewport={"width": 360, "height": 740}), WHO)
    opened(page, "/calendar/")
    page.wait_for_url("**/calendar/?view=day*")
    expect(page.get_by_role("link", name="Month")).to_be_hidden()
    assert sideways(page) == []


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_jumps_when_the_calendar_comes(booked, width):
    page, (first, _), _names = booked()
    # Without motion: hiding what is not settled yet must not depend on it.
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(OWN_SHIFTS)
    views = ("day", "list") if width < 1280 else ("day", "week", "month", "list")
    jumps = {}
    for view in views:
        look(page, first.day(ZONE), view)
        page.get_by_role("button", name="Block time").click()
        expect(page.get_by_role("dialog", name="Block time")).to_be_visible()
        if own := page.evaluate("() => window.jumps"):
            jumps[view] = own
    assert {view: own for view, own in jumps.items() if sum(own) > STILL} == {}


def test_every_view_is_faultless(booked):
    page, (first, _), _names = booked()
    page.set_viewport_size({"width": 1280, "height": 800})
    views, wrong = ("day", "week", "month", "list"), []
    for view in views:  # before anybody has chosen between light and dark
        look(page, first.day(ZONE), view)
        shoot(page, f"calendar-{view}")
    for view in views:
        look(page, first.day(ZONE), view)
        page.emulate_media(reduced_motion="reduce")
        wrong += judged(page, view)
    assert wrong == [], "\n".join(wrong)
