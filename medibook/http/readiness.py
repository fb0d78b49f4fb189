"""Whether patients can be served, in words for the operator."""

from collections.abc import Callable
from pathlib import Path

from alembic.script import ScriptDirectory

from medibook.kernel.db import Engine, SQLAlchemyError, schema_revision

_MIGRATIONS = Path(__file__).resolve().parents[2] / "alembic"


def readiness(engine: Engine) -> Callable[[], list[str]]:
    """Return the check behind ``/readyz``: the database answers, and is as new as the code."""
    newest = ScriptDirectory(str(_MIGRATIONS)).get_current_head()

    def missing() -> list[str]:
        try:
            revision = schema_revision(engine)
        except SQLAlchemyError:
            return ["The database does not answer."]
        if revision != newest:
            return ["The database is not migrated. Run: python -m medibook migrate"]
        return []

    return missing
