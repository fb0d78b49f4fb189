"""Guard time and history: no two overlapping rows of busy time, no changed or removed row of history.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A row of busy time is at most a day long, so that SQLite's look for overlaps is an index range of a day.
SQLITE_TIME = """
CREATE TRIGGER busy_time_no_overlap_{verb} BEFORE {event} ON busy_time
WHEN NEW.overbooked_by IS NULL
BEGIN
  SELECT RAISE(ABORT, 'busy_time_no_overlap') WHERE EXISTS (
    SELECT 1 FROM busy_time
    WHERE resource_id = NEW.resource_id
      AND starts_at < NEW.ends_at
      AND starts_at >= datetime(NEW.starts_at, '-1 day')
      AND ends_at > NEW.starts_at
      AND overbooked_by IS NULL
      AND id <> {self});
  SELECT RAISE(ABORT, 'busy_time_too_long')
  WHERE julianday(NEW.ends_at) - julianday(NEW.starts_at) > 1;
END
"""
SQLITE_KEEP = """
CREATE TRIGGER {table}_keeps_{verb} BEFORE {event} ON {table}
BEGIN
  SELECT RAISE(ABORT, '{table} is history: it cannot be changed or removed');
END
"""
HISTORY = ("audit_event", "appointment_change")


def upgrade() -> None:
    """Lay the guards in the words of the engine at hand."""
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()


def _upgrade_sqlite() -> None:
    op.execute(SQLITE_TIME.format(verb="insert", event="INSERT", self="NEW.id"))
    op.execute(SQLITE_TIME.format(verb="update", event="UPDATE", self="OLD.id"))
    for table in HISTORY:
        for verb in ("update", "delete"):
            op.execute(SQLITE_KEEP.format(table=table, verb=verb, event=verb.upper()))


def _upgrade_postgresql() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute(
        "ALTER TABLE busy_time ADD CONSTRAINT busy_time_no_overlap EXCLUDE USING gist "
        "(resource_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (overbooked_by IS NULL)"
    )
    op.execute(
        "ALTER TABLE busy_time ADD CONSTRAINT busy_time_too_long "
        "CHECK (ends_at - starts_at <= interval '1 day')"
    )
    op.execute(
        "CREATE FUNCTION history_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is history: it cannot be changed or removed', TG_TABLE_NAME; END $$"
    )
    for table in HISTORY:
        op.execute(
            f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION history_keeps()"
        )


def downgrade() -> None:
    """Take the guards away."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("insert", "update"):
            op.execute(f"DROP TRIGGER busy_time_no_overlap_{verb}")
        for table in HISTORY:
            for verb in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_keeps_{verb}")
        return
    for table in HISTORY:
        op.execute(f"DROP TRIGGER {table}_keeps ON {table}")
    op.execute("DROP FUNCTION history_keeps()")
    op.execute(sa.text("ALTER TABLE busy_time DROP CONSTRAINT busy_time_too_long"))
    op.execute(sa.text("ALTER TABLE busy_time DROP CONSTRAINT busy_time_no_overlap"))
