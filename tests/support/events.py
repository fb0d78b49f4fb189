"""Reflex events without a browser: tabs that fire handlers through the real processor and guard.

    with apart() as house:                      # at module level: the app's own surface stays clean
        class Board(AppState, rx.State): ...

    async def story(stage):
        ada = stage.tab(cookie=stage.signed_in(ADA))
        await ada.opens("/visits/")             # hydrates and runs the page's on_load
        await ada.fires(Board.book, slot="x")   # as the page would
        await ada.sends(Board.book, {"slot": ["hostile"], "as_admin": True})
        assert await ada.sees(Board, "problem") == ""

    play(house, story)                          # a fresh app, guard, hub and kernel for each story

``hostile_socket(url, cookie=…)`` is a real socket for a served clinic.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import tempfile
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

import reflex as rx
import socketio
import sqlalchemy as sa
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import OnLoadInternalState, State
from reflex_base.event import Event, EventHandler
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler
from sqlmodel import SQLModel

from medibook.kernel import application, audit
from medibook.kernel.actor import Actor
from medibook.kernel.application import MediBook
from medibook.kernel.clock import SystemClock
from medibook.kernel.db import make_engine
from medibook.kernel.ids import RandomIds
from medibook.kernel.settings import Settings
from medibook.kernel.throttle import Throttle
from medibook.kernel.use_case import REGISTRY, UnitOfWork
from medibook.ui import live
from medibook.ui.guard import Guard

Story = Callable[["Stage"], Coroutine[Any, Any, None]]


@contextlib.contextmanager
def apart() -> Iterator[RegistrationContext]:
    """Register the states and use cases of a test where the application does not see them."""
    context = RegistrationContext.ensure_context().fork()
    token, use_cases = RegistrationContext.set(context), dict(REGISTRY)
    try:
        yield context
    finally:
        RegistrationContext.reset(token)
        for name in REGISTRY.keys() - use_cases.keys():
            del REGISTRY[name]


@dataclass
class Tab:
    """One browser tab: a client token, on a socket, with the cookies of its handshake."""

    stage: Stage
    cookie: str
    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    path: str = "/"
    socket: str = ""
    deltas: list[dict[str, dict[str, Any]]] = field(default_factory=list)
    orders: list[Event] = field(default_factory=list)  # to the browser, such as redirects

    async def opens(self, path: str) -> None:
        """Load a page anew: the handshake has happened, the state is hydrated, on_load runs."""
        self.path = path
        await self.sends(State.hydrate_and_load, {})

    async def goes(self, path: str) -> None:
        """Go to another page within the application."""
        self.path = path
        await self.sends(OnLoadInternalState.on_load_internal, {})

    async def fires(self, handler: EventHandler, **payload: Any) -> None:
        await self.sends(handler, payload)

    async def sends(self, handler: EventHandler | str, payload: Any) -> None:
        """Send any payload to any handler, and wait until everything that follows has happened."""
        name = handler if isinstance(handler, str) else format_event_handler(handler)
        event = Event(name=name, payload=payload, router_data=self._router_data())
        future = await self.stage.processor.enqueue(self.token, event)
        with contextlib.suppress(Exception, asyncio.CancelledError):
            await future.wait_all()

    def _router_data(self) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        return {
            "pathname": path,
            "asPath": self.path,
            "query": dict(pair.split("=", 1) for pair in query.split("&") if pair),
            "ip": "127.0.0.1",
            "token": self.token,
            "sid": self.socket,
            "headers": {"cookie": self.cookie, "origin": "http://127.0.0.1:8000"},
        }

    async def state(self, cls: type[Any]) -> Any:
        root = await self.stage.states.get_state(BaseStateToken(ident=self.token, cls=cls))
        return await root.get_state(cls)

    async def sees(self, cls: type[Any], name: str) -> Any:
        """What a var of a state holds now."""
        return getattr(await self.state(cls), name)

    def closes(self) -> None:
        self.stage.wire.holders.pop(self.token, None)


@dataclass
class _StageWire:
    """Sockets for tabs that have none."""

    processor: BaseStateEventProcessor
    holders: dict[str, Tab] = field(default_factory=dict)

    def socket(self, token: str) -> str | None:
        return self.holders[token].socket if token in self.holders else None

    def cookies(self, socket: str) -> str:
        return next((t.cookie for t in self.holders.values() if t.socket == socket), "")

    async def send(self, token: str, event: Event) -> live.Pending:
        return await self.processor.enqueue(token, event)


@dataclass
class Stage:
    """A kernel with accounts by session token, an app with the guard, its processor and its hub."""

    app: rx.App
    medibook: MediBook
    processor: BaseStateEventProcessor
    states: StateManagerMemory
    wire: _StageWire
    sessions: dict[str, Actor]
    mishaps: list[Exception]
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def signed_in(self, actor: Actor) -> str:
        """Open a session; returns the Cookie header that its browser will send."""
        token = f"session-{next(self._numbers)}"
        self.sessions[token] = actor
        return f"theme=dark; mb_session={token}"

    def ends(self, cookie: str) -> None:
        """End a session in the database: signed out elsewhere, idle, suspended."""
        del self.sessions[cookie.rpartition("=")[2]]

    def tab(self, *, cookie: str = "", token: str | None = None) -> Tab:
        """Open a tab; with another tab's ``token`` it is a reconnect, or a thief."""
        tab = Tab(self, cookie, socket=f"socket-{next(self._numbers)}")
        tab.token = token or tab.token
        self.wire.holders[tab.token] = tab
        return tab

    def refusals(self) -> list[tuple[str, str, str]]:
        """(who, what, why) of every refusal in the audit log, oldest first."""
        events = audit.AuditEvent.__table__
        query = sa.select(events.c.role, events.c.action, events.c.outcome).order_by(events.c.seq)
        with self.medibook.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query) if row.outcome != "ok"]


