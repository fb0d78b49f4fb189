"""When a job has last run, so that silence is seen.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each job."""
    op.create_table(
        "heartbeat",
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column("beat_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("job", name="pk_heartbeat"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("heartbeat")
