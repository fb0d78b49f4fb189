"""Visits that repeat.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A series is a row of its own; each of its visits is an ordinary appointment with a place in it."""
    op.create_table(
        "appointment_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("wall_start", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("zone", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("booked_by", sa.Uuid(), nullable=False),
        sa.Column("booking_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("last_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_references(
            "appointment_series",
            patient_id="patient",
            practitioner_id="practitioner",
            service_id="service",
            booked_by="user_account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_series")),
        sa.UniqueConstraint(
            "booked_by", "booking_key", name=op.f("uq_appointment_series_booked_by_booking_key")
        ),
    )
    for column in ("patient_id", "practitioner_id"):
        name = op.f(f"ix_appointment_series_{column}")
        op.create_index(name, "appointment_series", [column], unique=False)
    op.create_table(
        "series_visit",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("wall_start", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_references("series_visit", appointment_id="appointment", series_id="appointment_series"),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_series_visit")),
        sa.UniqueConstraint("series_id", "place", name=op.f("uq_series_visit_series_id_place")),
    )


def downgrade() -> None:
    """The visits stay; that they belong together is forgotten."""
    op.drop_table("series_visit")
    op.drop_table("appointment_series")


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    ]