def play(
    house: RegistrationContext,
    story: Story,
    *,
    guarded: bool = True,
    pages: dict[str, list[EventHandler]] | None = None,
    **guard: Any,
) -> None:
    """Run one story on a fresh stage; ``pages`` are routes with their on_load handlers."""

    async def run() -> None:
        context = house.fork()
        context._set_config(
            rx.Config(
                app_name="medibook",
                telemetry_enabled=False,
                disable_plugins=[rx.plugins.SitemapPlugin],
            )
        )
        with context:
            async with _stage(Guard(**guard) if guarded else None, pages or {}) as stage:
                await asyncio.wait_for(story(stage), 30)

    asyncio.run(run())


@contextlib.asynccontextmanager
async def _stage(guard: Guard | None, pages: dict[str, list[EventHandler]]) -> AsyncIterator[Stage]:
    app = rx.App()
    for route, loads in pages.items():
        app.add_page(lambda: rx.el.p("a page"), route=route, on_load=loads)
    if guard:
        app.add_middleware(guard)
    mishaps: list[Exception] = []
    processor = BaseStateEventProcessor(
        middleware=app, backend_exception_handler=mishaps.append, graceful_shutdown_timeout=2
    )
    states = StateManagerMemory()
    processor.configure(state_manager=states)
    wire, sessions = _StageWire(processor), {}
    _record(processor, wire)
    with kernel(sessions) as medibook, _hub(wire) as hub:
        async with processor:
            carrier = asyncio.create_task(hub.run())
            yield Stage(app, medibook, processor, states, wire, sessions, mishaps)
            carrier.cancel()
        await states.close()


def _record(processor: BaseStateEventProcessor, wire: _StageWire) -> None:
    async def emit_delta(token: str, delta: dict[str, dict[str, Any]]) -> None:
        if token in wire.holders:
            wire.holders[token].deltas.append({k: dict(v) for k, v in delta.items()})

    async def emit_event(token: str, *events: Event) -> None:
        if token in wire.holders:
            wire.holders[token].orders.extend(events)

    object.__setattr__(processor._root_context, "emit_delta_impl", emit_delta)
    object.__setattr__(processor._root_context, "emit_event_impl", emit_event)


