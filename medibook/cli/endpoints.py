"""``medibook endpoints``: every door of the clinic, and what is wrong with one."""

import importlib
from typing import Annotated

import typer

from medibook.cli.reporting import print_json, settings_or_refuse


def endpoints(
    *, as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False
) -> None:
    """List what browsers can call, read or open, and what runs by itself."""
    settings_or_refuse()
    # By name: the walk brings Reflex along, for which no other command should wait.
    walk = importlib.import_module("medibook.cli.doors")
    found, wrong = walk.doors(), walk.faults()
    if as_json:
        print_json({"doors": found, "faults": wrong})
    else:
        typer.echo("\n".join(found))
        for fault in wrong:
            typer.echo(fault, err=True)
    raise typer.Exit(1 if wrong else 0)
