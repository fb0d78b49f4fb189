"""Other times that a practitioner offers instead.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a hold belong to the visit for which its time is offered."""
    op.add_column("hold", sa.Column("offer_of_appointment_id", sa.Uuid(), nullable=True))
    op.create_index("ix_hold_offer_of_appointment_id", "hold", ["offer_of_appointment_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_hold_offer_of_appointment_id", "hold")
    op.drop_column("hold", "offer_of_appointment_id")
