"""``medibook create-admin`` and ``create-staff``: accounts that nobody can register for by themselves."""

import os
import sys
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

import typer

from medibook.cli.reporting import in_words, print_json, refuse, settings_or_refuse
from medibook.kernel.actor import system
from medibook.kernel.errors import Refusal
from medibook.people import service as people
from medibook.wiring import build_medibook

_Email = Annotated[str, typer.Argument(help="The address to sign in with.")]
_Name = Annotated[str, typer.Argument(help="The name that others see.")]
_AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]


def create_admin(email: _Email, name: _Name, *, as_json: _AsJson = False) -> None:
    """Create an admin account: a clinic's first, or a way back in when all admins are gone.

    The password is asked for on a terminal; otherwise it is taken from MEDIBOOK_ADMIN_PASSWORD, or
    from the first line of standard input. It is never an argument, which other users could read.
    """
    _create(people.create_admin, email, name, "MEDIBOOK_ADMIN_PASSWORD", as_json=as_json)


def create_staff(email: _Email, name: _Name, *, as_json: _AsJson = False) -> None:
    """Create an account for the front desk.

    The password is asked for on a terminal; otherwise it is taken from MEDIBOOK_STAFF_PASSWORD, or
    from the first line of standard input. It is never an argument, which other users could read.
    """
    _create(people.create_staff, email, name, "MEDIBOOK_STAFF_PASSWORD", as_json=as_json)


def _create(
    act: Callable[..., UUID], email: str, name: str, variable: str, *, as_json: bool
) -> None:
    settings = settings_or_refuse()
    password = _password(variable)
    medibook = build_medibook(settings)
    try:
        medibook.perform(system("command line"), act, email=email, name=name, password=password)
    except Refusal as refusal:
        refuse(in_words(refusal))
    finally:
        medibook.engine.dispose()
    if as_json:
        print_json({"created": email})
    else:
        typer.echo(f"Created. Sign in at {settings.origin}/sign-in/ as {email}.")


def _password(variable: str) -> str:
    if given := os.environ.get(variable):  # noqa: TID251 - a secret of this one call, no setting
        return given
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
