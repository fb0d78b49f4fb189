"""Whether patients can be served, in words for the operator."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

_MIGRATIONS = Path(__file__).resolve().parents[2] / "alembic"


def readiness(engine: Engine) -> Callable[[], list[str]]:
    """Return the check behind ``/readyz``: the database answers, and is as new as the code."""
    newest = ScriptDirectory(str(_MIGRATIONS)).get_current_head()

    def missing() -> list[str]:
        try:
            with engine.connect() as connection:
                connection.execute(sa.text("SELECT 1"))
                revision = MigrationContext.configure(connection).get_current_revision()
        except SQLAlchemyError:
            return ["The database does not answer."]
        if revision != newest:
            return ["The database is not migrated. Run: python -m medibook migrate"]
        return []

    return missing
