"""Every message that the tests' stories promise: on a phone, in both looks, and as text.

Run ``python docs/developers/letters.py FOLDER [TESTS…]``. The stories are told for real, on SQLite;
of each kind of message, channel and language the longest is kept. FOLDER gets a picture and a text of
each, and one page that shows them all, ``index.html``.
"""

from __future__ import annotations

import html
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from medibook.notifications import access
from medibook.notifications.channels.rendering import Writing, written
from medibook.notifications.schemas import Channel, NewMessage

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 360, "height": 640}
CLINIC, TELEPHONE, HERE = "MediBook", "+44 20 7946 0100", "http://127.0.0.1:8000"
STORIES = (
    "notifications",
    "people",
    "appointments",
    "waitlist",
    "reminders",
    "answers",
    "absences",
)
Told = dict[tuple[str, str, str], NewMessage]


class Eavesdropper:
    """Hears what is promised while the stories are told."""

    def __init__(self) -> None:
        self.told: Told = {}
        self._add = access.add

    def pytest_sessionstart(self) -> None:
        access.add = self._hear

    def pytest_sessionfinish(self) -> None:
        access.add = self._add

    def _hear(self, uow: Any, new: NewMessage, channel: Channel, **other: Any) -> Any:
        key = (channel.value, new.kind, new.locale)
        if key not in self.told or len(self.told[key].body) < len(new.body):
            self.told[key] = new
        return self._add(uow, new, channel, **other)


@dataclass(frozen=True)
class Shown:
    """One message and what was made of it."""

    name: str
    subject: str
    text: str
    has_picture: bool


def eavesdrop(rooms: list[str]) -> Told:
    """Tell the stories of these tests and return what was promised in them."""
    ear = Eavesdropper()
    asked = ["-q", "-x", "-p", "no:randomly", "-k", "sqlite and not hostile and not proof"]
    ended = pytest.main([*asked, *rooms], plugins=[ear])
    if ended or not ear.told:
        raise SystemExit("the stories did not end well: nothing is drawn")
    return ear.told


def writing_of(new: NewMessage) -> Writing:
    return written(
        new.subject, new.body, locale=new.locale, clinic=CLINIC, phone=TELEPHONE, origin=HERE
    )


def draw(browser: Browser, said: Writing, name: str, folder: Path) -> None:
    """A phone's picture in both looks."""
    for look in ("light", "dark"):
        page = browser.new_page(viewport=PHONE, color_scheme=look, device_scale_factor=1)
        page.set_content(said.html)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > PHONE["width"]:
            raise SystemExit(f"{name} is {wide} pixels wide, a phone {PHONE['width']}")
        page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)
        page.close()


def show(told: Told, folder: Path) -> list[Shown]:
    """Draw every letter, and write every text, into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for (channel, kind, locale), new in sorted(told.items()):
            name = f"{kind}-{channel}-{locale}"
            is_letter = channel == Channel.EMAIL
            said = writing_of(new)
            text = said.text if is_letter else new.sms if channel == Channel.SMS else new.body
            (folder / f"{name}.txt").write_text(text)
            if is_letter:
                draw(browser, said, name, folder)
            shown.append(Shown(name, new.subject, text, is_letter))
        browser.close()
    return shown


def page_of(shown: list[Shown]) -> str:
    """All messages beside each other."""
    cards = []
    for one in shown:
        pictures = "".join(
            f'<img src="{one.name}-{look}.png" width="240" alt="{look}">'
            for look in ("light", "dark")
            if one.has_picture
        )
        text = html.escape(one.text)
        cards.append(f"<section><h2>{one.name}</h2>{pictures}<pre>{text}</pre></section>")
    style = (
        "body{font:14px system-ui}section{display:inline-block;vertical-align:top;margin:12px;"
        "max-width:820px}pre{display:inline-block;vertical-align:top;max-width:320px;"
        "white-space:pre-wrap;overflow-wrap:anywhere}img{border:1px solid #ccc;margin-right:8px}"
    )
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>{''.join(cards)}"


def main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    folder = Path(sys.argv[1])
    rooms = sys.argv[2:] or [
        str(path) for room in STORIES if (path := ROOT / "tests" / room).exists()
    ]
    shown = show(eavesdrop(rooms), folder)
    (folder / "index.html").write_text(page_of(shown))
    kinds = {one.name.rsplit("-", 2)[0] for one in shown}
    print(f"{len(shown)} messages of {len(kinds)} kinds: {folder / 'index.html'}")


if __name__ == "__main__":
    main()
