"""One text to many people, and a link that ends such mail.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let an admin tell many people, from rows that survive a crash."""
    op.create_table(
        "broadcast",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(24), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("send_at", UTCDateTime(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("told_until", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast"),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name="fk_broadcast_location_id"),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name="fk_broadcast_created_by"
        ),
    )
    op.create_index("ix_broadcast_state", "broadcast", ["state"])
    op.create_table(
        "broadcast_text",
        sa.Column("broadcast_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("body", sa.String(4000), nullable=False),
        sa.PrimaryKeyConstraint("broadcast_id", "locale", name="pk_broadcast_text"),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcast.id"], name="fk_broadcast_text_broadcast_id"
        ),
    )
    op.add_column(
        "message",
        sa.Column("unsubscribe", sa.String(300), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("message", "unsubscribe")
    op.drop_table("broadcast_text")
    op.drop_index("ix_broadcast_state", "broadcast")
    op.drop_table("broadcast")
