"""Say all that a clinic is: pools, closures, video visits, policies per visit type.

Revision ID: 0004
Revises: 0003
"""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say all that a clinic is: pools, closures, video visits, policies per visit type."""


def downgrade() -> None:
    """Take it away again."""
