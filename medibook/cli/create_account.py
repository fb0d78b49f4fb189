"""``medibook create-admin``: the first account of a clinic, and a way back in when all admins are gone."""

import os
import sys
from typing import Annotated

import typer

from medibook.cli.reporting import in_words, print_json, refuse, settings_or_refuse
from medibook.kernel.actor import system
from medibook.kernel.errors import Refusal
from medibook.people import service as people
from medibook.wiring import build_medibook

_VARIABLE = "MEDIBOOK_ADMIN_PASSWORD"


def create_admin(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    name: Annotated[str, typer.Argument(help="The name that others see.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Create an admin account.

    The password is asked for on a terminal; otherwise it is taken from MEDIBOOK_ADMIN_PASSWORD, or
    from the first line of standard input. It is never an argument, which other users could read.
    """
    settings = settings_or_refuse()
    password = _password()
    medibook = build_medibook(settings)
    try:
        medibook.perform(
            system("command line"), people.create_admin, email=email, name=name, password=password
        )
    except Refusal as refusal:
        refuse(in_words(refusal))
    finally:
        medibook.engine.dispose()
    if as_json:
        print_json({"created": email})
    else:
        typer.echo(f"Created. Sign in at {settings.origin}/sign-in/ as {email}.")


def _password() -> str:
    if given := os.environ.get(_VARIABLE):  # noqa: TID251 - a secret of this one call, no setting
        return given
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
