"""The guard: no Reflex event runs unless its handler is declared for whoever sent it.

In Reflex every public method of a state can be called by any browser with any arguments, and a
page's state belongs to whoever shows its client token. So, before each event: the person is read
from the session cookie of the very socket that will get the answer, and looked up anew; a state
that belonged to somebody else is emptied; undeclared handlers, wrong roles and arguments that the
handler does not declare are refused and audited. The use case judges again behind it.

    class Find(AppState, rx.State):
        @rx.event
        @allow(anyone)                       # below @rx.event; handlers are async
        async def search(self, city: str) -> None: ...

        @rx.event
        @allow(patient | staff)
        async def book(self, slot: str, *, quietly: bool = False) -> None: ...

A browser may send ``slot``; ``quietly`` is keyword-only and therefore ours alone, as is anything
with a leading underscore. At the root: ``app.add_middleware(Guard())``; on every page:
``guard_notice(_)``, which says when the session has ended or something was refused.
"""

import asyncio
import hashlib
import inspect
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import reflex as rx
from reflex.state import FrontendEventExceptionState as FrontendErrors
from reflex.state import OnLoadInternalState, State, StateUpdate, UpdateVarsInternalState
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.event.processor.base_state_processor import chain_updates
from reflex_base.registry import RegisteredEventHandler, RegistrationContext
from reflex_base.utils.format import format_event_handler

from medibook.kernel.actor import STRANGER, Actor
from medibook.kernel.application import current
from medibook.ui import live
from medibook.ui.flood import Buckets, Rate, fault_in
from medibook.ui.identity import UNBOUND, Identity, Notice, guard_notice, way_back
from medibook.ui.passage import Origin, Passage, allow, allowed, let_pass, passage
from medibook.ui.problems import noted

__all__ = ["Guard", "Identity", "Notice", "allow", "allowed", "guard_notice", "passage"]

# Two people's fast clicking fits; a script's flood does not.
PER_PAGE = Rate(120, 20)
PER_SESSION = Rate(600, 100)
_pool = ThreadPoolExecutor(4, "guard")  # its own, so that nobody's look-up waits behind slow work


def _names(*handlers: Any) -> frozenset[str]:
    return frozenset(format_event_handler(handler) for handler in handlers)


# With Redis, these alone load the whole tree of a page's states.
_WHOLE_TREE = _names(State.hydrate, State.hydrate_and_load)
_ARRIVALS = _WHOLE_TREE | _names(OnLoadInternalState.on_load_internal)
INTERNAL = _ARRIVALS | _names(
    State.set_is_hydrated,
    OnLoadInternalState.set_is_hydrated,
    UpdateVarsInternalState.update_vars_internal,
    FrontendErrors.handle_frontend_exception,
)


@dataclass(slots=True)
class _Case:
    """One event before the guard."""

    event: Event
    root: Any
    identity: Any
    context: EventContext
    origin: Origin
    session: str
    actor: Actor

    @property
    def what(self) -> str:
        """State and handler, as the audit log names them."""
        state, _, handler = self.event.name.rpartition(".")
        return f"{RegistrationContext.get().base_states[state].__name__}.{handler}"

    @property
    def owner(self) -> str:
        return "" if self.actor.is_stranger else _digest(self.session)


class Guard(rx.Middleware):
    """Judges every event before its handler runs."""

    def __init__(self, *, per_page: Rate = PER_PAGE, per_session: Rate = PER_SESSION) -> None:
        self._pages, self._sessions = Buckets(per_page), Buckets(per_session)

    async def preprocess(self, app: Any, state: Any, event: Event) -> StateUpdate | None:  # noqa: ARG002 - Reflex passes it
        """Return None to let the event through; anything else stops it."""
        root = state._get_root_state()
        try:
            return await self._judge(root, event)
        except Exception as error:  # noqa: BLE001 - no verdict means no; the reader gets a number
            identity = await root.get_state(Identity)
            identity.reference = noted(error)
            return await _say(root, identity, Notice.FAILED)

    async def _judge(self, root: Any, event: Event) -> StateUpdate | None:
        context = EventContext.get()
        origin, session = _origin(context), _session(context)
        if session is None:  # the token has changed hands: the answer would go to somebody else
            return StateUpdate()
        identity = await root.get_state(Identity)
        if origin is Origin.BROWSER and not self._in_time(context.token, session):
            return await _say(root, identity, Notice.TOO_FAST)
        actor = await self._who(session, origin)
        case = _Case(event, root, identity, context, origin, session, actor)
        _forget_what_was_shown(case)
        registered = RegistrationContext.get().event_handlers[event.name]
        if origin is Origin.BROWSER and (fault := fault_in(event.payload, _parameters(registered))):
            return await _refuse(case, fault)
        return _hand_over(case) or await self._decide(case, registered)

    async def _decide(self, case: _Case, registered: RegisteredEventHandler) -> StateUpdate | None:
        if case.event.name not in INTERNAL:
            rule = allowed(registered)
            if rule is None:
                return await _refuse(case, "undeclared")
            if not rule(case.actor):
                return await _refuse(case, "forbidden")
            if case.origin is Origin.BROWSER and case.identity.notice:
                case.identity.notice = Notice.NONE.value
        let_pass(Passage(case.context.txid, case.actor, case.origin))
        return None

    def _in_time(self, token: str, session: str) -> bool:
        return self._pages.admit(token) and (not session or self._sessions.admit(_digest(session)))

    async def _who(self, session: str, origin: Origin) -> Actor:
        """Look the session up anew for each event, so that an ended one ends at once."""
        if not session:
            return STRANGER
        # Only what a person does keeps a session alive: pushes reach an empty desk, too.
        look_up = partial(current().actor_for, session, active=origin is Origin.BROWSER)
        return await asyncio.get_running_loop().run_in_executor(_pool, look_up)


