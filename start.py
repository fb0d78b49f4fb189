#!/usr/bin/env python3
"""From a fresh clone to a running clinic: ``python3 start.py`` and nothing else.

Needs Python 3.11 or newer and uses its standard library only. Everything it makes lies beside it:
``.venv`` (packages), ``.web`` (the built front end), ``data`` (the embedded database).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
BUILT = HERE / ".web" / "build"
BUILD_STAMP = BUILT / "fingerprint.txt"
LOG = HERE / "data" / "start.log"
# Changing any of these can change what the browser receives. The pages are Python, and they show
# what schemas and rules say; only the command line surely stays outside.
BUILD_SOURCES = ("medibook/**/*.py", "assets/**/*", "rxconfig.py", "requirements.txt")
NOT_BUILT = ("medibook/cli/", "assets/external/")
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
    ("pytest", "-q", "tests/architecture"),
)
LONGEST_TEST = 600  # seconds, on a slow machine
ROLE_NAMES = {"practitioner": "doctor", "staff": "front desk"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Stop(Exception):  # noqa: N818 - it ends the launcher with a sentence, it is no traceback
    """What is in the way, in one sentence, and with which exit code to leave."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


class Steps:
    """Numbered lines with seconds: what is being done, and how long it took."""

    def __init__(self, total: int) -> None:
        self.total, self.number, self.began = total, 0, time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        """Announce one step; the body may say a word about how it went."""
        self.number += 1
        start, words, over = time.monotonic(), [""], threading.Event()
        line = f"[{self.number}/{self.total}] {title:<24}"
        ticker = threading.Thread(target=self._tick, args=(line, start, over), daemon=True)
        ticker.start()
        try:
            yield lambda word: words.append(word)
        finally:
            over.set()
            ticker.join()
            clear = "\r" if sys.stdout.isatty() else ""
            print(f"{clear}{line}{time.monotonic() - start:6.1f} s  {words[-1]}", flush=True)

    @staticmethod
    def _tick(line: str, start: float, over: threading.Event) -> None:
        while sys.stdout.isatty() and not over.wait(0.2):
            print(f"\r{line}{time.monotonic() - start:6.1f} s", end="", flush=True)


# ── what the steps need ──────────────────────────────────────────────────────────────────────────


