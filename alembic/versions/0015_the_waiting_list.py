"""The waiting list: who waits, the freed times, whom they were offered to, and who was passed over.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_UTC = sqlmodel.sql.sqltypes.UTCDateTime
_IS_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """A hold may be kept for an offer of the list; the list itself is six tables."""
    op.add_column("hold", sa.Column("offer_of_waitlist_id", sa.Uuid(), nullable=True))
    op.create_index("ix_hold_offer_of_waitlist_id", "hold", ["offer_of_waitlist_id"])
    _entries()
    _rounds()
    _offers()


def downgrade() -> None:
    """Nobody waits any more, and times that were kept for them are free when their holds end."""
    for table in (
        "waitlist_pass",
        "waitlist_offer",
        "waitlist_round",
        "waitlist_change",
        "waitlist_practitioner",
        "waitlist_entry",
    ):
        op.drop_table(table)
    op.drop_index("ix_hold_offer_of_waitlist_id", "hold")
    op.drop_column("hold", "offer_of_waitlist_id")


def _entries() -> None:
    op.create_table(
        "waitlist_entry",
        _id(),
        *_ids("patient_id", "created_by"),
        *_ids("service_id", "specialty_id", "replaces_id", "appointment_id", nullable=True),
        sa.Column("any_practitioner", sa.Boolean(), nullable=False),
        _text("city", 80),
        _text("weekdays", 7),
        sa.Column("not_before", sa.Time(), nullable=True),
        sa.Column("not_after", sa.Time(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        _text("priority_reason", 200),
        sa.Column("since", _UTC(), nullable=False),
        _choice("state"),
        sa.Column("closed_at", _UTC(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_references(
            "waitlist_entry",
            patient_id="patient",
            created_by="user_account",
            service_id="service",
            specialty_id="specialty",
            replaces_id="appointment",
            appointment_id="appointment",
        ),
        sa.CheckConstraint(
            "(service_id IS NULL) <> (specialty_id IS NULL)",
            name=op.f("ck_waitlist_entry_one_wish"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entry")),
    )
    op.create_index("ix_waitlist_entry_patient_id", "waitlist_entry", ["patient_id"])
    for column in ("service_id", "specialty_id"):
        op.create_index(f"ix_waitlist_entry_state_{column}", "waitlist_entry", ["state", column])
    op.create_table(
        "waitlist_practitioner",
        *_ids("entry_id", "practitioner_id"),
        *_references(
            "waitlist_practitioner", entry_id="waitlist_entry", practitioner_id="practitioner"
        ),
        sa.PrimaryKeyConstraint("entry_id", "practitioner_id", name="pk_waitlist_practitioner"),
    )
    op.create_index(
        "ix_waitlist_practitioner_practitioner_id", "waitlist_practitioner", ["practitioner_id"]
    )
    op.create_table(
        "waitlist_change",
        _id(),
        *_ids("entry_id"),
        *_ids("by_user_id", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", _UTC(), nullable=False),
        _choice("step"),
        sa.Column("priority", sa.Integer(), nullable=False),
        _text("reason", 200),
        _text("by_role", 16),
        *_references("waitlist_change", entry_id="waitlist_entry", by_user_id="user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_change")),
    )
    op.create_index("ix_waitlist_change_entry_id", "waitlist_change", ["entry_id"])


def _rounds() -> None:
    op.create_table(
        "waitlist_round",
        _id(),
        *_ids("practitioner_id", "location_id"),
        _text("zone", 40),
        sa.Column("starts_at", _UTC(), nullable=False),
        sa.Column("ends_at", _UTC(), nullable=False),
        _choice("cause"),
        sa.Column("freed_at", _UTC(), nullable=False),
        _choice("state"),
        sa.Column("next_at", _UTC(), nullable=True),
        sa.Column("ended_at", _UTC(), nullable=True),
        *_references("waitlist_round", practitioner_id="practitioner", location_id="location"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_round")),
    )
    for columns in (["practitioner_id", "starts_at"], ["state", "next_at"], ["freed_at"]):
        op.create_index(f"ix_waitlist_round_{'_'.join(columns)}", "waitlist_round", columns)
    op.create_table(
        "waitlist_pass",
        _id(),
        *_ids("round_id", "entry_id"),
        sa.Column("at", _UTC(), nullable=False),
        _choice("reason"),
        sa.Column("priority", sa.Integer(), nullable=False),
        *_references("waitlist_pass", round_id="waitlist_round", entry_id="waitlist_entry"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_pass")),
        sa.UniqueConstraint("round_id", "entry_id", name="uq_waitlist_pass_round_id_entry_id"),
    )
    op.create_index("ix_waitlist_pass_entry_id", "waitlist_pass", ["entry_id"])


def _offers() -> None:
    op.create_table(
        "waitlist_offer",
        _id(),
        *_ids("round_id", "entry_id", "patient_id", "practitioner_id", "service_id"),
        *_ids("location_id", "hold_id"),
        *_ids("appointment_id", nullable=True),
        _text("zone", 40),
        sa.Column("starts_at", _UTC(), nullable=False),
        sa.Column("ends_at", _UTC(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("offered_at", _UTC(), nullable=False),
        sa.Column("expires_at", _UTC(), nullable=False),
        _choice("state"),
        sa.Column("closed_at", _UTC(), nullable=True),
        _text("closed_because", 200),
        _text("override_reason", 200),
        *_references(
            "waitlist_offer",
            round_id="waitlist_round",
            entry_id="waitlist_entry",
            patient_id="patient",
            practitioner_id="practitioner",
            service_id="service",
            location_id="location",
            appointment_id="appointment",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_offer")),
    )
    for whose in ("round", "entry"):
        op.create_index(
            f"uq_waitlist_offer_open_{whose}",
            "waitlist_offer",
            [f"{whose}_id"],
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        )
    for columns in (
        ["round_id"],
        ["patient_id"],
        ["entry_id", "offered_at"],
        ["practitioner_id", "starts_at"],
    ):
        op.create_index(f"ix_waitlist_offer_{'_'.join(columns)}", "waitlist_offer", columns)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _ids(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Uuid(), nullable=nullable) for name in names]


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False)


def _choice(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=24), nullable=False)


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    ]
