"""A number is sent SMS once it is proven; and what was never used goes.

Revision ID: 0023
Revises: 0022
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None
# When exactly they stood at the desk, nobody has written down.
_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    """Let a code prove a number; what the front desk has written down is proven."""
    op.add_column("patient", sa.Column("phone_proven_at", UTCDateTime(), nullable=True))
    patient = sa.table(
        "patient",
        sa.column("user_id", sa.Uuid()),
        sa.column("phone", sa.String()),
        sa.column("phone_proven_at", UTCDateTime()),
    )
    by_the_desk = sa.and_(patient.c.user_id.is_(None), patient.c.phone != "")
    op.execute(sa.update(patient).where(by_the_desk).values(phone_proven_at=_BEFORE))
    # A STOP is for everything: what was refused by topic stood nowhere but in this table.
    op.execute("DELETE FROM opt_out WHERE topic <> ''")
    with op.batch_alter_table("opt_out") as stopped:
        stopped.drop_constraint("pk_opt_out", type_="primary")
        stopped.drop_column("topic")
        stopped.create_primary_key("pk_opt_out", ["channel", "address"])
    op.create_table(
        "phone_code",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("number", AutoString(length=20), nullable=False),
        sa.Column("code_hash", AutoString(length=64), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_phone_code"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_phone_code_user_id_user_account"
        ),
    )


def downgrade() -> None:
    """Trust every number again."""
    op.drop_table("phone_code")
    op.execute("CREATE TABLE opt_out_kept AS SELECT channel, address, since FROM opt_out")
    op.drop_table("opt_out")
    op.create_table(
        "opt_out",
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", "topic", name="pk_opt_out"),
    )
    op.execute("INSERT INTO opt_out SELECT channel, address, '', since FROM opt_out_kept")
    op.drop_table("opt_out_kept")
    op.drop_column("patient", "phone_proven_at")
