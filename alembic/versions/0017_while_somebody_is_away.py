"""Plans for absences: the visits that cannot be, the times offered instead, and who had a visit before.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('waiting', 'call')")


def upgrade() -> None:
    """Let a practitioner be away, and a visit go to a colleague with its history."""
    op.add_column("hold", sa.Column("offer_of_absence_id", sa.Uuid(), nullable=True))
    op.create_index("ix_hold_offer_of_absence_id", "hold", ["offer_of_absence_id"])
    # Plainly: to lay the table anew would lose the triggers that keep history.
    op.add_column("appointment_change", sa.Column("from_practitioner_id", sa.Uuid(), nullable=True))
    _add_plans()
    _add_cases()
    _add_alternatives()


def _add_plans() -> None:
    op.create_table(
        "absence_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("zone", sa.String(40), nullable=False),
        sa.Column("time_off_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name="ck_absence_plan_forward"),
        sa.PrimaryKeyConstraint("id", name="pk_absence_plan"),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name="fk_absence_plan_practitioner_id"
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["user_account.id"], name="fk_absence_plan_started_by"
        ),
    )
    op.create_index("ix_absence_plan_practitioner_id", "absence_plan", ["practitioner_id"])
    op.create_index("ix_absence_plan_ends_at", "absence_plan", ["ends_at"])


def _add_cases() -> None:
    op.create_table(
        "absence_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("was_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("is_here", sa.Boolean(), nullable=False),
        sa.Column("lapses_at", UTCDateTime(), nullable=True),
        sa.Column("cancelled_at", UTCDateTime(), nullable=True),
        sa.Column("reached_at", UTCDateTime(), nullable=True),
        sa.Column("reached_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("by_phone", sa.Boolean(), nullable=False),
        sa.Column("taken_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_absence_case"),
        sa.UniqueConstraint(
            "plan_id", "appointment_id", name="uq_absence_case_plan_id_appointment_id"
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_absence_case_{column}")
            for column, target in (
                ("plan_id", "absence_plan.id"),
                ("appointment_id", "appointment.id"),
                ("patient_id", "patient.id"),
                ("reached_by", "user_account.id"),
                ("answered_by", "user_account.id"),
                ("visit_id", "appointment.id"),
            )
        ),
    )
    op.create_index("ix_absence_case_appointment_id", "absence_case", ["appointment_id"])
    op.create_index("ix_absence_case_patient_id", "absence_case", ["patient_id"])
    op.create_index("ix_absence_case_state_lapses_at", "absence_case", ["state", "lapses_at"])
    op.create_index(
        "uq_absence_case_open",
        "absence_case",
        ["appointment_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _add_alternatives() -> None:
    op.create_table(
        "absence_alternative",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("zone", sa.String(40), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_absence_alternative"),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_absence_alternative_{column}")
            for column, target in (
                ("case_id", "absence_case.id"),
                ("practitioner_id", "practitioner.id"),
                ("service_id", "service.id"),
                ("location_id", "location.id"),
            )
        ),
    )
    op.create_index("ix_absence_alternative_case_id", "absence_alternative", ["case_id"])


def downgrade() -> None:
    """Take the plans away; visits stay where they have gone."""
    for table in ("absence_alternative", "absence_case", "absence_plan"):
        op.drop_table(table)
    op.drop_column("appointment_change", "from_practitioner_id")
    op.drop_index("ix_hold_offer_of_absence_id", "hold")
    op.drop_column("hold", "offer_of_absence_id")
