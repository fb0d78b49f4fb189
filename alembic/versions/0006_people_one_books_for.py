"""Patients without an account of their own, and who may act for them.

Revision ID: 0006
Revises: 0005
"""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Patients without an account of their own, and who may act for them."""


def downgrade() -> None:
    """Take it away again."""
