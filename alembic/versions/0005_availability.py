"""Hours of a single date, and limits that a practitioner sets.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let hours be those of one date instead of every week, and a practitioner limit their day."""
    op.add_column("available_time", sa.Column("on_date", sa.Date(), nullable=True))
    op.add_column("practitioner_schedule", sa.Column("daily_limit", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("practitioner_schedule", "daily_limit")
    op.drop_column("available_time", "on_date")
