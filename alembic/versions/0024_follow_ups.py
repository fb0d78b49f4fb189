"""Ask patients to book their next visit when a practitioner wants them to come again.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_ACTIVE = sa.text("state = 'active'")


def upgrade() -> None:
    """Keep who should come again when."""
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("after_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("zone", AutoString(length=40), nullable=False),
        sa.Column("send_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_because", sa.String(24), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name="fk_follow_up_patient_id_patient"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name="fk_follow_up_practitioner_id_practitioner",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk_follow_up_service_id_service"
        ),
        sa.ForeignKeyConstraint(
            ["after_id"], ["appointment.id"], name="fk_follow_up_after_id_appointment"
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["appointment.id"], name="fk_follow_up_settled_by_appointment"
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["user_account.id"], name="fk_follow_up_set_by_user_account"
        ),
    )
    op.create_index(
        "uq_follow_up_active",
        "follow_up",
        ["patient_id", "practitioner_id", "service_id"],
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )
    op.create_index(
        "ix_follow_up_patient_id_practitioner_id", "follow_up", ["patient_id", "practitioner_id"]
    )
    op.create_index("ix_follow_up_state_send_at", "follow_up", ["state", "send_at"])
    op.create_index(
        "ix_follow_up_practitioner_id_send_at", "follow_up", ["practitioner_id", "send_at"]
    )
    op.create_index("ix_follow_up_settled_by", "follow_up", ["settled_by"])


def downgrade() -> None:
    """Forget who should come again."""
    op.drop_table("follow_up")
