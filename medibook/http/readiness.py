"""Whether patients can be served, in words for the operator."""

from collections.abc import Callable
from pathlib import Path

from alembic.script import ScriptDirectory

from medibook.kernel.actor import system
from medibook.kernel.application import MediBook
from medibook.kernel.db import SQLAlchemyError, schema_revision
from medibook.kernel.settings import Env
from medibook.operations.rules.demo import DEMO_IN_PRODUCTION
from medibook.operations.service import has_demo_accounts

_MIGRATIONS = Path(__file__).resolve().parents[2] / "alembic"


def readiness(medibook: MediBook) -> Callable[[], list[str]]:
    """Return the check behind ``/readyz``: the database answers, is as new as the code, and no demo."""
    engine, is_production = medibook.engine, medibook.settings.env is Env.PRODUCTION
    newest = ScriptDirectory(str(_MIGRATIONS)).get_current_head()

    def missing() -> list[str]:
        try:
            revision = schema_revision(engine)
            as_new = revision == newest
            asked = as_new and is_production
            if asked and medibook.perform(system("readiness"), has_demo_accounts):
                return [DEMO_IN_PRODUCTION]
        except SQLAlchemyError:
            return ["The database does not answer."]
        if not as_new:
            return ["The database is not migrated. Run: python -m medibook migrate"]
        return []

    return missing
