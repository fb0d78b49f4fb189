"""``medibook rebuild-search``: the directory that the search reads, made anew from the other rows."""

from typing import Annotated

import typer
from rich.console import Console

from medibook.cli.reporting import print_json, settings_or_refuse
from medibook.directory import service as directory
from medibook.directory.jobs import mend_directory
from medibook.kernel.actor import system
from medibook.wiring import build_medibook


def rebuild_search(
    *, as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False
) -> None:
    """Make the search's directory anew; a clinic that runs does it by itself where it is needed."""
    medibook = build_medibook(settings_or_refuse())
    console = Console(stderr=True, quiet=as_json)
    try:
        with console.status("Looking at everybody who can be booked …"):
            entered = medibook.perform(system("command line"), directory.rebuild_directory)
        with console.status("Looking for everybody's next free time …"):
            while mend_directory(medibook):
                pass
    finally:
        medibook.engine.dispose()
    if as_json:
        print_json({"entered": entered})
    else:
        console.print(f"{entered} doctors can be found.")
