"""``medibook outbox``: the promised messages that need a person, and trying them again."""

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from medibook.cli.reporting import print_json, refuse, settings_or_refuse
from medibook.kernel.actor import system
from medibook.kernel.errors import Refusal
from medibook.notifications import service as notifications
from medibook.wiring import build_medibook

outbox = typer.Typer(help="The promised messages that need a person.", no_args_is_help=True)
_WHO = system("command line")


@outbox.command("list")
def list_troubled(
    *,
    page: Annotated[int, typer.Option(min=1, help="Fifty messages a page.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """List messages that are late, given up, or of unknown fate; exit code 1 when there are any."""
    medibook = build_medibook(settings_or_refuse())
    try:
        sheet = medibook.perform(_WHO, notifications.promises, zone="UTC", page=page)
    finally:
        medibook.engine.dispose()
    if as_json:
        print_json(sheet.model_dump(mode="json"))
    else:
        table = Table("Message", "Kind", "By", "State", "To leave at (UTC)", "Problem")
        for line in sheet.lines:
            when = f"{line.send_at:%Y-%m-%d %H:%M}"
            table.add_row(
                str(line.message_id), line.kind, line.channel, line.state, when, line.problem
            )
        Console().print(table if sheet.lines else "Every promised message has left in time.")
    raise typer.Exit(1 if sheet.lines else 0)


@outbox.command("retry")
def retry(
    message_id: Annotated[UUID, typer.Argument(help="As `outbox list` shows it.")],
) -> None:
    """Send a message again that was given up, or of which nobody knows whether it has left."""
    medibook = build_medibook(settings_or_refuse())
    try:
        medibook.perform(_WHO, notifications.retry_message, message_id=message_id)
    except Refusal:
        refuse("There is no such message that needs help.")
    finally:
        medibook.engine.dispose()
    typer.echo("It waits to be sent.", err=True)
