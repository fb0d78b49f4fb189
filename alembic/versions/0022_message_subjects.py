"""What a message names besides what it is about.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name what earlier reminders and messages of absences speak of; those of series are not known."""
    op.create_table(
        "message_subject",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("about_kind", AutoString(length=24), nullable=False),
        sa.Column("mark", AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "about_id", name="pk_message_subject"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name="fk_message_subject_message_id_message"
        ),
    )
    op.create_index("ix_message_subject_about_id", "message_subject", ["about_id"])
    into = "INSERT INTO message_subject (message_id, about_id, about_kind, mark) "
    op.execute(
        into + "SELECT m.id, n.appointment_id, 'appointment', '' FROM message m "
        "JOIN reminded_visit n ON n.reminder_id = m.fact_id WHERE m.about_kind = 'visits'"
    )
    op.execute(
        into + "SELECT m.id, c.appointment_id, 'appointment', '' FROM message m "
        "JOIN absence_case c ON c.id = m.about_id WHERE m.about_kind = 'absence-case'"
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_table("message_subject")
