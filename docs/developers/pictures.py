"""The pictures of the documents: the served clinic on the demo's data, seen by a real browser.

Run ``python docs/developers/pictures.py`` for all of them, or name some: ``… pictures.py board day``.
The clinic's clock stands still and its demo is always the same, so the pictures change with the code.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support.browser import CHROMIUMS, FLAGS, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
NOW = datetime.fromisoformat("2026-11-23T10:25:00+00:00")  # a Monday morning in London
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
MOST_BYTES = 1_500_000
DOCTOR = "/doctor/?id=amina-rahman"

Open = Callable[..., AbstractContextManager["Page"]]


def board(visit: Open) -> None:
    """A doctor's free times, in both looks and on a phone."""
    for look in ("light", "dark"):
        with visit(look=look) as page:
            _free_times(page)
            keep(page, f"board-{look}")
    with visit(viewport=PHONE) as page:
        _free_times(page)
        page.locator(".board").first.scroll_into_view_if_needed()
        keep(page, "board-phone")


def find(visit: Open) -> None:
    """The results of a search, soonest first."""
    with visit() as page:
        page.goto("/find/?city=London")
        page.locator("main .person").first.wait_for()
        keep(page, "find")


def book(visit: Open) -> None:
    """Check and book, in both looks."""
    for look in ("light", "dark"):
        with visit(look=look, role="patient") as page:
            _free_times(page)
            page.locator("a[href*='/book/?slot=']").nth(4).click()
            page.locator("textarea[name=reason]").wait_for()
            keep(page, f"book-{look}")


def visits(visit: Open) -> None:
    """A patient's visits."""
    with visit(role="patient") as page:
        page.goto("/visits/")
        page.locator("main .card, main .ticket").first.wait_for()
        keep(page, "visits")


def day(visit: Open) -> None:
    """A doctor's day."""
    with visit(role="practitioner") as page:
        page.goto("/day/")
        page.locator("main details summary").first.wait_for()  # a visit's own line
        keep(page, "day")


def hours(visit: Open) -> None:
    """A doctor's weekly hours."""
    with visit(role="practitioner") as page:
        page.goto("/hours/")
        page.locator("details.day--hours summary").first.click()
        page.locator("input[type=time]").first.wait_for()
        keep(page, "hours")


def doctors(visit: Open) -> None:
    """What an admin sees of a doctor who waits for approval."""
    with visit(role="admin") as page:
        page.goto("/admin/doctors/")
        page.locator("main .card").first.wait_for()
        keep(page, "admin-doctors")


def calendar(visit: Open) -> None:
    """A doctor's week."""
    with visit(role="practitioner") as page:
        page.goto("/calendar/?view=week")
        page.locator("main .event").first.wait_for()
        keep(page, "calendar")


def desk(visit: Open) -> None:
    """The front desk's day, with a column for each doctor."""
    with visit(role="staff") as page:
        page.goto("/desk/")
        page.locator("main .desk a").first.wait_for()
        keep(page, "desk")


ALL = (board, find, book, visits, day, hours, doctors, calendar, desk)


def _free_times(page: Page) -> None:
    page.goto(DOCTOR)
    page.locator("a[href*='/book/?slot=']").first.wait_for()
    page.get_by_role("link", name="First visit").click()
    page.locator("a[aria-current]", has_text="First visit").wait_for()


def keep(page: Page, name: str) -> None:
    """Store what the window shows, small: few colours make a page, and PNG likes few."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.evaluate("document.activeElement && document.activeElement.blur()")
    seen = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
    small = seen.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}.png"
    small.save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KB\n")


def visitor(browser: Browser, url: str) -> Open:
    """Give a way to come as somebody new: ``visit(look="dark", role="patient")``."""

    @contextmanager
    def visit(*, look: str = "light", role: str = "", viewport: Any = DESKTOP) -> Iterator[Page]:
        person = browser.new_context(
            base_url=url, viewport=viewport, color_scheme=look, reduced_motion="reduce",
            locale="en-GB", timezone_id="Europe/London",
        )  # fmt: skip
        person.set_default_timeout(20_000)
        person.clock.set_fixed_time(NOW)
        page = person.new_page()
        if role:
            page.goto("/sign-in/")
            with page.expect_navigation(url=lambda there: "/sign-in/" not in there):
                page.locator(f"form:has(input[value={role}]) button").click()
        yield page
        person.close()

    return visit


def main(wanted: list[str]) -> int:
    """Make the pictures that were asked for; 1 when all of them together have become too large."""
    chosen = [make for make in ALL if not wanted or make.__name__ in wanted]
    chromium = next(filter(None, map(shutil.which, CHROMIUMS)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        clock = Path(folder) / "now"
        clock.write_text(NOW.isoformat())
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for make in chosen:
            # A clinic for each, so that no picture shows what another one has booked.
            data = Path(folder) / make.__name__
            data.mkdir()
            with serve(data, MEDIBOOK_CLOCK_FILE=str(clock)) as served:
                make(visitor(browser, served.url))
        browser.close()
    total = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    sys.stdout.write(f"together {total // 1024} KB\n")
    return 1 if total > MOST_BYTES else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
