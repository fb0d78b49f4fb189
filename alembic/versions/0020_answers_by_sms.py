"""Conversations by SMS, and finding patients by their number.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let people answer by SMS."""
    op.create_index("ix_patient_phone", "patient", ["phone"])
    op.create_table(
        "sms_conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", AutoString(length=16), nullable=False),
        sa.Column("asked", AutoString(length=1000), nullable=False),
        sa.Column("asked_action", AutoString(length=12), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=True),
        sa.Column("waits_since", UTCDateTime(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sms_conversation"),
        sa.UniqueConstraint("number", name="uq_sms_conversation_number"),
        sa.ForeignKeyConstraint(
            ["done_by"], ["user_account.id"], name="fk_sms_conversation_done_by_user_account"
        ),
    )
    op.create_index("ix_sms_conversation_waits_since", "sms_conversation", ["waits_since"])
    op.create_table(
        "sms_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("text", AutoString(length=1000), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("provider_id", AutoString(length=120), nullable=True),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sms_line"),
        sa.UniqueConstraint("provider_id", name="uq_sms_line_provider_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["sms_conversation.id"],
            name="fk_sms_line_conversation_id_sms_conversation",
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name="fk_sms_line_by_user_id_user_account"
        ),
    )
    op.create_index("ix_sms_line_conversation_id_place", "sms_line", ["conversation_id", "place"])


def downgrade() -> None:
    """Forget what was said by SMS."""
    op.drop_table("sms_line")
    op.drop_table("sms_conversation")
    op.drop_index("ix_patient_phone", "patient")
