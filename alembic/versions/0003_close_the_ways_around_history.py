"""Close the ways around history: on SQLite REPLACE removes a row without asking, on PostgreSQL TRUNCATE does.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Which column says that a row of history is there already.
HISTORY = {"audit_event": "seq", "appointment_change": "id"}
# REPLACE fires no DELETE trigger (unless a connection asks for it), but the INSERT one it does.
SQLITE_KEEP = """
CREATE TRIGGER {table}_keeps_insert BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
BEGIN
  SELECT RAISE(ABORT, '{table} is history: it cannot be changed or removed');
END
"""


def upgrade() -> None:
    """Refuse to write over history, and to empty it."""
    for table, key in HISTORY.items():
        if op.get_bind().dialect.name == "sqlite":
            op.execute(SQLITE_KEEP.format(table=table, key=key))
        else:
            op.execute(
                f"CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION history_keeps()"
            )


def downgrade() -> None:
    """Open them again."""
    for table in HISTORY:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {table}_keeps_insert")
        else:
            op.execute(f"DROP TRIGGER {table}_keeps_all ON {table}")