@dataclass
class _Sessions:
    """Sessions in a dictionary, and how often somebody gave a sign of life."""

    actors: dict[str, Actor]
    signs: int = 0

    def authenticate(self, uow: UnitOfWork, *, token: str) -> tuple[Actor, bool] | None:
        return (self.actors[token], True) if token in self.actors else None

    def keep_alive(self, uow: UnitOfWork, *, session_id: uuid.UUID) -> None:
        self.signs += 1


@contextlib.contextmanager
def kernel(sessions: dict[str, Actor]) -> Iterator[MediBook]:
    """The real kernel on a file of its own; only the table of sessions is a dictionary."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/stage.db")
        SQLModel.metadata.create_all(engine, tables=[audit._EVENTS, audit._HEADS])
        medibook = MediBook(
            engine=engine,
            clock=SystemClock(),
            ids=RandomIds(),
            settings=Settings(env="test"),
            throttle=Throttle(),
            identity=_Sessions(sessions),
            in_transaction={},
            after_commit={},
        )
        before = list(application._installed)
        application.install(medibook)
        try:
            yield medibook
        finally:
            application._installed[:] = before
            engine.dispose()


@contextlib.contextmanager
def _hub(wire: live.Wire) -> Iterator[live.Hub]:
    """The one hub of the process, emptied and put on this stage's wire."""
    hub = live.hub
    before = (hub.wire, hub._pages, hub._followers, hub._said)
    hub.wire, hub._pages, hub._followers, hub._said = wire, {}, defaultdict(set), set()
    try:
        yield hub
    finally:
        hub.wire, hub._pages, hub._followers, hub._said = before


@contextlib.asynccontextmanager
async def hostile_socket(
    url: str, *, cookie: str = "", token: str = "", origin: str | None = None
) -> AsyncIterator[HostileSocket]:
    """Connect to a served clinic as a browser would, or as nobody should."""
    client = socketio.AsyncClient(reconnection=False)
    socket = HostileSocket(client, token or str(uuid.uuid4()))
    client.on("event", socket._hear, namespace="/_event")
    client.on("new_token", socket._renamed, namespace="/_event")
    headers = {"Cookie": cookie} | ({"Origin": origin} if origin else {})
    try:
        await client.connect(
            f"{url}?token={socket.token}",
            headers=headers,
            transports=["websocket"],
            namespaces=["/_event"],
            socketio_path="/_event",
            wait_timeout=30,  # dozens come at once, and the default is a second
        )
        yield socket
    finally:
        await client.disconnect()
        if client.eio.http and not client.eio.http.closed:  # it keeps a refused connection open
            await client.eio.http.close()
        await asyncio.sleep(0.05)  # for the transports to close behind it


@dataclass
class HostileSocket:
    """A socket without a browser: sends any event, keeps every answer."""

    client: socketio.AsyncClient
    token: str
    answers: list[Any] = field(default_factory=list)

    async def sends(self, handler: EventHandler | str, payload: Any, path: str = "/") -> None:
        name = handler if isinstance(handler, str) else format_event_handler(handler)
        router_data = {"pathname": path, "asPath": path, "query": {}}
        event = {"name": name, "payload": payload, "router_data": router_data}
        await self.client.emit("event", event, namespace="/_event")

    async def hears(self, wanted: Callable[[Any], bool], seconds: float = 5) -> Any:
        """Wait for an answer that fits; raises TimeoutError when none comes."""
        async with asyncio.timeout(seconds):
            while True:
                for answer in self.answers:
                    if wanted(answer):
                        return answer
                await asyncio.sleep(0.02)

    def vars(self) -> dict[str, Any]:
        """What a page would show now: ``state.var`` to value, of all answers so far."""
        seen: dict[str, Any] = {}
        for answer in self.answers:
            for state, values in (answer.get("delta") or {}).items():
                seen |= {f"{state}.{name}": value for name, value in values.items()}
        return seen

    async def _hear(self, answer: Any) -> None:
        self.answers.append(json.loads(answer) if isinstance(answer, str) else answer)

    async def _renamed(self, token: str) -> None:
        self.token = token
