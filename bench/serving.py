"""Servers to measure from outside, each a process of its own, and tabs: sockets that act as pages do.

The clinic runs as ``python -m medibook run`` serves it, in production mode, on a database that is
there already; ``bare.py`` is served by the same server. People are let in by the service that opens
sessions, past the password, which is no part of what is measured. No limit is switched off: a tab
sends no more than the guard's burst, then another one takes over.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import secrets
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any
from uuid import UUID

import psutil
import reflex as rx
import socketio
import sqlalchemy as sa
from bare import CONFIG
from ground import ROOT, scratch_folder
from reflex.state import OnLoadInternalState, State
from reflex_base.utils.format import format_event_handler

from medibook.kernel.actor import Role, system, system_only
from medibook.kernel.application import MediBook
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.people.access import accounts
from medibook.people.service.sessions import start_session
from medibook.people.tables import User
from medibook.ui.guard import PER_PAGE

# Of the guard's burst for one page; the rest is for its arrival.
EVENTS_OF_A_TAB = PER_PAGE.burst - 20
_PATIENCE, _TO_READY, _TO_STOP, _MOST_FILES = 30, 60, 15, 8_192
_MARK = "_rx_state_"  # Reflex puts it behind the name of each var
Wanted = Callable[[dict[str, Any]], bool]


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, and what it has used."""

    port: int
    process: psutil.Process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu_ms(self) -> float:
        times = self.process.cpu_times()
        return (times.user + times.system) * 1000

    def kib(self) -> float:
        return self.process.memory_info().rss / 1024


@contextmanager
def clinic_served(medibook: MediBook) -> Iterator[Server]:
    """Serve the database of a clinic, in a process of its own."""
    if not (ROOT / ".web/build/client/index.html").is_file():
        sys.exit("The front end is not built yet. Run: python -m medibook build")
    port = _free_port()
    with scratch_folder() as folder:
        environment = _clean(
            MEDIBOOK_ENV="production", MEDIBOOK_SECRET_KEY=secrets.token_urlsafe(40),
            MEDIBOOK_BASE_URL=f"http://127.0.0.1:{port}", MEDIBOOK_DATA_DIR=folder,
            MEDIBOOK_DB_URL=medibook.settings.database,
        )  # fmt: skip
        command = [sys.executable, "-m", "medibook", "run", "--port", str(port)]
        with _running(command, port, ROOT, environment) as server:
            yield server


@contextmanager
def bare_served() -> Iterator[Server]:
    """Serve Reflex's own trivial application."""
    port = _free_port()
    with scratch_folder() as folder:
        Path(folder, "rxconfig.py").write_text(CONFIG)
        paths = os.pathsep.join([folder, str(ROOT / "bench")])
        command = [sys.executable, "-c", f"import bare; bare.serve({port})"]
        with _running(command, port, Path(folder), _clean(PYTHONPATH=paths)) as server:
            yield server


def _clean(**settings: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("MEDIBOOK_")}
    return {**inherited, **settings}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(
    command: list[str], port: int, folder: Path, environment: dict[str, str]
) -> Iterator[Server]:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)  # one for each socket, here and there
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(_MOST_FILES, most), most))
    # Told to end, end as on Ctrl-C: the server must not outlive who started it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with scratch_folder() as logs, Path(logs, "log").open("w+") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            if not _answers(port, process):
                log.seek(0)
                sys.exit(f"the server did not start:\n{log.read()[-4000:]}")
            yield Server(port, psutil.Process(process.pid))
        finally:
            _end(process)


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    until = monotonic() + _TO_READY
    while monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        sleep(0.05)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@use_case(allow=system_only)
def _let_in(uow: UnitOfWork, *, user_ids: Sequence[UUID]) -> list[str]:
    """Open a session for each of these accounts; the cookies that their browsers will send."""
    found = [accounts.find(uow, user_id) for user_id in user_ids]
    opened = [start_session(uow, user, device="", go_to="") for user in found]
    return [f"mb_session={one.token}" for one in opened]


