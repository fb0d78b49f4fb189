"""The engine, the table base and the column types: how the database is opened."""

import logging
import threading
from datetime import datetime
from enum import StrEnum
from time import monotonic
from types import ModuleType
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Field, MetaData, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from medibook.kernel.errors import Busy

try:  # the wheel bundles a SQLite that is free of the WAL-reset corruption bug (fixed in 3.51.3)
    from pysqlite3 import dbapi2 as sqlite_driver
except ImportError:  # no wheel for this platform: the standard module serves, and the log warns
    import sqlite3 as sqlite_driver

log = logging.getLogger("medibook.db")

SQLITE_SAFE_VERSION = (3, 51, 3)
_BEGIN, _PATIENCE = "medibook_begin", "medibook_patience"
PATIENCE = 10.0  # seconds that a writer waits for others before it is told to try again

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


class Table(SQLModel):
    """Base of every table: an identity that no one can guess or count."""

    id: UUID = Field(primary_key=True)


def table_of(model: type[SQLModel]) -> sa.Table:
    """Return the Core table behind a model: hot paths speak Core, at an eighth of the cost."""
    return cast("sa.Table", model.__table__)  # type: ignore[attr-defined]  # set when a class is made


def enum_column(kind: type[StrEnum]) -> sa.Enum:
    """Return a column type that stores the enum's value (FHIR's code), readable in any SQL tool."""
    return sa.Enum(
        kind,
        native_enum=False,
        length=24,
        create_constraint=False,
        values_callable=lambda members: [m.value for m in members],
    )


def instant(*, nullable: bool = False, index: bool = False) -> Any:  # noqa: ANN401 - as SQLModel's Field
    """Return a column for an aware UTC instant."""
    default = None if nullable else ...
    return Field(default=default, sa_type=UTCDateTime, nullable=nullable, index=index)


def make_engine(url: str) -> Engine:
    """Open the database at ``url``: SQLite with full durability and foreign keys, or PostgreSQL."""
    if url.startswith("sqlite"):
        return _sqlite(url, sqlite_driver)
    engine = sa.create_engine(
        url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=10
    )
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _sqlite(url: str, driver: ModuleType) -> Engine:
    if sqlite_version() < SQLITE_SAFE_VERSION:
        log.warning(
            "SQLite %s may corrupt a busy database; install the package pysqlite3, or a newer SQLite",
            ".".join(map(str, sqlite_version())),
        )
    engine = sa.create_engine(
        url,
        module=driver,
        hide_parameters=True,  # an error's words reach the log, and people's data must not (I20)
        connect_args={"timeout": 10, "check_same_thread": False},
        pool_size=10,
    )
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DB-API connection
    connection.isolation_level = None  # we say BEGIN ourselves, so that writers can say IMMEDIATE
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL may lose an acknowledged booking at a power cut
        "foreign_keys=ON",
        "busy_timeout=10000",
        # In KiB. With the 2 MB that SQLite takes of itself, a search among ten thousand practitioners
        # throws out its own index while it reads it.
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once with BUSY_SNAPSHOT when somebody
    # else wrote in between; writers therefore take the lock at the start.
    options = connection.get_execution_options()
    patience = round(options.get(_PATIENCE, PATIENCE), 1)
    if connection.info.get(_PATIENCE) != patience:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={int(patience * 1000)}")
        connection.info[_PATIENCE] = patience
    connection.exec_driver_sql(options.get(_BEGIN, "BEGIN"))


def _begin_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")


def begin_options(*, writes: bool, patience: float | None = None) -> dict[str, str | float]:
    """Return how a transaction starts: writers take SQLite's lock first, and wait so long for it."""
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    return {_BEGIN: begin, _PATIENCE: PATIENCE if patience is None else patience}


class WriterQueue:
    """One writer at a time within this process on SQLite; free on PostgreSQL.

    SQLite's own waiting polls and may starve one of many writers; a lock in the process does not.
    Waiting here and waiting for another process (a backup, an import) come out of one patience:
    otherwise the tenth in the queue would be told after a hundred seconds, and hold a thread so long.
    """

    def __init__(self, engine: Engine) -> None:
        self._lock = threading.Lock() if engine.dialect.name == "sqlite" else None

    def __enter__(self) -> float:
        """Wait for this writer's turn; returns the patience that is left. Raises Busy."""
        if self._lock is None:
            return PATIENCE
        since = monotonic()
        if not self._lock.acquire(timeout=PATIENCE):
            raise Busy
        return max(PATIENCE - (monotonic() - since), 0)

    def __exit__(self, *_: object) -> None:
        """Let the next writer in."""
        if self._lock is not None:
            self._lock.release()


def is_lock_timeout(error: Exception) -> bool:
    """Tell whether the database gave up waiting for somebody else's lock."""
    cause = getattr(error, "orig", error)
    # By number on PostgreSQL: its words are in the language of the server.
    return "database is locked" in str(cause) or getattr(cause, "sqlstate", None) == "55P03"


def may_retry(error: Exception) -> bool:
    """Tell whether PostgreSQL asks to run it again (serialisation failure, deadlock)."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in {"40001", "40P01"}


def schema_revision(engine: Engine) -> str | None:
    """Return the migration that the database is at; raises SQLAlchemyError when it does not answer."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def sqlite_version() -> tuple[int, ...]:
    """Return the version of the SQLite library that is really linked."""
    return tuple(int(part) for part in sqlite_driver.sqlite_version.split("."))


__all__ = [
    "Engine",
    "SQLAlchemyError",
    "Table",
    "UTCDateTime",
    "WriterQueue",
    "begin_options",
    "datetime",
    "enum_column",
    "instant",
    "is_lock_timeout",
    "make_engine",
    "may_retry",
    "metadata",
    "schema_revision",
    "sqlite_version",
    "table_of",
]
