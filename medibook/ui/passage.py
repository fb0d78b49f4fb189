"""The guard's verdict on one event, and the mark that says who may call a handler."""

import inspect
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from reflex_base.event.context import EventContext
from reflex_base.registry import RegisteredEventHandler

from medibook.kernel.actor import Actor, Allow
from medibook.ui.problems import in_words

Handler = TypeVar("Handler", bound=Callable[..., Any])

_passage: ContextVar["Passage | None"] = ContextVar("passage", default=None)


class Origin(StrEnum):
    """Where an event comes from."""

    BROWSER = "browser"
    CHAIN = "chain"  # a handler of ours asked for it
    PUSH = "push"  # the hub did


class UnguardedError(RuntimeError):
    """A handler asks who acts, and no guard has judged this event: nobody does."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The guard's verdict on one event."""

    transaction: str
    actor: Actor
    origin: Origin


def passage() -> Passage:
    """Return the verdict on the event that is being handled; raises UnguardedError without one."""
    found = _passage.get()
    if found is None or found.transaction != EventContext.get().txid:
        raise UnguardedError("no guard has judged this event")
    return found


def let_pass(verdict: Passage) -> None:
    """Keep the verdict for the rest of this event; the guard alone calls it."""
    _passage.set(verdict)


def allow(predicate: Allow) -> Callable[[Handler], Handler]:
    """Declare who may call a handler from a browser; what the handler raises is said on its page."""
    if not isinstance(predicate, Allow):  # a state var of the same name hides a predicate
        raise TypeError(f"{predicate!r} says nothing about who may")

    def declare(fn: Handler) -> Handler:
        if inspect.isasyncgenfunction(fn):

            @wraps(fn)
            async def told(self: Any, *args: Any, **kwargs: Any) -> Any:
                async with in_words(self, clear=passage().origin is not Origin.PUSH):
                    async for step in fn(self, *args, **kwargs):
                        yield step

        elif inspect.iscoroutinefunction(fn):

            @wraps(fn)
            async def told(self: Any, *args: Any, **kwargs: Any) -> Any:
                async with in_words(self, clear=passage().origin is not Origin.PUSH):
                    return await fn(self, *args, **kwargs)

        else:
            raise TypeError(f"{fn.__qualname__}: write `async def`; a sync handler stops everybody")
        told.__allow__ = predicate  # type: ignore[attr-defined]  # read back by allowed()
        return told  # type: ignore[return-value]  # functools.wraps hides the type

    return declare


def allowed(registered: RegisteredEventHandler) -> Allow | None:
    """Who may call a registered handler; None for those that nobody may. For the surface list."""
    return getattr(registered.handler.fn, "__allow__", None)