def digest(paths: Iterable[Path], root: Path = HERE) -> str:
    """A fingerprint of files: their names and their contents."""
    total = hashlib.sha256()
    for path in sorted(set(paths)):
        total.update(f"{path.relative_to(root).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def sources_fingerprint(root: Path = HERE) -> str:
    """Tells whether the built front end still belongs to these sources."""
    found = (path for pattern in BUILD_SOURCES for path in root.glob(pattern) if path.is_file())
    unwanted = tuple(str(root / start) for start in NOT_BUILT)
    wanted = [p for p in found if not str(p).startswith(unwanted) and p.suffix != ".mo"]
    return digest(wanted, root)


def lock_fingerprint(root: Path = HERE) -> str:
    """Tells whether the packages of the front end are still the same; a build may add some."""
    # Not package.json: Reflex writes its keys in one order or another.
    return digest(root.glob("reflex.lock/package-lock.json"), root)


def free_port(host: str, wished: int) -> int:
    """The wished port, or the next one that nobody listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(wished, min(wished + 100, 65536)):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name != "nt":  # there it would let two servers share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except PermissionError:
                raise Stop(f"Port {port} needs more rights: choose one above 1023.", 2) from None
            except OSError:
                continue
            return port
    raise Stop(f"No free port between {wished} and {wished + 99}. Choose another with --port.", 2)


def environment() -> dict[str, str]:
    """Our own packages and our own Node come first; pages of the tool stay in UTF-8."""
    path = os.pathsep.join([str(SCRIPTS), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV), "PYTHONUTF8": "1"}


def quietly(*command: str | Path) -> None:
    """Run a tool with its words in the log; if it fails, show the last of them."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("ab") as log:
        begun = log.tell()
        done = subprocess.run(
            [str(part) for part in command], cwd=HERE, env=environment(), stdout=log,
            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    if done.returncode:
        words = LOG.read_bytes()[begun:].decode(errors="replace").strip().splitlines()
        name = " ".join(str(part) for part in command[1:4])
        raise Stop("\n".join([*words[-30:], f"“{name} …” did not succeed; all of it: {LOG}"]))


def medibook(*arguments: str) -> None:
    """Ask the clinic's own command-line tool."""
    quietly(PYTHON, "-m", "medibook", *arguments)


# ── the steps ────────────────────────────────────────────────────────────────────────────────────


def make_venv(say: Callable[[str], None]) -> None:
    """An environment of our own, so that nothing else on the machine changes."""
    if PYTHON.exists() and any(SCRIPTS.glob("pip*")):
        say("there already")
        return
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, check=False
    )
    if made.returncode and (uv := shutil.which("uv")):
        command = [uv, "venv", "--clear", "--seed", str(VENV)]
        made = subprocess.run(command, capture_output=True, check=False)
    if made.returncode:
        raise Stop(
            "This Python cannot make a virtual environment: install its venv and pip "
            "(Debian, Ubuntu: apt-get install python3-venv) and start again.", 2,
        )  # fmt: skip


def install(requirements: str, say: Callable[[str], None]) -> None:
    """The pinned packages; Node and npm are among them."""
    stamp = VENV / f".installed-{requirements}"
    wanted = digest([HERE / "requirements.txt", HERE / requirements])
    if stamp.exists() and stamp.read_text() == wanted:
        say("there already")
        return
    quietly(PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "-r", requirements)
    stamp.write_text(wanted)


def build_front_end(say: Callable[[str], None]) -> None:
    """The static front end, only when something that feeds it has changed."""
    sources = sources_fingerprint()
    if BUILD_STAMP.exists() and BUILD_STAMP.read_text() == f"{sources} {lock_fingerprint()}":
        say("unchanged")
        return
    medibook("build")
    # The sources as they were before: what changed meanwhile is built the next time.
    BUILD_STAMP.write_text(f"{sources} {lock_fingerprint()}")


def serve(host: str, port: int) -> subprocess.Popen[bytes]:
    """Start the clinic and wait until it answers. It ends when this process does."""
    server = subprocess.Popen(
        [str(PYTHON), "-m", "medibook", "run", "--host", host, "--port", str(port), "--stop-with-stdin"],
        cwd=HERE, env=environment(), stdin=subprocess.PIPE,
    )  # fmt: skip
    while server.poll() is None:
        try:
            urllib.request.urlopen(f"{address(host, port)}livez", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return server
    raise Stop("The clinic did not start; the lines above say why.", server.returncode or 1)


def address(host: str, port: int) -> str:
    """Where the browser finds us; “everywhere” is reached at this machine's own address."""
    name = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"


def box(url: str, wished: int, seconds: float) -> str:
    """The last words: where, as whom, how to stop, how to wipe."""
    lines = [f"MediBook is open at  {url}", ""]
    if f":{wished}/" not in url:
        lines[1:1] = [f"(port {wished} was taken)"]
    for account in demo_accounts():
        kind = ROLE_NAMES.get(account["role"], account["role"])
        if account["email"].startswith("applicant@"):  # a doctor, but nobody's doctor here yet
            kind = "applicant"
        lines.append(f"{kind:<12}  {account['email']:<24}  {account['passphrase']}")
    if demo_accounts():
        lines += ["", f"What would be sent can be read at  {url}demo/mailbox/"]
    lines += ["", f"Ready after {seconds:.1f} s", "Stop:       Ctrl-C"]
    lines += ["Start over: python3 start.py --reset"]
    width = max(map(len, lines))
    rule = "─" * (width + 2)
    return "\n".join([f"┌{rule}┐", *(f"│ {line:<{width}} │" for line in lines), f"└{rule}┘"])


def data_folder() -> Path:
    """Where the embedded database lies."""
    return HERE / os.environ.get("MEDIBOOK_DATA_DIR", "data")


def database_is_current() -> bool:
    """The embedded database is as new as the code; asking the clinic's own tool takes seconds."""
    file = data_folder() / "medibook.db"
    if os.environ.get("MEDIBOOK_DB_URL") or not file.exists():
        return False
    newest = max(path.name.split("_")[0] for path in (HERE / "alembic/versions").glob("*_*.py"))
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.Error:  # half made, or not ours: the clinic's own tool says what is wrong
        return False
    return found == [(newest,)]


def demo_accounts() -> list[dict[str, Any]]:
    """One account per role, as the demo clinic wrote them down; none in production."""
    try:
        found = json.loads((data_folder() / "demo-accounts.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [account for account in found["accounts"] if isinstance(account, dict)]


# ── the commands ─────────────────────────────────────────────────────────────────────────────────


def run(options: argparse.Namespace) -> int:
    """From whatever is there to a served page."""
    demo = os.environ.get("MEDIBOOK_ENV", "demo") == "demo"
    steps = Steps(6 if demo else 5)
    prepare(steps, "requirements.txt")
    with steps.step("Database") as say:
        current = database_is_current()
        if current:
            say("up to date")
        else:
            medibook("migrate")
    if demo:
        with steps.step("Demo clinic") as say:
            if current and demo_accounts() and not options.reset:
                say("there already")
            else:
                medibook("demo", *(["--reset", "--yes"] if options.reset else []))
    with steps.step("Front end") as say:
        build_front_end(say)
    with steps.step("Serving"):
        port = free_port(options.host, options.port)
        server = serve(options.host, port)
    url = address(options.host, port)
    print(box(url, options.port, time.monotonic() - steps.began), flush=True)
    if not options.no_browser:
        webbrowser.open(url)
    return wait_for(server)


def prepare(steps: Steps, requirements: str) -> None:
    """Environment and packages: what every command needs first."""
    with steps.step("Python environment") as say:
        make_venv(say)
    with steps.step("Packages") as say:
        install(requirements, say)


def wait_for(server: subprocess.Popen[bytes]) -> int:
    """Stay until the clinic ends, or end it: on Ctrl-C, and when we are told to go."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return server.wait()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        print("\nMediBook is closed.", flush=True)
        return 0


def test(options: argparse.Namespace) -> int:
    """All tests, with everything they need; further arguments go to pytest."""
    steps = Steps(4)
    prepare(steps, "requirements-dev.txt")
    with steps.step("PostgreSQL and Chromium"):
        install_systems(missing_systems())
    with steps.step("Front end") as say:
        build_front_end(say)
    pytest: tuple[str | Path, ...] = (PYTHON, "-m", "pytest")
    if any(not word.startswith("-") for word in options.rest):  # somebody wants these and no others
        return foreground(*pytest, *options.rest)
    # A test that hangs fails after minutes, shows where each thread stands, and the others go on.
    pytest = (*pytest, f"--timeout={LONGEST_TEST}")
    # Two files at once. The journeys come after the rest: there it matters how fast things happen, and
    # beside a race of many processes a page is slow without being wrong.
    journeys, two_files = "tests/journeys", (*pytest, "-n", "2", "--dist", "loadfile")
    rest = (f"--ignore={journeys}", "--no-loadscope-reorder", *options.rest)
    others = foreground(*two_files, *rest)
    print(f"\n── now {journeys}", flush=True)
    return foreground(*two_files, journeys, *options.rest) or others


def missing_systems() -> list[str]:
    """What the tests need and the machine lacks, by the names of Debian's packages."""
    postgres = shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    named = postgres or os.environ.get("MEDIBOOK_TEST_PG_URL")
    browser = any(shutil.which(name) for name in BROWSERS)
    return [] if named and browser else ["chromium"] * (not browser) + ["postgresql"] * (not named)


def install_systems(packages: list[str]) -> None:
    """Take them from the system's packages where we may, else say what to install."""
    if not packages:
        return
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not (root and shutil.which("apt-get")):
        raise Stop(
            f"The tests need {' and '.join(packages)}. Install with: "
            f"sudo apt-get install {' '.join(packages)} (macOS: brew install {' '.join(packages)})", 2,
        )  # fmt: skip
    quietly("apt-get", "update")
    quietly("apt-get", "install", "-y", "--no-install-recommends", *packages)


def check(_: argparse.Namespace) -> int:
    """Style, types, import contracts and architecture; all of them, even if one fails."""
    steps = Steps(3)
    prepare(steps, "requirements-dev.txt")
    with steps.step("PostgreSQL and Chromium"):  # migrations are checked on both engines
        install_systems(missing_systems())
    failed = []
    for command in CHECKS:
        print(f"\n── {' '.join(command)}", flush=True)
        if foreground(SCRIPTS / command[0], *command[1:]):
            failed.append(" ".join(command))
    print(f"\nNot in order: {', '.join(failed)}" if failed else "\nAll checks are in order.")
    return 1 if failed else 0


def build(_: argparse.Namespace) -> int:
    """The front end alone."""
    steps = Steps(3)
    prepare(steps, "requirements.txt")
    with steps.step("Front end") as say:
        build_front_end(say)
    return 0


def dev(options: argparse.Namespace) -> int:
    """Serve from the sources and reload when they change."""
    steps = Steps(3)
    prepare(steps, "requirements-dev.txt")
    with steps.step("Database"):
        medibook("migrate")
    port = free_port(options.host, options.port)
    arguments = ["-m", "medibook", "dev", "--host", options.host, "--port", str(port)]
    os.chdir(HERE)
    # The tool takes this process over, so that Ctrl-C and SIGTERM reach it directly.
    os.execve(PYTHON, [str(PYTHON), *arguments], environment())


def foreground(*command: str | Path) -> int:
    """Hand the terminal to a tool until it ends; Ctrl-C is the tool's to answer."""
    with subprocess.Popen([str(part) for part in command], cwd=HERE, env=environment()) as tool:
        while True:
            try:
                return tool.wait()
            except KeyboardInterrupt:
                continue


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="start.py", description=__doc__)
    commands = {"run": run, "test": test, "check": check, "dev": dev, "build": build}
    parser.add_argument("command", nargs="?", default="run", choices=commands)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port; the next free one if taken")
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    parser.add_argument("--reset", action="store_true", help="wipe the demo clinic, start afresh")
    options, rest = parser.parse_known_args(arguments)
    options.rest = rest
    if options.rest and options.command != "test":
        parser.error(f"unknown: {' '.join(options.rest)}")
    try:
        return commands[options.command](options)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return stop.code
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - said in words instead of a syntax error
        sys.exit("MediBook needs Python 3.11 or newer; this is " + sys.version.split()[0])
    sys.exit(main())