def let_in(medibook: MediBook, user_ids: Sequence[UUID]) -> list[str]:
    """Sign these people in; returns their cookies."""
    return medibook.perform(system("bench"), _let_in, user_ids=user_ids)


def some_patients(medibook: MediBook, count: int) -> list[str]:
    """Sign so many patients in, whoever they are; returns their cookies."""
    users = table_of(User)
    those = sa.select(users.c.id).where(users.c.role == Role.PATIENT).order_by(users.c.id)
    with medibook.engine.connect() as connection:
        return let_in(medibook, connection.execute(those.limit(count)).scalars().all())


@dataclass
class Tab:
    """One page, open in a browser, without the browser."""

    client: socketio.AsyncClient
    path: str = "/"
    last: dict[str, Any] = field(default_factory=dict)
    _wanted: Wanted = lambda _: False
    _heard: asyncio.Future[float] | None = None

    async def opens(self, path: str, wanted: Wanted) -> float:
        """Load a page anew: the state is made, and the page's on_load runs."""
        self.path = path
        return await self.asks(State.hydrate_and_load, {}, wanted)

    async def goes(self, path: str, wanted: Wanted) -> float:
        """Go to another page within the application."""
        self.path = path
        return await self.asks(OnLoadInternalState.on_load_internal, {}, wanted)

    async def asks(self, handler: Any, payload: dict[str, Any], wanted: Wanted) -> float:
        """Milliseconds from sending an event to the answer that is waited for."""
        self._wanted, self._heard = wanted, asyncio.get_running_loop().create_future()
        began = perf_counter()
        await self.client.emit("event", self._event(handler, payload), namespace="/_event")
        try:
            return (await asyncio.wait_for(self._heard, _PATIENCE) - began) * 1000
        except TimeoutError:
            sys.exit(f"no answer at {self.path}; the last one was {str(self.last)[:2000]}")

    def _event(self, handler: Any, payload: dict[str, Any]) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        pairs = dict(pair.split("=", 1) for pair in query.split("&") if pair)
        router_data = {"pathname": path, "asPath": self.path, "query": pairs}
        return {
            "name": format_event_handler(handler),
            "payload": payload,
            "router_data": router_data,
        }

    async def hear(self, answer: Any) -> None:
        self.last = json.loads(answer) if isinstance(answer, str) else answer
        if self._heard and not self._heard.done() and self._wanted(self.last):
            self._heard.set_result(perf_counter())


def shows(state: type[rx.State], name: str, value: object = ...) -> Wanted:
    """An answer that says what a var is now; anything will do when no value is named."""
    whose, key = state.get_full_name(), name + _MARK

    def is_wanted(answer: dict[str, Any]) -> bool:
        values = (answer.get("delta") or {}).get(whose, {})
        return key in values and value in (..., values[key])

    return is_wanted


def sends_on(answer: dict[str, Any]) -> bool:
    """An answer that sends the browser to another page."""
    return any(event["name"] == "_redirect" for event in answer.get("events") or ())


@asynccontextmanager
async def tabs(server: Server, cookies: Sequence[str]) -> AsyncIterator[list[Tab]]:
    """Tabs of people with these cookies, connected one after the other; closed afterwards."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_tab(server, cookie)) for cookie in cookies]


@asynccontextmanager
async def _tab(server: Server, cookie: str) -> AsyncIterator[Tab]:
    client = socketio.AsyncClient(reconnection=False)
    tab = Tab(client)
    client.on("event", tab.hear, namespace="/_event")
    await client.connect(
        f"{server.url}?token={uuid.uuid4()}",
        headers={"Cookie": cookie, "Origin": server.url} if cookie else {"Origin": server.url},
        transports=["websocket"],
        namespaces=["/_event"],
        socketio_path="/_event",
        wait_timeout=_PATIENCE,
    )
    try:
        yield tab
    finally:
        await client.disconnect()
        await asyncio.sleep(0)  # for the transport to close behind it
