"""The clinic as people meet it: the real process, served on a free port, and a real Chromium.

Whatever a page complains about in the console (a script error, a refused script, a failed request)
fails the test that caused it; a test that provokes a complaint says so by ``faults.clear()``.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from start import build_front_end

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60
STOP_SECONDS = 15
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A clean room: no sandbox (tests may run as root), nothing that calls home.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
MISSING = (
    "Chromium is missing: the journeys drive a real browser. Install it "
    "(Debian, Ubuntu: apt-get install chromium; macOS: brew install --cask chromium)."
)
# With it an SMS may be brought to the served clinic.
SMS_TOKEN = "sesame"


@dataclass(frozen=True)
class Served:
    """One clinic that runs: where it answers, where its rows lie, what it says."""

    url: str
    data_dir: Path
    env: dict[str, str]
    log: Path
    pid: int

    def medibook(self, *arguments: str) -> str:
        """Ask the command-line tool about this clinic; its answer."""
        return _medibook(self.env, *arguments)


@contextlib.contextmanager
def serve(data_dir: Path, **settings: str) -> Iterator[Served]:
    """A clinic of its own for as long as the block runs; ``settings`` are MEDIBOOK_* variables."""
    _built()
    port = _free_port()
    env = {k: v for k, v in os.environ.items() if not k.startswith("MEDIBOOK_")}
    env |= {
        "MEDIBOOK_ENV": "demo",
        "MEDIBOOK_DATA_DIR": str(data_dir),
        "MEDIBOOK_BASE_URL": f"http://127.0.0.1:{port}",
        **settings,
    }
    _medibook(env, "migrate")
    if env["MEDIBOOK_ENV"] == "demo":
        _medibook(env, "demo")
    log = data_dir / "served.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "medibook", "run", "--port", str(port)],
            cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
            # Ctrl-C belongs to the test run, which then ends the clinic in order.
            start_new_session=True,
        )  # fmt: skip
    try:
        served = Served(f"http://127.0.0.1:{port}", data_dir, env, log, process.pid)
        _wait_until_ready(served, process)
        yield served
    finally:
        _stop(process)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo clinic, served once for every journey of this run."""
    settings = {"MEDIBOOK_SMS_GATEWAY_TOKEN": SMS_TOKEN}
    with serve(tmp_path_factory.mktemp("clinic"), **settings) as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Show what the served clinic said during a test that failed."""
    report = yield
    running = item.funcargs.get("served") if hasattr(item, "funcargs") else None
    if report.failed and isinstance(running, Served):
        said = running.log.read_text(errors="replace")[-4000:]
        report.sections.append(("what the clinic said last", said))
    return report


# One Chromium per module, not per session: while Playwright is on, its event loop runs in this
# thread, and no other test could use asyncio.run.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running Chromium; people get contexts of their own in it."""
    executable = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    assert executable, MISSING
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What any page of this test complained about; must be empty in the end."""
    complaints: list[str] = []
    yield complaints
    assert complaints == [], "the page complained:\n" + "\n".join(complaints)


@pytest.fixture
def visitor(browser: Browser, served: Served, faults: list[str]) -> Iterator[Callable[..., Page]]:
    """A new person at a browser of their own: ``visitor(viewport=…, color_scheme="dark", …)``."""
    people: list[BrowserContext] = []

    def arrive(**options: Any) -> Page:
        options = {"base_url": served.url, "viewport": {"width": 1280, "height": 800}, **options}
        person = browser.new_context(**options)
        person.set_default_timeout(15_000)
        people.append(person)
        page = person.new_page()
        _watch(page, faults)
        return page

    yield arrive
    for person in people:
        person.close()


@pytest.fixture
def page(visitor: Callable[..., Page]) -> Page:
    """One person at a desktop screen."""
    return visitor()


def axe(page: Page, *, disabled: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds wrong on the page as it stands, one line per element; [] is the goal.

    It runs in an isolated world of the DevTools protocol: it sees the same document, and our
    content policy, which rightly lets no foreign script into the page, stays in force meanwhile.
    """
    session = page.context.new_cdp_session(page)
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})
    where = {"contextId": world["executionContextId"]}
    session.send("Runtime.evaluate", {"expression": AXE_SCRIPT, **where})
    rules = "{" + ",".join(f'"{rule}":{{enabled:false}}' for rule in disabled) + "}"
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": f"axe.run({{resultTypes: ['violations'], rules: {rules}}})",
            "awaitPromise": True,
            "returnByValue": True,
            **where,
        },
    )
    session.detach()
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return [
        f"{found['id']} ({found['impact']}) at {' '.join(map(str, node['target']))}: {node['html'][:160]}"
        for found in answer["result"]["value"]["violations"]
        for node in found["nodes"]
    ]


def _watch(page: Page, faults: list[str]) -> None:
    # Chromium reports what the content policy refused as a console error, too.
    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"{page.url}: {message.text} ({message.location.get('url', '')})")

    page.on("console", heard)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))


def _built() -> None:
    """The front end of these very sources; several test processes build it once."""
    lock = ROOT / ".pytest_cache" / "front-end.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as waiting:
        fcntl.flock(waiting, fcntl.LOCK_EX)
        build_front_end(lambda _: None)


def _medibook(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "medibook", *arguments],
        cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
    assert done.returncode == 0, f"medibook {' '.join(arguments)}: exit {done.returncode}\n{said}"
    return done.stdout


def _wait_until_ready(served: Served, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{served.url}/readyz", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the clinic did not get ready:\n{served.log.read_text(errors='replace')[-4000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
