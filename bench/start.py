"""Start: from a process to an answer, cold and warm, and the memory of the serving process.

``python bench/start.py [--json]``. Cold means an empty data folder. The server is measured where the
front end has been built. The first launch on a fresh machine is ``start.py``'s own printed steps.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from statistics import median
from time import perf_counter, sleep

import psutil
from ground import ROOT, Row, options, scratch_folder, tell

ANSWER = (
    "from medibook.kernel.settings import load_settings; from medibook.wiring import build_medibook; "
    "from medibook.directory.service import search; from medibook.directory.schemas import SearchWish; "
    "from medibook.kernel.actor import STRANGER; "
    "build_medibook(load_settings()).perform(STRANGER, search, wish=SearchWish())"
)
WAIT = 60


def seconds(words: list[str], environment: dict[str, str]) -> float:
    """How long a command takes; it must end well."""
    began = perf_counter()
    subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    return perf_counter() - began


def serve(environment: dict[str, str]) -> tuple[float, float]:
    """Seconds from the process to its first answer, and its memory in MiB then."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = perf_counter()
    command = [sys.executable, "-m", "medibook", "run", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            while perf_counter() - began < WAIT and server.poll() is None:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                    break
                except (urllib.error.URLError, ConnectionError):
                    sleep(0.02)
            taken = perf_counter() - began
            return taken, psutil.Process(server.pid).memory_info().rss / 2**20
        finally:
            server.send_signal(signal.SIGTERM)


def main() -> None:
    chosen = options(__doc__ or "", rounds=3)
    rows: list[Row] = []

    def note(what: str, times: list[float], memory: float | str = "") -> None:
        rows.append({"what": what, "median_s": round(median(times), 2), "worst_s": round(max(times), 2),
                     "memory_MiB": round(memory) if memory else ""})  # fmt: skip

    with scratch_folder() as folder:
        environment = {**os.environ, "MEDIBOOK_ENV": "demo", "MEDIBOOK_DATA_DIR": folder}
        empty = {**environment, "MEDIBOOK_DATA_DIR": f"{folder}/empty"}
        note(
            "python itself (baseline)",
            [seconds(["-c", "pass"], empty) for _ in range(chosen.rounds)],
        )
        note("cold: migrate", [seconds(["-m", "medibook", "migrate"], empty)])
        note("cold: migrate and demo", [seconds(["-m", "medibook", "demo"], environment)])
        again = [seconds(["-m", "medibook", "demo"], environment) for _ in range(chosen.rounds)]
        note("warm: demo is there", again)
        answer = [seconds(["-c", ANSWER], environment) for _ in range(chosen.rounds)]
        note("process to first search", answer)
        if (ROOT / ".web/build/client/index.html").is_file():
            served = [serve(environment) for _ in range(chosen.rounds)]
            note("warm: server to first page", [t for t, _ in served], median(m for _, m in served))
    tell("start", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
