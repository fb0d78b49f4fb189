"""What people do at a browser: sign in, read the board, choose a time, book it."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from medibook.operations.rules.demo import PASSPHRASE
from medibook.operations.rules.staff import DOMAIN

LONDON = ZoneInfo("Europe/London")
# The clinic's rule for changing a visit is a day; a little more keeps slow machines clear of it.
CHANGEABLE = timedelta(hours=30)
LIVE_SECONDS = 2.0


@dataclass(frozen=True)
class Time:
    """A free time as it stands on a board."""

    key: str
    label: str
    name: str
    href: str

    @property
    def starts_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.key.rsplit(".", 1)[1]), UTC)

    @property
    def said(self) -> str:
        """As pages say it: "Tuesday 24 November, 10:30"."""
        return f"{self.name.split(', ')[-1]}, {self.label}"

    def day(self, zone: ZoneInfo = LONDON) -> str:
        return self.starts_at.astimezone(zone).date().isoformat()


def opened(page: Page, path: str = "") -> Page:
    """The page at ``path``, or the one that is open, once it is alive and has what it waited for.

    The frame knows who reads with the first answer of the live connection.
    """
    if path:
        page.goto(path)
    expect(page.locator("[data-known=true]"), "the live connection has answered").to_be_visible()
    expect(page.locator("[aria-busy=true]"), "nothing is loading any more").to_have_count(0)
    return page


def sign_in(page: Page, who: str) -> Page:
    """Sign in as one of the demo's people ("patient07", "tan-wei-lin"), past the form."""
    answer = _post(page, "/auth/sign-in", email=f"{who}@{DOMAIN}", password=PASSPHRASE, locale="en")
    assert answer.status == 303, f"signing in as {who}: {answer.status} {answer.text()[:200]}"
    assert "problem=" not in answer.headers["location"], f"{who}: {answer.headers['location']}"
    return page


def sign_in_as_a(role: str, page: Page) -> Page:
    """Sign in as the demo's first account of a role."""
    answer = _post(page, "/auth/demo", role=role, locale="en")
    assert answer.status == 303, f"signing in as a {role}: {answer.status}"
    return page


def _post(page: Page, path: str, **fields: str):
    # What a browser says of a form that one of our own pages has sent.
    ours = {"Sec-Fetch-Site": "same-origin"}
    return page.request.post(path, form=fields, headers=ours, max_redirects=0)


def board(page: Page) -> list[Time]:
    """The free times of the board that is shown, in their order."""
    expect(page.locator("[data-board] a.slot").first).to_be_visible()
    return [
        Time(*each)
        for each in page.locator("[data-board] a.slot").evaluate_all(
            """links => links.map(a => [
                a.dataset.key, a.firstChild.textContent, a.getAttribute('aria-label'),
                a.getAttribute('href')])"""
        )
    ]


def changeable_times(page: Page, count: int = 2, zone: ZoneInfo = LONDON) -> list[Time]:
    """Times of one day that do not overlap, all of which can still be moved and cancelled."""
    by_day: dict[str, list[Time]] = {}
    for each in board(page):
        if each.starts_at > datetime.now(UTC) + CHANGEABLE:
            chosen = by_day.setdefault(each.day(zone), [])
            if not chosen or each.starts_at - chosen[-1].starts_at >= timedelta(hours=1):
                chosen.append(each)
    found = next((day for day in by_day.values() if len(day) >= count), None)
    assert found, f"no day on the board has {count} times that do not overlap: {by_day}"
    return found[:count]


def chip(page: Page, chosen: Time) -> Locator:
    """Where a time stands on the board, free or not."""
    return page.locator(f'[data-board] .slot[data-key="{chosen.key}"]')


def book(page: Page, chosen: Time, reason: str = "") -> str:
    """Book a time as a patient who is signed in; the visit's id."""
    opened(page, chosen.href)
    expect(page.get_by_text("This time is held for you until")).to_be_visible()
    if reason:
        page.get_by_label("What is it about?").fill(reason)
    page.get_by_role("button", name=re.compile("^Book for|^Send request")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile("Booked: |Request sent: ")
    )
    return re.search(r"id=([\w-]{36})", page.url).group(1)


def watch_shifts(page: Page) -> None:
    """Count from now on what moves on the page by itself, not what somebody's own hand has moved."""
    page.evaluate(
        """() => {
            window.moved = 0;
            new PerformanceObserver(list => {
                for (const one of list.getEntries())
                    if (!one.hadRecentInput) window.moved += one.value;
            }).observe({type: 'layout-shift', buffered: false});
        }"""
    )


def moved(page: Page) -> float:
    """How far things have moved since ``watch_shifts``, as Chromium reckons it; 0 is nothing."""
    return page.evaluate("() => window.moved")


def within(seconds: float, what: str, then: Locator, state: str = "visible") -> float:
    """Wait for something that happens by itself; fail when it takes longer than it may."""
    began = time.monotonic()
    then.first.wait_for(state=state, timeout=15_000)
    took = time.monotonic() - began
    assert took <= seconds, f"{what}: {took:.1f} s, may take {seconds} s"
    return took


def shoot(page: Page, name: str) -> None:
    """Keep pictures of the page for people to look at, when MEDIBOOK_SCREENSHOTS names a folder."""
    if not (folder := os.environ.get("MEDIBOOK_SCREENSHOTS")):
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    for width, look in ((1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")):
        page.emulate_media(color_scheme=look, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        # As tall as the page: a bar at the bottom then stands at the bottom of the picture.
        height = page.evaluate("() => document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": min(max(height, 740), 4000)})
        page.screenshot(path=Path(folder) / f"{name}-{width}-{look}.png")
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size(before)
