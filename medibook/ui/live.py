"""Live pages: when a time is taken, every open board hears of it within a second.

A page follows topics; after a commit the facts become topics and each follower's ``refresh`` runs.
The push is only a hint: ``refresh`` reads the database again, as its own reader, under the guard.

    class Board(AppState, rx.State):
        @rx.event
        @allow(anyone)
        async def load(self) -> None:                     # on_load
            self.times = await self._perform(slot_board, practitioner_id=...)
            self._follow(f"practitioner:{self._practitioner}")   # ids from use cases, never claims

        @rx.event
        @allow(anyone)
        async def refresh(self) -> None:                  # called by the hub
            self.times = await self._perform(slot_board, practitioner_id=...)

At the root: ``hub.attach(app)``, and ``medibook.on_commit`` calls ``hub.publish(*topics)``.
This is the one file that knows Reflex's sockets and queue from inside; tests/ui hold it to them.
"""

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

import reflex as rx
from reflex_base.event import Event, EventHandler
from reflex_base.event.context import EventContext
from reflex_base.utils.format import format_event_handler

log = logging.getLogger("medibook.live")

WINDOW = 0.1  # seconds in which several commits become one refresh
SWEEP = 60.0  # seconds after which followers without a socket are forgotten
MOST_TOPICS = 64  # per open page: a page of result cards needs one for each practitioner


class Pending(Protocol):
    """A refresh on its way to one page."""

    def done(self) -> bool: ...


class Wire(Protocol):
    """The sockets of this worker, as the hub and the guard need them."""

    def socket(self, token: str) -> str | None:
        """The socket that holds a client token now; None when nobody does."""
        ...

    def cookies(self, socket: str) -> str:
        """The Cookie header that came with the socket's handshake."""
        ...

    async def send(self, token: str, event: Event) -> Pending:
        """Queue an event for a page as if its own."""
        ...


class ReflexWire:
    """The wire of a running Reflex app (0.10: namespace, token manager, event processor)."""

    def __init__(self, app: rx.App) -> None:
        self._app = app

    def socket(self, token: str) -> str | None:
        # The public token_to_sid builds a dictionary of every socket at each look.
        namespace = self._app.event_namespace
        record = namespace and namespace._token_manager.token_to_socket.get(token)
        return record.sid if record else None

    def cookies(self, socket: str) -> str:
        namespace = self._app.event_namespace
        kept = namespace._static_router_data.get(socket) if namespace else None
        return str(kept["headers"].get("cookie", "")) if kept else ""

    async def send(self, token: str, event: Event) -> Pending:
        return await self._app.event_processor.enqueue(token, event)


@dataclass
class _Page:
    """One open page: the socket it followed from, and what each of its states wants to hear."""

    socket: str | None
    wants: dict[str, frozenset[str]] = field(default_factory=dict)
    under_way: dict[str, Pending] = field(default_factory=dict)


