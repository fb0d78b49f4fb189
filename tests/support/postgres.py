"""A PostgreSQL server of the tests' own: made in a temporary directory, gone afterwards.

A test asks the fixture ``postgres`` for a clean database. Anything else (a proof, a measurement)
wraps itself in one::

    python -m tests.support.postgres -- python -m medibook prove --attempts 1000

which sets ``MEDIBOOK_DB_URL`` for the command. ``--durable`` keeps fsync on, as a crash test needs.
``MEDIBOOK_TEST_PG_URL`` names a server to use instead of a private one.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

START_SECONDS = 60
STOP_SECONDS = 20
DEBIAN_BINARIES = Path("/usr/lib/postgresql")

MISSING = (
    "PostgreSQL is missing: MediBook is tested on SQLite and on PostgreSQL. Install the server "
    "(Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql), "
    "or name one in MEDIBOOK_TEST_PG_URL."
)
HAS_STRATEGIES = 150_000
# A throw-away server need not survive a power cut.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# One run of the suite uses few connections, but the proofs bring several processes with a pool each.
ROOMY = ("max_connections=200", "shared_buffers=64MB", "log_min_messages=warning")


class PostgresMissing(Exception):  # noqa: N818 - it is shown to people as it stands
    """No server to test on; the sentence says what to install."""


@dataclass
class Server:
    """One running PostgreSQL and the databases that this run has made in it."""

    admin: URL
    log: Path | None = None
    _count: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _prefix: str = field(default_factory=lambda: f"mb_{secrets.token_hex(4)}")
    _made: list[str] = field(default_factory=list)

    def create(self, *, template: str | None = None) -> str:
        """The URL of a new database; a copy of ``template`` (a URL from here), else empty."""
        name = f"{self._prefix}_{next(self._count)}"
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            source = make_url(template).database or ""
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(source))
        self._execute(statement, by_files=bool(template))
        self._made.append(name)
        return self.admin.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove a database, also from under the feet of a connection that was left open."""
        name = make_url(url).database or ""
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
        self._made.remove(name)

    def drop_all(self) -> None:
        for name in list(self._made):
            self.drop(self.admin.set(database=name).render_as_string(hide_password=False))

    def _execute(self, statement: sql.Composable, *, by_files: bool = False) -> None:
        with psycopg.connect(_libpq(self.admin), autocommit=True) as connection:
            if by_files and connection.info.server_version >= HAS_STRATEGIES:
                # Through the log, as is usual, a copy takes three times as long.
                statement += sql.SQL(" STRATEGY FILE_COPY")
            connection.execute(statement)


@contextlib.contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """A server for as long as the block runs: the named one, else a private one."""
    named = os.environ.get("MEDIBOOK_TEST_PG_URL")
    if named:
        url = make_url(named).set(drivername="postgresql+psycopg")
        there = Server(admin=url.set(database=url.database or "postgres"))
        try:
            yield there
        finally:
            there.drop_all()
        return
    with _private_server(durable=durable) as here:
        yield here


@contextlib.contextmanager
def _private_server(*, durable: bool) -> Iterator[Server]:
    binaries = _binaries()
    owner = _owner()
    home = Path(tempfile.mkdtemp(prefix="medibook-pg-"))
    try:
        if owner:
            os.chown(home, owner.pw_uid, owner.pw_gid)
        password = secrets.token_hex(16)
        _initialise(binaries, home, owner, password)
        settings = (*ROOMY, *(() if durable else CARELESS))
        process, port = _start(binaries, home, owner, settings, password)
        url = _url(port, password)
        try:
            yield Server(admin=url, log=home / "log")
        finally:
            _stop(process)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _binaries() -> Path:
    """The folder with initdb and postgres; the newest, where Debian keeps several."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(
        DEBIAN_BINARIES.glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True
    )
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresMissing(MISSING)


def _owner() -> pwd.struct_passwd | None:
    """The account the server runs as: PostgreSQL refuses root, so root borrows another one."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresMissing("PostgreSQL does not run as root, and there is no user to run it as.")


def _as(owner: pwd.struct_passwd | None) -> dict[str, object]:
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _initialise(binaries: Path, home: Path, owner: pwd.struct_passwd | None, password: str) -> None:
    secret = home / "password"
    secret.write_text(password)
    if owner:
        os.chown(secret, owner.pw_uid, owner.pw_gid)
    secret.chmod(0o600)
    done = subprocess.run(
        [
            *(binaries / "initdb", "--pgdata", home / "data", "--username", "medibook"),
            # Reachable from here alone, and gone in minutes: a costlier handshake would be paid four
            # times by each of a thousand tests.
            *("--auth", "md5", "--pwfile", secret),
            *("--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"),
        ],
        **_as(owner),
        cwd=home,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    secret.unlink()
    if done.returncode:
        raise PostgresMissing(f"initdb failed:\n{done.stdout}{done.stderr}")


def _start(
    binaries: Path,
    home: Path,
    owner: pwd.struct_passwd | None,
    settings: tuple[str, ...],
    password: str,
) -> tuple[subprocess.Popen[bytes], int]:
    """A running server; another port is tried when somebody took ours in between."""
    wanted = ("listen_addresses=127.0.0.1", "unix_socket_directories=", *settings)
    for _ in range(5):
        port = _free_port()
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(
                [binaries / "postgres", "-D", home / "data", "-p", str(port)]
                + [word for setting in wanted for word in ("-c", setting)],
                **_as(owner),
                cwd=home,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C belongs to the test run, which then stops the server in order.
                start_new_session=True,
            )
        if _answers(process, _url(port, password)):
            return process, port
        _stop(process)
    raise PostgresMissing(f"PostgreSQL did not start:\n{(home / 'log').read_text()[-2000:]}")


def _answers(process: subprocess.Popen[bytes], url: URL) -> bool:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            psycopg.connect(_libpq(url), connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)  # PostgreSQL's "fast": roll back, disconnect, leave
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment() -> dict[str, str]:
    # Whatever PG* variables the developer uses for other servers must not reach this one.
    return {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _url(port: int, password: str) -> URL:
    return URL.create("postgresql+psycopg", "medibook", password, "127.0.0.1", port, "postgres")


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The run's own PostgreSQL, started by the first test that asks for it."""
    with server() as running:
        yield running


def main(arguments: list[str]) -> int:
    """Run a command with ``MEDIBOOK_DB_URL`` naming a fresh, empty database."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.postgres")
    parser.add_argument("--durable", action="store_true", help="keep fsync on")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="-- command …")
    chosen = parser.parse_args(arguments)
    command = [word for i, word in enumerate(chosen.command) if (i, word) != (0, "--")]
    if not command:
        parser.error("name a command after --")
    # Told to stop, the server must be stopped first: leave through the `with`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with server(durable=chosen.durable) as running:
            env = os.environ | {"MEDIBOOK_DB_URL": running.create()}
            return subprocess.run(command, env=env, check=False).returncode
    except PostgresMissing as missing:
        print(missing, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
