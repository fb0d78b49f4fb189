"""The schema that the migrations make is the schema that the tables mean, on both engines; and back."""

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from alembic import command
from medibook.cli.migrate import config_for
from medibook.kernel.db import make_engine

BOOKKEEPING = {"alembic_version"}


def schema(url: str) -> dict[str, str]:
    """Everything the database holds besides rows: tables, indices, triggers, constraints, functions."""
    engine = make_engine(url)
    asked = _SQLITE if engine.dialect.name == "sqlite" else _POSTGRESQL
    with engine.connect() as connection:
        rows = connection.execute(sa.text(asked)).all()
    engine.dispose()
    return {f"{kind} {name}": text or "" for kind, name, text in rows if name not in BOOKKEEPING}


_SQLITE = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name <> 'alembic_version'"
_POSTGRESQL = """
    SELECT 'table', table_name::text, '' FROM information_schema.tables WHERE table_schema = 'public'
    UNION ALL SELECT 'column', table_name || '.' || column_name, data_type || is_nullable
        FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> 'alembic_version'
    UNION ALL SELECT 'index', indexname::text, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid <> 'alembic_version'::regclass
    UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', p.proname::text, p.prosrc FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS
            (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def test_every_migration_goes_up_down_and_up_again(empty_db_url):
    config = config_for(empty_db_url)
    for revision in reversed(list(ScriptDirectory.from_config(config).walk_revisions())):
        before = schema(empty_db_url) if revision.down_revision else {}
        command.upgrade(config, revision.revision)
        after = schema(empty_db_url)
        command.downgrade(config, revision.down_revision or "base")
        assert schema(empty_db_url) == before, f"{revision.path} leaves something behind"
        command.upgrade(config, revision.revision)
        assert schema(empty_db_url) == after, f"{revision.path} is not the same the second time"


def test_the_migrations_make_what_the_tables_mean(db_url):
    command.check(config_for(db_url))


def test_the_check_sees_a_forgotten_column_and_a_lost_trigger_or_constraint(db_url):
    before = schema(db_url)
    engine = make_engine(db_url)
    guards = [name for name in before if name.startswith(("trigger", "constraint"))]
    assert guards, "the database guards nothing: no trigger, no constraint"
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE outbox_event DROP COLUMN problem"))
    engine.dispose()
    assert schema(db_url) != before
    with pytest.raises(CommandError, match="New upgrade operations detected"):
        command.check(config_for(db_url))


def test_there_is_one_newest_migration():
    heads = ScriptDirectory.from_config(config_for("sqlite://")).get_heads()
    assert len(heads) == 1, f"two branches of migrations: {heads}"
