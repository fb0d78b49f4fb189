"""``medibook endpoints``: every door of the clinic, and who may use it."""

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from medibook.cli.doors import addresses, handlers
from medibook.cli.reporting import print_json, settings_or_refuse
from medibook.kernel.use_case import REGISTRY

Door = dict[str, str]


def endpoints(
    *, as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False
) -> None:
    """List every event handler, page, route and use case."""
    settings_or_refuse()
    pages, routes = addresses()  # first of all: this imports every page and every use case
    doors = {
        "handlers": [{"name": handler.name, "allow": handler.who} for handler in handlers()],
        "pages": [{"name": page, "allow": "anyone"} for page in pages],
        "routes": [{"name": route, "allow": "anyone; its use case decides"} for route in routes],
        "use_cases": sorted(_use_cases(), key=lambda door: door["name"]),
    }
    if as_json:
        print_json(doors)
        return
    for kind, found in doors.items():
        table = Table("Name", "Who may", title=f"{kind.replace('_', ' ')} ({len(found)})")
        for door in found:
            table.add_row(door["name"], door["allow"])
        Console().print(table)


def _use_cases() -> Iterator[Door]:
    for mark in REGISTRY.values():
        kind = "writes" if mark.writes else "reads"
        yield {"name": mark.name, "allow": mark.allow.words, "kind": kind}
