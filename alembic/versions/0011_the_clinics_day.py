"""Find the clinic's day among ten million visits: by place, and at all places.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_appointment_location_id_starts_at": ["location_id", "starts_at"],
    "ix_appointment_starts_at": ["starts_at"],
}


def upgrade() -> None:
    """Let the front desk's day be looked up instead of gone through."""
    for name, columns in INDEXES.items():
        op.create_index(name, "appointment", columns)


def downgrade() -> None:
    """Take them away again."""
    for name in INDEXES:
        op.drop_index(name, "appointment")
