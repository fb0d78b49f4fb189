"""``medibook run``: serve pages, API and live connections from one process on one port."""

import asyncio
import importlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Annotated

import typer
from granian.constants import Interfaces
from granian.server.embed import Server

from medibook.cli.build import BUILT
from medibook.cli.reporting import refuse, settings_or_refuse
from medibook.kernel.actor import system
from medibook.kernel.db import SQLAlchemyError, schema_revision
from medibook.kernel.settings import Env, Settings
from medibook.operations.rules.demo import DEMO_IN_PRODUCTION
from medibook.operations.service import has_demo_accounts
from medibook.wiring import build_medibook

_STDIN = 0
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not bound to
_NO_FOREIGN_PORTS = "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN"


def run(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    stop_with_stdin: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Serve the built clinic until it is stopped (Ctrl-C or SIGTERM)."""
    _refuse_the_demo(settings_or_refuse())
    _refuse_what_cannot_work(host, port)
    _announce_address(host, port)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    # Every beat of a heartbeat and every look at /readyz would be two lines.
    for chatty in ("apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    asyncio.run(_serve(host, port, stop_with_stdin=stop_with_stdin))
    # Everything of ours is closed by now. The server's own threads live a moment longer, and they
    # abort the whole process if the interpreter is taken down under them: so it is not.
    logging.shutdown()
    os._exit(0)


def _refuse_the_demo(settings: Settings) -> None:
    if settings.env is not Env.PRODUCTION:
        return
    medibook = build_medibook(settings)
    try:
        # Without tables there is no demo; a database that does not answer is /readyz's to tell.
        if schema_revision(medibook.engine) and medibook.perform(
            system("command line"), has_demo_accounts
        ):
            refuse(DEMO_IN_PRODUCTION)
    except SQLAlchemyError:
        return
    finally:
        medibook.engine.dispose()


def _refuse_what_cannot_work(host: str, port: int) -> None:
    if not (BUILT / "index.html").is_file():
        refuse("The front end is not built yet. Run: python -m medibook build")
    if _NO_FOREIGN_PORTS in os.environ:  # noqa: TID251 - no setting of ours
        # Reflex then bakes that host in and opens a redirect that anybody can steer.
        refuse(f"Unset {_NO_FOREIGN_PORTS}: MediBook does not serve through port forwarding.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            refuse(f"Cannot listen on {host} port {port}: {error.strerror}. Choose another --port.")


def _announce_address(host: str, port: int) -> None:
    """Tell the rest of the process how Reflex is to run and where people find us.

    The two names with leading underscores are internal to Reflex: they make it serve the finished
    build as it lies there, without Node. This is the only place that knows them; tests/launcher
    starts a server through it.
    """
    environment = os.environ  # noqa: TID251 - Reflex and our settings both read it later
    environment["__REFLEX_SKIP_COMPILE"] = "true"
    environment["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"] = "true"
    environment["REFLEX_ENV_MODE"] = "prod"
    environment["REFLEX_TELEMETRY_ENABLED"] = "false"
    environment["REFLEX_CHECK_LATEST_VERSION"] = "false"
    here = socket.gethostname() if host in _EVERYWHERE else host
    # A production address is the operator's word; on one's own machine it is where we listen.
    if environment.get("MEDIBOOK_ENV") != Env.PRODUCTION:
        local = "127.0.0.1" if host in _EVERYWHERE else here
        environment.setdefault("MEDIBOOK_BASE_URL", f"http://{local}:{port}")
        if host in _EVERYWHERE:
            _also_allow([here, *_own_addresses()], port)
    settings_or_refuse()


def _also_allow(names: list[str], port: int) -> None:
    environment = os.environ  # noqa: TID251 - see _announce_address
    further = [environment.get("MEDIBOOK_ALLOWED_ORIGINS", "")]
    further += [f"http://{name}:{port}" for name in dict.fromkeys(names)]
    environment["MEDIBOOK_ALLOWED_ORIGINS"] = ",".join(filter(None, further))


def _own_addresses() -> list[str]:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, family=socket.AF_INET)
    except OSError:  # a machine whose own name does not resolve is still reachable by loopback
        return []
    return sorted({str(entry[4][0]) for entry in found})


async def _serve(host: str, port: int, *, stop_with_stdin: bool) -> None:
    # By name: the application stands above the command line, and must be imported only now that
    # the environment is complete.
    application = importlib.import_module("medibook.medibook").app()
    server = Server(
        application, address=host, port=port, interface=Interfaces.ASGI, log_enabled=False
    )
    loop = asyncio.get_running_loop()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, server.stop)
    if stop_with_stdin:
        _when_stdin_closes(lambda: loop.call_soon_threadsafe(server.stop))
    await server.serve()


def _when_stdin_closes(then: Callable[[], object]) -> None:
    """Stop with the launcher, however it ends: its end of our stdin closes even on kill -9."""

    def wait() -> None:
        # Not sys.stdin: its lock would be held by this thread when the interpreter ends.
        while os.read(_STDIN, 1):
            pass
        then()

    threading.Thread(target=wait, name="launcher-watch", daemon=True).start()
