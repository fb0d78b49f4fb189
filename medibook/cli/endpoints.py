"""``medibook endpoints``: every door of the clinic, and who may use it."""

import importlib
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from reflex_base.registry import RegistrationContext
from rich.console import Console
from rich.table import Table

from medibook.cli.reporting import print_json, settings_or_refuse
from medibook.kernel.use_case import REGISTRY

Door = dict[str, str]


def endpoints(
    *, as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False
) -> None:
    """List every event handler, page, route and use case."""
    settings_or_refuse()
    # By name: the application stands above the command line.
    root = importlib.import_module("medibook.medibook")
    doors = {
        "handlers": sorted(_handlers(), key=_by_name),
        "pages": sorted(_pages(), key=_by_name),
        "routes": sorted(_routes(root), key=_by_name),
        "use_cases": sorted(_use_cases(), key=_by_name),
    }
    if as_json:
        print_json(doors)
        return
    for kind, found in doors.items():
        table = Table("Name", "Who may", title=f"{kind.replace('_', ' ')} ({len(found)})")
        for door in found:
            table.add_row(door["name"], door["allow"])
        Console().print(table)


def _by_name(door: Door) -> str:
    return door["name"]


def _handlers() -> Iterator[Door]:
    """Every method of a State: any browser can call it, the Guard decides."""
    for registered in RegistrationContext.get().event_handlers.values():
        fn: Any = registered.handler.fn
        for state in registered.states:
            if state.__module__.startswith("medibook") and fn.__module__.startswith("medibook"):
                name = f"{state.__module__.removeprefix('medibook.')}.{state.__qualname__}.{fn.__name__}"
                allow = getattr(fn, "__allow__", None)
                yield {"name": name, "allow": getattr(allow, "words", "nobody: not declared")}


def _pages() -> Iterator[Door]:
    app: Any = RegistrationContext.get().app
    for route in app._unevaluated_pages:  # Reflex has no public list of its pages
        yield {"name": f"/{route.strip('/').removeprefix('index')}", "allow": "anyone"}


def _routes(root: Any) -> Iterator[Door]:  # noqa: ANN401 - a module
    for api in {
        id(found): found for found in vars(root).values() if isinstance(found, FastAPI)
    }.values():
        for route in iter_route_contexts(api.routes):
            for method in sorted(set(route.methods or ["ANY"]) - {"HEAD", "OPTIONS"}):
                yield {"name": f"{method} {route.path}", "allow": "anyone; its use case decides"}


def _use_cases() -> Iterator[Door]:
    for mark in REGISTRY.values():
        kind = "writes" if mark.writes else "reads"
        yield {"name": mark.name, "allow": mark.allow.words, "kind": kind}
