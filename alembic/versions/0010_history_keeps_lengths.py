"""History says until when a visit lasted, too: a visit that is stretched keeps its start.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = ("from_end", "to_end")


def upgrade() -> None:
    """Add the ends; what was written before has none."""
    for name in COLUMNS:
        column = sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        op.add_column("appointment_change", column)


def downgrade() -> None:
    """Forget the ends. Dropping a column plainly leaves the triggers that keep history in place."""
    for name in reversed(COLUMNS):
        op.drop_column("appointment_change", name)
