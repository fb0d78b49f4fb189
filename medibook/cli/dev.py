"""``medibook dev``: serve from the sources on one port and rebuild when they change."""

import os
import sys
from typing import Annotated

import typer

from medibook.cli.build import build_environment


def dev(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
) -> None:
    """Serve with hot reload; a change shows after the next refresh of the page.

    Reflex's "preview" has one port as the real clinic has, so that sign-in forms and cookies work.
    """
    environment = build_environment(dict(os.environ))  # noqa: TID251 - handed to Reflex as a whole
    environment.setdefault("MEDIBOOK_BASE_URL", f"http://127.0.0.1:{port}")
    ports = ["--frontend-port", str(port), "--backend-port", str(port), "--backend-host", host]
    command = [sys.executable, "-m", "reflex", "run", "--env", "preview", *ports]
    # Reflex takes this process over, so that Ctrl-C and SIGTERM reach it directly.
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own words, no shell
