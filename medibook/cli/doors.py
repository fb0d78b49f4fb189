"""Every door of the clinic, one line each: what a browser can call, read or open, what runs by itself.

In Reflex every public method of a state is a door for any browser, used by a page or not. So the
list is not kept by hand: it is walked, and the walk says which door nobody has declared.
"""

import dataclasses
import importlib
import inspect
import typing
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from reflex.state import BaseState
from reflex_base.registry import RegistrationContext
from sqlmodel import SQLModel

UNDECLARED = "NOT DECLARED"


@dataclasses.dataclass(frozen=True)
class Handler:
    """One method of a state: any browser can call it with any arguments."""

    name: str
    who: str
    is_async: bool

    def __str__(self) -> str:
        return f"handler {self.name} · {self.who}"


@dataclasses.dataclass(frozen=True)
class ShownValue:
    """One value that is sent to the browser; ``rows`` names the tables that its type lets through."""

    name: str
    kind: str
    rows: tuple[str, ...]

    def __str__(self) -> str:
        return f"var {self.name}: {self.kind}"


def doors() -> list[str]:
    """Every door of the application as its settings stand; the demo clinic has them all."""
    root = _application()
    scheduler = importlib.import_module("medibook.scheduler")
    found = [str(door) for door in (*handlers(), *shown_values())]
    found += [*pages(), *(line for api in _apis(root) for line in routes(api))]
    return found + jobs(scheduler.JOBS)


def addresses() -> tuple[list[str], list[str]]:
    """The pages, and the routes that stand in front of them, as an asker would write them."""
    root = _application()
    shown = [line.removeprefix("page ") for line in pages()]
    return shown, [line.removeprefix("route ") for api in _apis(root) for line in routes(api)]


def faults() -> list[str]:
    """What no door may be: undeclared, waiting on the event loop, or letting a row out."""
    found = [f"undeclared: {h}" for h in handlers() if h.who == UNDECLARED]
    found += [f"synchronous: {h}" for h in handlers() if not h.is_async]
    return found + [f"{v} lets rows of {', '.join(v.rows)} out" for v in shown_values() if v.rows]


def handlers() -> list[Handler]:
    """Methods of our states that the websocket dispatches to."""
    found = {
        _handler(registered.handler.fn, state)
        for registered in RegistrationContext.get().event_handlers.values()
        for state in registered.states
        if _is_ours(state) and _is_written_by_us(registered.handler.fn)
    }
    return sorted(found, key=str)


def shown_values() -> list[ShownValue]:
    """Values of our states; what a state inherits from another is listed once, there."""
    found = []
    for state in filter(_is_ours, RegistrationContext.get().base_states.values()):
        parent = state.get_parent_state()
        computed = {n: v for n, v in state.computed_vars.items() if not v._backend}
        for name, var in {**state.base_vars, **computed}.items():
            if name.startswith("_") or (parent and name in parent.vars):
                continue
            kind = var._var_type
            rows = tuple(sorted({c.__name__ for c in _classes(kind, set()) if _is_row(c)}))
            found.append(ShownValue(f"{_name(state)}.{name}", _spoken(kind), rows))
    return sorted(found, key=str)


def pages() -> list[str]:
    """Addresses of pages."""
    routes_of_pages = RegistrationContext.get().app._unevaluated_pages
    return sorted(f"page /{route.strip('/').removeprefix('index')}" for route in routes_of_pages)


def routes(api: FastAPI) -> list[str]:
    """Addresses with their methods; a mount or a socket, which has none, takes any."""
    return sorted(
        f"route {method} {route.path}"
        for route in iter_route_contexts(api.routes)
        for method in set(route.methods or ["ANY"]) - {"HEAD", "OPTIONS"}
    )


def jobs(table: Iterable[Any]) -> list[str]:
    """The rows of the scheduler's table, each as its name, its function and its rhythm."""
    return sorted(
        "job " + " · ".join(_word(getattr(row, f.name)) for f in dataclasses.fields(row))
        for row in table
    )


def _application() -> ModuleType:
    """The composition root, with every page and route; by name, for it stands above us."""
    return importlib.import_module("medibook.medibook")


def _apis(root: ModuleType) -> list[FastAPI]:
    """The FastAPI application that stands in front of the pages."""
    given = root.app.api_transformer
    candidates = given if isinstance(given, list | tuple) else [given]
    if found := [c for c in candidates if isinstance(c, FastAPI)]:
        return found
    raise LookupError("the application has no FastAPI in front of its pages to list the routes of")


def _word(value: object) -> str:
    if inspect.isroutine(value):
        return f"{value.__module__.removeprefix('medibook.')}.{value.__name__}"
    return str(value)


def _is_ours(state: type[BaseState]) -> bool:
    return state.__module__.startswith("medibook")


def _is_written_by_us(fn: object) -> bool:
    # Reflex gives every state a `setvar`; the guard refuses it, which the hostile tabs show.
    return getattr(fn, "__module__", "").startswith("medibook") and inspect.isroutine(fn)


def _name(state: type[BaseState]) -> str:
    return f"{state.__module__.removeprefix('medibook.')}.{state.__qualname__}"


def _handler(fn: Callable[..., Any], state: type[BaseState]) -> Handler:
    allowed = getattr(fn, "__allow__", None)
    who = UNDECLARED if allowed is None else str(getattr(allowed, "words", allowed))
    is_async = inspect.iscoroutinefunction(fn) or inspect.isasyncgenfunction(fn)
    # Keyword-only arguments are the chain's own: the guard takes none of them from a browser.
    arguments = ", ".join(
        name
        for name, p in inspect.signature(fn).parameters.items()
        if name != "self" and p.kind is not p.KEYWORD_ONLY
    )
    return Handler(f"{_name(state)}.{fn.__name__}({arguments})", who, is_async)


def _is_row(kind: type) -> bool:
    return issubclass(kind, SQLModel) or hasattr(kind, "__table__")


def _classes(kind: Any, seen: set[type]) -> set[type]:  # noqa: ANN401 - any annotation
    """Every class that a value of this annotation may hold, through containers and fields."""
    found: set[type] = set()
    for argument in typing.get_args(kind):
        found |= _classes(argument, seen)
    if not isinstance(kind, type) or typing.get_args(kind) or kind in seen:
        return found
    seen.add(kind)
    found.add(kind)
    if issubclass(kind, BaseModel) or dataclasses.is_dataclass(kind) or typing.is_typeddict(kind):
        for annotation in typing.get_type_hints(kind).values():
            found |= _classes(annotation, seen)
    return found


def _spoken(kind: object) -> str:
    text = kind.__name__ if isinstance(kind, type) and not typing.get_args(kind) else str(kind)
    return text.replace("medibook.", "").replace("typing.", "").replace("datetime.", "")