class Hub:
    """Who in this worker wants to hear of which topic. It holds hints, never truth."""

    def __init__(self, *, window: float = WINDOW, most_topics: int = MOST_TOPICS) -> None:
        self.wire: Wire | None = None
        self.to_other_workers: Callable[[frozenset[str]], None] | None = None
        self._window = window
        self._most_topics = most_topics
        self._pages: dict[str, _Page] = {}
        self._followers: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        self._lock = threading.Lock()
        self._said: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._bell: asyncio.Event | None = None

    def attach(self, app: rx.App) -> None:
        """Serve ``app``; at the composition root, before the server starts."""
        self.wire = ReflexWire(app)
        app.register_lifespan_task(self.run)

    # ── following (on the event loop) ────────────────────────────────────────────────────────

    def follow(self, token: str, handler: EventHandler, topics: Iterable[str]) -> None:
        """Let the page behind ``token`` hear of ``topics`` by ``handler``, not of the former ones."""
        socket = self.wire.socket(token) if self.wire else None
        page = self._pages.get(token)
        if page is None or page.socket != socket:
            self.forget(token)
            page = self._pages[token] = _Page(socket)
        name = format_event_handler(handler)
        self._drop(token, page, name)
        room = self._most_topics - sum(len(wanted) for wanted in page.wants.values())
        wanted = list(dict.fromkeys(topics))
        if len(wanted) > room:
            log.warning("a page follows over %d topics; the rest is not live", self._most_topics)
        page.wants[name] = frozenset(wanted[: max(room, 0)])
        for topic in page.wants[name]:
            self._followers[topic].add((token, name))

    def forget(self, token: str) -> None:
        """The page has gone: navigation, sign-out, closed tab."""
        page = self._pages.pop(token, None)
        for name in list(page.wants) if page else ():
            self._drop(token, page, name)

    def _drop(self, token: str, page: _Page | None, name: str) -> None:
        for topic in page.wants.pop(name, frozenset()) if page else ():
            self._followers[topic].discard((token, name))
            if not self._followers[topic]:
                del self._followers[topic]

    def followed(self, token: str) -> frozenset[str]:
        """What a page hears of now."""
        page = self._pages.get(token)
        return frozenset().union(*page.wants.values()) if page else frozenset()

    # ── publishing (from any thread, after the commit) ───────────────────────────────────────

    def publish(self, *topics: str) -> None:
        """Tell this worker, and the others when there are any, that something has changed."""
        self.hear(topics)
        if self.to_other_workers:
            self.to_other_workers(frozenset(topics))

    def hear(self, topics: Iterable[str]) -> None:
        """Take in topics that were published here or by another worker."""
        with self._lock:
            self._said.update(topics)
        if self._loop and self._bell and not self._loop.is_closed():
            # Only the bell is rung from here: this thread's context is that of the handler which
            # committed, and an event queued in it would carry that person's cookies to others.
            self._loop.call_soon_threadsafe(self._bell.set)

    # ── carrying (one task for the life of the server) ───────────────────────────────────────

    async def run(self) -> None:
        """Carry what was published to the pages, gathered for ``window`` seconds."""
        self._loop, self._bell = asyncio.get_running_loop(), asyncio.Event()
        try:
            while True:
                try:
                    await asyncio.wait_for(self._bell.wait(), SWEEP)
                except TimeoutError:
                    self._sweep()
                    continue
                await asyncio.sleep(self._window)
                self._bell.clear()
                await self._carry()
        finally:
            self._loop = self._bell = None

    async def _carry(self) -> None:
        with self._lock:
            said, self._said = self._said, set()
        hearers = {hearer for topic in said for hearer in self._followers.get(topic, ())}
        for token, name in hearers:
            try:
                await self._refresh(token, name, said)
            except Exception:
                log.exception("a live refresh could not be queued")
                self.forget(token)

    async def _refresh(self, token: str, name: str, said: set[str]) -> None:
        page = self._pages.get(token)
        if page is None or self.wire is None or name not in page.wants:
            return
        if page.socket is None or self.wire.socket(token) != page.socket:
            self.forget(token)  # closed, or the token came back on a socket that has not asked yet
            return
        earlier = page.under_way.get(name)
        if earlier and not earlier.done():
            # It may have read before this change: once more, later.
            self.hear(said & page.wants[name])
            return
        # Naming the socket keeps the guard's verdict true if the token changes hands meanwhile.
        event = Event(name=name, router_data={"sid": page.socket})
        page.under_way[name] = await self.wire.send(token, event)

    def _sweep(self) -> None:
        for token, page in list(self._pages.items()):
            if self.wire is None or self.wire.socket(token) != page.socket:
                self.forget(token)


hub = Hub()


def is_push(context: EventContext) -> bool:
    """Tell whether an event was queued by the hub: a browser's always comes with its headers."""
    return "headers" not in context.router_data
