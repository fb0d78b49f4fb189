"""``medibook demo``: a whole invented clinic, with dates around today, and accounts to try it with."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from medibook.cli.migrate import rebuild, upgrade
from medibook.cli.reporting import in_words, print_json, refuse, settings_or_refuse
from medibook.kernel.actor import system
from medibook.kernel.application import MediBook
from medibook.kernel.errors import Refusal
from medibook.kernel.settings import Env, Settings
from medibook.operations.schemas import DemoClinic
from medibook.operations.service.demo import demo_is_there, seed_demo
from medibook.wiring import build_medibook

_WHO = system("command line")
ACCOUNTS = "demo-accounts.json"


def demo(
    *,
    reset: Annotated[bool, typer.Option("--reset", help="Wipe everything first.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before wiping.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Make the demo clinic; a second run only says how to get in."""
    settings = settings_or_refuse()
    if settings.env is Env.PRODUCTION:
        refuse(
            "The demo clinic is only made where MEDIBOOK_ENV is demo or test; this is production."
        )
    console = Console(stderr=True, quiet=as_json)
    upgrade(settings.database, console=console)
    if reset:
        _wipe(settings, asked=yes)
    with console.status("Making the demo clinic …"):
        clinic = _make(build_medibook(settings))
    _keep_accounts(settings, clinic)
    if as_json:
        print_json(clinic.model_dump(mode="json"))
    else:
        _show(console, clinic)


def _wipe(settings: Settings, *, asked: bool) -> None:
    if not asked:
        shown = settings.data_dir if settings.database.startswith("sqlite") else "the database"
        typer.confirm(f"Wipe everything in {shown} and start anew?", abort=True)
    rebuild(settings.database)


def _make(medibook: MediBook) -> DemoClinic:
    try:
        if there := medibook.perform(_WHO, demo_is_there):
            return there
        return medibook.perform(_WHO, seed_demo)
    except Refusal as refusal:
        refuse(in_words(refusal))
    finally:
        medibook.engine.dispose()


def _keep_accounts(settings: Settings, clinic: DemoClinic) -> None:
    """Leave the accounts where the launcher finds them; readable by their owner alone."""
    path = settings.data_dir / ACCOUNTS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    accounts = [account.model_dump(mode="json") for account in clinic.accounts]
    path.write_text(json.dumps({"accounts": accounts}, indent=2) + "\n")


def _show(console: Console, clinic: DemoClinic) -> None:
    table = Table("Role", "E-mail", "Name", title="Demo accounts")
    for account in clinic.accounts:
        table.add_row(account.role, account.email, account.name)
    there = "The demo clinic is already there" if clinic.was_there else "The demo clinic is made"
    console.print(
        f"{there}: {clinic.practitioners} practitioners, {clinic.patients} patients, {clinic.visits} visits."
    )
    console.print(table)
    console.print(f"The passphrase of all of them: {clinic.accounts[0].passphrase}")
