"""Web push: the clinic's key, and people's devices.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let people be told on their devices."""
    op.create_table(
        "push_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_mark", AutoString(length=32), nullable=False),
        sa.Column("public_key", AutoString(length=100), nullable=False),
        sa.Column("sealed", AutoString(length=1000), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_push_key"),
        sa.UniqueConstraint("secret_mark", name="uq_push_key_secret_mark"),
    )
    op.create_table(
        "push_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", AutoString(length=1000), nullable=False),
        sa.Column("endpoint_hash", AutoString(length=64), nullable=False),
        sa.Column("p256dh", AutoString(length=100), nullable=False),
        sa.Column("auth", AutoString(length=40), nullable=False),
        sa.Column("label", AutoString(length=120), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("problem", AutoString(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_push_device"),
        sa.UniqueConstraint("endpoint_hash", name="uq_push_device_endpoint_hash"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_push_device_user_id_user_account"
        ),
        sa.ForeignKeyConstraint(["key_id"], ["push_key.id"], name="fk_push_device_key_id_push_key"),
    )
    op.create_index("ix_push_device_user_id", "push_device", ["user_id"])


def downgrade() -> None:
    """Forget people's devices, and what was to be told there."""
    pushed = "(SELECT id FROM message WHERE channel = 'push')"
    op.execute(f"DELETE FROM message_subject WHERE message_id IN {pushed}")
    op.execute("DELETE FROM message WHERE channel = 'push'")
    op.drop_table("push_device")
    op.drop_table("push_key")