def session_in(cookies: str) -> str:
    """The session token in a Cookie header, "" when there is none."""
    wanted = cookie_name()
    for pair in cookies.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == wanted:
            return value.strip('"')
    return ""


def cookie_name() -> str:
    """The session cookie; by https the ``__Host-`` one, which no neighbour domain can plant."""
    return "__Host-mb_session" if current().settings.secure_cookies else "mb_session"


def _digest(session: str) -> str:
    return hashlib.sha256(session.encode()).hexdigest()


def _origin(context: EventContext) -> Origin:
    if live.is_push(context):
        return Origin.PUSH
    return Origin.BROWSER if context.parent_txid is None else Origin.CHAIN


def _session(context: EventContext) -> str | None:
    """Whose event this is; None when the socket that would get the answer is another person's.

    The state's own headers are no witness: Reflex keeps those of the last event, whoever holds the
    token by now.
    """
    wire = live.hub.wire
    holder = wire.socket(context.token) if wire else None
    held = session_in(wire.cookies(holder)) if wire and holder else None
    if live.is_push(context):
        return held if holder == context.router_data.get("sid") else None
    own = session_in(str(context.router_data["headers"].get("cookie", "")))
    return own if held is None or held == own else None


def _parameters(registered: RegisteredEventHandler) -> dict[str, inspect.Parameter]:
    parameters = inspect.signature(registered.handler.fn).parameters
    return dict(list(parameters.items())[1:])


def _hand_over(case: _Case) -> StateUpdate | None:
    """Empty the state when it belonged to somebody else: signed in or out, ended, stolen token."""
    identity, token = case.identity, case.context.token
    is_arrival = case.event.name in _ARRIVALS and case.origin is Origin.BROWSER
    if identity._bound == case.owner:
        if is_arrival:
            live.hub.forget(token)
            identity.notice = Notice.NONE.value
        return None
    if case.event.name not in _WHOLE_TREE:
        if case.origin is Origin.PUSH and identity._bound == UNBOUND:
            return StateUpdate()
        again = [case.event] if case.origin is Origin.BROWSER and not is_arrival else []
        start = Event.from_event_type([State.hydrate, OnLoadInternalState.on_load_internal])
        return StateUpdate(events=[*start, *again])
    has_ended = identity._bound not in (UNBOUND, "") and case.session and not case.owner
    live.hub.forget(token)
    address = _address(case.root)
    case.root.reset()
    identity._bound = case.owner
    identity.notice = Notice.SIGNED_OUT.value if has_ended else Notice.NONE.value
    identity.sign_in = way_back(address)
    return None


def _forget_what_was_shown(case: _Case) -> None:
    """Let a page that is opened anew load first, instead of flashing what it showed the last time.

    The state outlives the page. Without this, the board of an hour ago would be there to click on
    until the first answer. A live connection that was lost and came back sends no hashes: it keeps
    what is on the screen.
    """
    if case.event.name in _WHOLE_TREE and case.event.payload.get("hashes"):
        for page in _below(case.root):
            if "ready" in page.base_vars:
                page.ready = False


def _below(state: Any) -> Iterator[Any]:
    for child in state.substates.values():
        yield child
        yield from _below(child)


async def _refuse(case: _Case, why: str) -> StateUpdate:
    """Stop the event, leave an audit row, and say so on the page."""
    if case.origin is Origin.PUSH:  # nobody tried anything
        return StateUpdate()
    await asyncio.get_running_loop().run_in_executor(
        _pool, current().refused, case.actor, f"event:{case.what}", why
    )
    if why != "forbidden":
        return await _say(case.root, case.identity, Notice.REFUSED)
    if not case.actor.is_stranger:
        return await _say(case.root, case.identity, Notice.NOT_YOURS)
    ended = case.session or case.identity.notice == Notice.SIGNED_OUT
    return await _say(case.root, case.identity, Notice.SIGNED_OUT if ended else Notice.SIGN_IN)


def _address(root: Any) -> str:
    """Where the reader is: path and query, without the host (a claim of the browser)."""
    url = root.router.url
    return f"{url.path}?{url.query}" if url.query else str(url.path)


async def _say(root: Any, identity: Any, notice: Notice) -> StateUpdate:
    if identity.notice != notice:
        identity.notice = notice.value
        identity.sign_in = way_back(_address(root))
        await chain_updates(None, "guard", root_state=root)
    return StateUpdate()
