"""The whole booking without a mouse: Tab, arrows, Enter, Space; the focus is always in sight."""

import re

from playwright.sync_api import expect

from tests.journeys.steps import board, changeable_times, opened, sign_in

MOST_TABS = 60
# What the focused element shows that it does not show otherwise, and whether it is in the window.
LOOK = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect();
    // The ring of a choice goes round its words as well.
    const style = getComputedStyle(one.closest('.choice') || one);
    return {
        name: (one.getAttribute('aria-label') || one.innerText || one.id || one.localName).trim(),
        tag: one.localName, id: one.id,
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
            || style.boxShadow !== 'none',
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        seen: box.width > 0 && document.elementsFromPoint(
            Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1),
            Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1)
        ).some(top => top === one || one.contains(top) || top.contains(one)),
    }
}"""


def focused(page):
    return page.evaluate(LOOK)


def tab_to(page, wanted, *, key="Tab"):
    """Press Tab until the focus is on what is wanted; on the way every stop must be seen."""
    stops = []
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        here = focused(page)
        stops.append(here["name"][:40])
        if here["tag"] == "body":
            continue
        assert here["ring"], f"no focus ring on {here['name']!r} at {page.url}"
        assert here["inside"], f"the focus is outside the window on {here['name']!r} at {page.url}"
        if re.search(wanted, here["name"]) or here["id"] == wanted:
            return here
    raise AssertionError(f"{wanted!r} is not reached by {key} at {page.url}: {stops}")


def heading_has_focus(page, words):
    heading = page.get_by_role("heading", level=1).filter(has_text=re.compile(words))
    expect(heading).to_be_visible()
    expect(heading, "the new page's heading has the focus").to_be_focused()


def test_a_visit_is_booked_and_cancelled_by_keyboard_alone(visitor, somebody):
    page = visitor()
    opened(sign_in(page, somebody()), "/")

    page.keyboard.press("Tab")
    assert focused(page)["name"] == "Skip to the content"
    page.keyboard.press("Enter")
    tab_to(page, "specialty")
    page.keyboard.type("Paed")
    tab_to(page, "city")
    page.keyboard.type("Lond")
    tab_to(page, "^Search$")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="1 doctor")).to_be_visible()

    tab_to(page, "Dr Chidi Okafor")
    page.keyboard.press("Enter")
    heading_has_focus(page, "Dr Chidi Okafor")
    chosen = changeable_times(page, 1)[0]
    walk_the_board_to(page, chosen)
    page.keyboard.press("Enter")
    heading_has_focus(page, "Check and book")
    expect(page.get_by_text("This time is held for you until")).to_be_visible()

    tab_to(page, "reason")
    page.keyboard.type("A rash on the arm")
    tab_to(page, "^Book for")
    page.keyboard.press("Space")
    heading_has_focus(page, "^Booked: ")
    expect(page.get_by_role("main")).to_contain_text(chosen.label)

    tab_to(page, "^Cancel this visit$")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Cancel this visit?")
    expect(dialog).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        outside = page.evaluate("() => !document.activeElement.closest('dialog')")
        here = focused(page)
        assert not outside or here["tag"] == "body", f"the focus left the dialog: {here}"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    opener = page.get_by_role("button", name="Cancel this visit")
    expect(opener, "the dialog gives the focus back").to_be_focused()
    page.reload()
    expect(opener, "Escape has cancelled nothing").to_be_visible()
    opener.press("Space")
    expect(dialog).to_be_visible()
    tab_to(page, "^Yes, cancel it$")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your visit is cancelled.")).to_be_visible()


def walk_the_board_to(page, chosen):
    """One Tab stop for the whole board; then arrows: down to the day, right to the time."""
    days = {}
    for each in board(page):
        days.setdefault(each.name.split(", ")[-1], []).append(each.key)
    rows = list(days.values())
    first = rows[0][0]
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.dataset.key") == first:
            break
    else:
        raise AssertionError("Tab does not lead to the first time of the board")
    row = next(i for i, keys in enumerate(rows) if chosen.key in keys)
    for _ in range(row):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    for _ in range(rows[row].index(chosen.key)):
        page.keyboard.press("ArrowRight")
    here = page.evaluate("() => document.activeElement.dataset.key")
    assert here == chosen.key, f"the arrows lead to {here}, not to {chosen.name}"
    assert focused(page)["ring"], "no focus ring on a time of the board"


def test_the_board_is_one_stop_and_home_and_end_know_its_edges(visitor):
    page = visitor()
    opened(page, "/doctor/?id=chidi-okafor")
    times = board(page)
    page.locator("[data-board] a.slot").first.focus()
    page.keyboard.press("Control+End")
    assert page.evaluate("() => document.activeElement.dataset.key") == times[-1].key
    page.keyboard.press("Control+Home")
    assert page.evaluate("() => document.activeElement.dataset.key") == times[0].key
    page.keyboard.press("Tab")
    assert not page.evaluate("() => !!document.activeElement.closest('[data-board]')"), (
        "the board is more than one Tab stop"
    )


def test_an_empty_form_sends_the_focus_to_the_summary_and_its_links_to_the_fields(visitor):
    page = visitor()
    opened(page, "/register/")
    page.get_by_role("main").get_by_role("button", name="Register").press("Enter")
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.press("Enter")
    expect(page.get_by_label("Full name")).to_be_focused()
    expect(page.get_by_label("Full name")).to_have_attribute("aria-invalid", "true")
