"""When a patient has said that they will come.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has said so yet of the visits that there are."""
    op.add_column("appointment", sa.Column("confirmed_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("appointment", "confirmed_at")
