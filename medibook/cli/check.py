"""``medibook check``: is everything in the database as it must be?"""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from medibook.cli.reporting import print_json, settings_or_refuse
from medibook.kernel.clock import clock_of
from medibook.kernel.db import make_engine
from medibook.kernel.settings import Settings
from medibook.operations.schemas import Violation
from medibook.operations.service.check import check_invariants, late_for_the_search


def check(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
    search: Annotated[
        bool,
        typer.Option(
            "--search", help="Only, but all of it: is nobody free before the search says?"
        ),
    ] = False,
) -> None:
    """Check the invariants; exit code 1 when one is violated."""
    settings = settings_or_refuse()
    console = Console(stderr=True, quiet=as_json)
    with console.status("Checking …"):
        violations = violations_of(settings, search=search)
    if as_json:
        print_json({"violations": [violation.model_dump() for violation in violations]})
    elif violations:
        _show(violations)
    else:
        console.print("No stored time is too late." if search else "All invariants hold.")
    raise typer.Exit(1 if violations else 0)


def violations_of(settings: Settings, *, search: bool = False) -> tuple[Violation, ...]:
    """Ask the settings' database, in one reading transaction."""
    engine = make_engine(settings.database)
    try:
        with Session(engine) as session:
            now = clock_of(settings.clock_file).now()
            return (
                tuple(late_for_the_search(session, now))
                if search
                else check_invariants(session, now)
            )
    finally:
        engine.dispose()


def _show(violations: tuple[Violation, ...]) -> None:
    table = Table("Invariant", "What is wrong")
    for violation in violations:
        table.add_row(violation.invariant, violation.what)
    Console().print(table)
