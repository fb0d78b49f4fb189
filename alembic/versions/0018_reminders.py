"""Plan the reminders of visits, and let the clinic say when it reminds and how long it waits.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Plan what is booked and still to come, as if it had been booked when it was."""
    op.add_column(
        "policy", sa.Column("reminder_hours", sa.String(24), nullable=False, server_default="24,2")
    )
    op.add_column(
        "policy",
        sa.Column("change_grace_minutes", sa.Integer(), nullable=False, server_default="10"),
    )
    op.add_column("service_policy", sa.Column("reminder_hours", sa.String(24), nullable=True))
    op.add_column("service_policy", sa.Column("change_grace_minutes", sa.Integer(), nullable=True))
    op.create_table(
        "reminder_plan",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("look_at", UTCDateTime(), nullable=False),
        sa.Column("told_hours", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("appointment_id", name="pk_reminder_plan"),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name="fk_reminder_plan_appointment_id"
        ),
    )
    op.create_index("ix_reminder_plan_look_at", "reminder_plan", ["look_at"])
    op.create_table(
        "reminded_visit",
        sa.Column("reminder_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("reminder_id", "appointment_id", name="pk_reminded_visit"),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name="fk_reminded_visit_appointment_id"
        ),
    )
    op.create_index("ix_reminded_visit_appointment_id", "reminded_visit", ["appointment_id"])
    op.execute(
        "INSERT INTO reminder_plan (appointment_id, since, look_at) "
        "SELECT id, created_at, created_at FROM appointment "
        "WHERE status = 'booked' AND starts_at > CURRENT_TIMESTAMP"
    )


def downgrade() -> None:
    """Take the plans away; what has been written stays written."""
    op.drop_table("reminded_visit")
    op.drop_table("reminder_plan")
    for table in ("service_policy", "policy"):
        for column in ("change_grace_minutes", "reminder_hours"):
            op.drop_column(table, column)
