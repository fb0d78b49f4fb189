"""Let a search read all it compares off one index, and the cheapest first off another.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INDEXES = {
    "practitioner_id": [
        "practitioner_id", "next_free_at", "rank_name", "service_id", "fee", "kind",
    ],
    "fee": ["fee", "rank_name", "practitioner_id"],
}  # fmt: skip


def upgrade() -> None:
    """Those who fit are named by other lists: each is looked up once, and no row is read for it."""
    for shown in ("is_usual", "is_usual_video"):
        for first, columns in INDEXES.items():
            op.create_index(
                f"ix_directory_offer_{first}_{shown}",
                "directory_offer",
                columns,
                sqlite_where=sa.text(f"{shown} = 1"),
                postgresql_where=sa.text(shown),
            )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite" and sa.inspect(connection).has_table("sqlite_stat1"):
        # Where the other indexes have statistics and these have none, SQLite takes the others.
        op.execute("ANALYZE directory_offer")


def downgrade() -> None:
    """Take them away again."""
    for shown in ("is_usual", "is_usual_video"):
        for first in INDEXES:
            op.drop_index(f"ix_directory_offer_{first}_{shown}", "directory_offer")
