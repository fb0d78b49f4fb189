"""Exceptions to the week, and limits that a practitioner sets.

Revision ID: 0005
Revises: 0004
"""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Exceptions to the week, and limits that a practitioner sets."""


def downgrade() -> None:
    """Take it away again."""
