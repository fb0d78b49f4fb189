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
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

import reflex as rx
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
from medibook.kernel.actor import STRANGER, Actor
from medibook.kernel.application import MediBook
from medibook.kernel.clock import SystemClock
from medibook.kernel.db import make_engine
from medibook.kernel.ids import RandomIds
from medibook.kernel.settings import Settings
from medibook.kernel.throttle import Throttle
from medibook.ui import live
from medibook.ui.guard import Guard

Story = Callable[["Stage"], Coroutine[Any, Any, None]]


@contextlib.contextmanager
def apart() -> Iterator[RegistrationContext]:
    """Register the states of a test where the application does not see them."""
    context = RegistrationContext.ensure_context().fork()
    token = RegistrationContext.set(context)
    try:
        yield context
    finally:
        RegistrationContext.reset(token)


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
        context._set_config(rx.Config(app_name="medibook", telemetry_enabled=False))
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
    with _kernel(sessions) as medibook, _hub(wire) as hub:
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


@contextlib.contextmanager
def _kernel(sessions: dict[str, Actor]) -> Iterator[MediBook]:
    engine = make_engine("sqlite:///file:stage?mode=memory&uri=true")
    yield None
