"""Scratch databases: made beside the real one, harmed at will, thrown away."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid5

import sqlalchemy as sa
from sqlalchemy import event, make_url
from sqlalchemy.engine import Engine
from sqlmodel import Session

from medibook.operations.access.seeding import write
from medibook.operations.rules.chance import named_id
from medibook.operations.rules.seeds import ClinicSeed

_WRITES = ("INSERT", "UPDATE", "DELETE", "SAVEPOINT")


@contextmanager
def scratch_database(server: str | None, *, name: str) -> Iterator[str]:
    """The URL of an empty database for as long as the block runs.

    ``server`` names any database of a PostgreSQL server whose user may create databases; the new
    one is made beside it. Without it, or with a SQLite URL, the new one is a file in a temporary folder.
    """
    if server is None or server.startswith("sqlite"):
        with tempfile.TemporaryDirectory(prefix="medibook-scratch-") as folder:
            yield f"sqlite:///{Path(folder) / 'scratch.db'}"
        return
    url = make_url(server)
    scratch = f"medibook_scratch_{uuid5(named_id('scratch'), name).hex[:12]}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(sa.text(f'CREATE DATABASE "{scratch}"'))
        yield url.set(database=scratch).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{scratch}" WITH (FORCE)'))
        engine.dispose()


def drop_guards(engine: Engine) -> None:
    """Take away what refuses overlaps below the code, as a database without our migrations would be."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for verb in ("insert", "update"):
                connection.execute(sa.text(f"DROP TRIGGER busy_time_no_overlap_{verb}"))
        else:
            connection.execute(
                sa.text("ALTER TABLE busy_time DROP CONSTRAINT busy_time_no_overlap")
            )


def disable_locks(engine: Engine) -> None:
    """Make every writer naive: it looks, then writes, and nothing holds the others off in between.

    On PostgreSQL the advisory locks become nothing. On SQLite the transaction begins with the first
    write instead of before the first look: what most programs do that never said how to begin.
    """
    event.listen(engine, "before_cursor_execute", _naive, retval=True)


def _naive(
    connection: sa.Connection,
    cursor: Any,  # noqa: ANN401 - of the database's own driver
    statement: str,
    parameters: Any,  # noqa: ANN401 - likewise
    *_: object,
) -> tuple[str, Any]:
    if connection.dialect.name == "postgresql":
        return ("SELECT 1", {}) if "pg_advisory_xact_lock" in statement else (statement, parameters)
    if statement.startswith("BEGIN"):
        return "SELECT 1", ()
    if statement.startswith(_WRITES) and not cursor.connection.in_transaction:
        cursor.execute("BEGIN IMMEDIATE")
    return statement, parameters


def fill(engine: Engine, clinic: ClinicSeed) -> None:
    """Lay a made-up clinic into an empty scratch database; nobody can sign in to it."""
    with Session(engine) as session:
        write(session, clinic, password_hash="")
        session.commit()
