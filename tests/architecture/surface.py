"""Every door of the clinic, one line each: what a browser can call, read or open, and what runs by itself.

``python -m tests.architecture.surface`` prints them, ``--write`` keeps them in surface.txt, where a
new door shows up in the diff and is reviewed. It runs in a process of its own, because there is
one application per process, and its settings are those of the demo clinic, which has every door.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import inspect
import sys
import typing
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from reflex.state import BaseState
from reflex_base.registry import RegistrationContext
from sqlmodel import SQLModel

KEPT = Path(__file__).with_name("surface.txt")
UNDECLARED = "NOT DECLARED"


@dataclasses.dataclass(frozen=True)
class Handler:
    """One method of a State: any browser can call it with any arguments."""

    name: str
    who: str
    is_async: bool

    def __str__(self) -> str:
        return f"handler {self.name} · {self.who}"


@dataclasses.dataclass(frozen=True)
class Var:
    """One value that is sent to the browser."""

    name: str
    kind: str
    rows: tuple[str, ...]  # the tables that the annotation lets through; must stay empty

    def __str__(self) -> str:
        return f"var {self.name}: {self.kind}"


def handlers() -> list[Handler]:
    return sorted(
        {
            _handler(registered.handler.fn, state)
            for registered in RegistrationContext.get().event_handlers.values()
            for state in registered.states
            if _is_ours(state) and _is_written_by_us(registered.handler.fn)
        },
        key=str,
    )


def public_vars() -> list[Var]:
    """Values of our states; what a state inherits from another is listed once, there."""
    found = []
    for state in _states():
        inherited = state.get_parent_state()
        for name, var in {**state.base_vars, **_computed(state)}.items():
            if name.startswith("_") or (inherited and name in inherited.vars):
                continue
            kind = var._var_type
            rows = tuple(sorted({t.__name__ for t in _classes(kind, set()) if _is_row(t)}))
            found.append(Var(f"{_name(state)}.{name}", _spoken(kind), rows))
    return sorted(found, key=str)


def pages() -> list[str]:
    app = RegistrationContext.get().app
    return sorted(
        f"page /{route.strip('/').removeprefix('index')}" for route in app._unevaluated_pages
    )


def routes(api: FastAPI) -> list[str]:
    """Addresses with their methods; a mount or a socket, which has none, is named as what it is."""
    return sorted(
        f"route {method} {route.path}"
        for route in iter_route_contexts(api.routes)
        for method in set(route.methods or ["ANY"]) - {"HEAD", "OPTIONS"}
    )


def jobs(scheduler: ModuleType) -> list[str]:
    """The rows of the scheduler's table, each as its function and its rhythm."""
    return sorted(f"job {_job(row)}" for row in scheduler.JOBS)


def lines() -> list[str]:
    """Every door; a module that is not built yet has none."""
    root = _module("medibook.medibook")
    scheduler = _module("medibook.scheduler")
    found = [str(door) for door in (*handlers(), *public_vars())]
    if root:
        found += pages()
        found += [line for api in _apis(root) for line in routes(api)]
    return found + (jobs(scheduler) if scheduler else [])


def _module(name: str) -> ModuleType | None:
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def _apis(root: ModuleType) -> list[FastAPI]:
    """The FastAPI application that stands in front of the pages."""
    given = root.app.api_transformer
    candidates = [*vars(root).values(), *(given if isinstance(given, list | tuple) else [given])]
    apis = list({id(c): c for c in candidates if isinstance(c, FastAPI)}.values())
    if not apis:
        raise LookupError("medibook.medibook has no FastAPI application to list the routes of")
    return apis


def _job(row: object) -> str:
    if dataclasses.is_dataclass(row):
        row = [getattr(row, field.name) for field in dataclasses.fields(row)]
    words = row if isinstance(row, Iterable) and not isinstance(row, str) else [row]
    return " · ".join(_word(word) for word in words)


def _word(value: object) -> str:
    if inspect.isroutine(value):
        return f"{value.__module__.removeprefix('medibook.')}.{value.__name__}"
    return str(value)


def _states() -> list[type[BaseState]]:
    return [s for s in RegistrationContext.get().base_states.values() if _is_ours(s)]


def _computed(state: type[BaseState]) -> dict[str, typing.Any]:
    return {name: var for name, var in state.computed_vars.items() if not var._backend}


def _is_ours(state: type[BaseState]) -> bool:
    return state.__module__.startswith("medibook")


def _is_written_by_us(fn: object) -> bool:
    # Reflex gives every state a `setvar`; the Guard refuses it, which the hostile socket test shows.
    return getattr(fn, "__module__", "").startswith("medibook") and inspect.isroutine(fn)


def _name(state: type[BaseState]) -> str:
    return f"{state.__module__.removeprefix('medibook.')}.{state.__qualname__}"


def _handler(fn: typing.Any, state: type[BaseState]) -> Handler:
    allowed = getattr(fn, "__allow__", None)
    who = UNDECLARED if allowed is None else getattr(allowed, "words", str(allowed))
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


def _classes(kind: object, seen: set[object]) -> set[type]:
    """Every class that a value of this annotation may hold, through containers and fields."""
    if isinstance(kind, typing.TypeAliasType if hasattr(typing, "TypeAliasType") else ()):
        kind = kind.__value__
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


def main() -> int:
    if _module("medibook.medibook"):
        importlib.import_module("medibook.medibook")
    text = "\n".join(lines()) + "\n"
    faults = [f"undeclared: {h}" for h in handlers() if h.who == UNDECLARED]
    faults += [f"synchronous: {h}" for h in handlers() if not h.is_async]
    faults += [
        f"row in a var: {v} lets {', '.join(v.rows)} through" for v in public_vars() if v.rows
    ]
    if "--write" in sys.argv:
        KEPT.write_text(text)
    else:
        sys.stdout.write(text)
    sys.stderr.write("".join(f"{fault}\n" for fault in faults))
    return 1 if faults else 0


if __name__ == "__main__":
    # Under its own name, so that tests that import this module share its classes.
    sys.exit(importlib.import_module("tests.architecture.surface").main())
