"""How many SMS a number was sent lately is counted in the rows; whose quiet hours hold stands there too.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find what was sent to a number quickly."""
    op.add_column(
        "message",
        sa.Column("zone", sa.String(40), nullable=False, server_default=sa.text("''")),
    )
    op.create_index("ix_message_to", "message", ["to", "attempted_at"])


def downgrade() -> None:
    """Count them no longer."""
    op.drop_index("ix_message_to", "message")
    op.drop_column("message", "zone")
