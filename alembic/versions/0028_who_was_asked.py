"""Of each follow-up, since when somebody is known to have been asked.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_INDEX = "ix_follow_up_untold"
_UNTOLD = sa.text("state = 'active' AND told_at IS NULL")


def upgrade() -> None:
    """Nobody is known yet to have been asked: the next heartbeat reads it in the ledger."""
    op.add_column("follow_up", sa.Column("told_at", UTCDateTime(), nullable=True))
    op.create_index(
        _INDEX, "follow_up", ["send_at"], sqlite_where=_UNTOLD, postgresql_where=_UNTOLD
    )


def downgrade() -> None:
    """Guess it from the clock, as before."""
    op.execute(
        "UPDATE follow_up SET closed_because = 'nobody can be told' "
        "WHERE closed_because = 'nothing has left'"
    )
    op.drop_index(_INDEX, "follow_up")
    op.drop_column("follow_up", "told_at")
