"""Fresh databases with every table in place, on both engines; copied from a template, so it is quick."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import make_url

from alembic import command
from medibook.cli.migrate import config_for
from medibook.kernel.db import Engine, make_engine
from tests.support.postgres import Server

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ("sqlite", "postgresql")


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the newest schema."""
    command.upgrade(config_for(url), "head")


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


_idle: dict[str, list[Engine]] = {}


@contextlib.contextmanager
def lent_engine(url: str) -> Iterator[Engine]:
    """An engine on this database, handed on from test to test.

    To compile the clinic's statements anew for each test costs more than to run them.
    """
    wanted = make_url(url)
    idle = _idle.setdefault(wanted.drivername, [])
    engine = idle.pop() if idle else _movable(url)
    engine.url = wanted
    yield engine
    engine.dispose()
    idle.append(engine)


def _movable(url: str) -> Engine:
    """An engine that connects to whatever its ``url`` says at that moment."""
    engine = make_engine(url)

    @sa.event.listens_for(engine, "do_connect")
    def _(dialect: Any, _record: object, cargs: list[Any], cparams: dict[str, Any]) -> None:
        args, params = dialect.create_connect_args(engine.url)
        cargs[:] = args
        cparams.update(params)

    return engine


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests copy and never open."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(sqlite_url(path))
    # A copy takes one file: what still stands in the write-ahead log is written home first.
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgres: Server) -> str:
    """A migrated PostgreSQL database that tests copy and never open."""
    url = postgres.create()
    migrate(url)
    return url


@pytest.fixture
def empty_db_url(request: pytest.FixtureRequest, engine_name: str, tmp_path: Path) -> Iterator[str]:
    """A database without any table, on each engine."""
    if engine_name == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine in turn: whoever uses this runs on both."""
    return request.param


@pytest.fixture
def db_url(request: pytest.FixtureRequest, engine_name: str, tmp_path: Path) -> Iterator[str]:
    """A migrated database of this test's own, on each engine."""
    if engine_name == "sqlite":
        path = tmp_path / "medibook.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield sqlite_url(path)
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.create(template=request.getfixturevalue("postgresql_template"))
    yield url
    server.drop(url)
