"""Know patients without an account of their own, who may act for them, and how to find them.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes

from alembic import op
from medibook.people.rules.naming import search_keys

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# A word is found by its first letters: in the order of its bytes, whatever the server's language.
KEY = sa.String(length=130).with_variant(sa.String(length=130, collation="C"), "postgresql")
RELATIONS = ("child", "grandchild", "legal-care", "foster-child", "other")
LIVING = sa.text("revoked_at IS NULL")
NO_ACCOUNT = sa.text("recipient_id IS NULL")


def upgrade() -> None:
    """Let a patient be without an account, and others act for them."""
    _allow_null("patient", "user_id")
    _allow_null("message", "recipient_id")
    op.create_index(
        "uq_message_without_account",
        "message",
        ["fact_id", "to", "channel", "kind"],
        unique=True,
        sqlite_where=NO_ACCOUNT,
        postgresql_where=NO_ACCOUNT,
    )
    op.add_column(
        "patient",
        sa.Column("email", sa.String(length=254), nullable=False, server_default=sa.text("''")),
    )
    op.add_column(
        "patient", sa.Column("locale", sa.String(length=8), nullable=False, server_default="en")
    )
    op.create_table(
        "patient_key",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_patient_key_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("patient_id", "key", name=op.f("pk_patient_key")),
    )
    op.create_index("ix_patient_key_key", "patient_key", ["key"])
    op.create_table(
        "guardianship",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(*RELATIONS, name="relation", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("may_book", sa.Boolean(), nullable=False),
        sa.Column("may_see_records", sa.Boolean(), nullable=False),
        sa.Column("granted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_guardianship_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_guardianship_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["user_account.id"], name=op.f("fk_guardianship_granted_by")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["user_account.id"], name=op.f("fk_guardianship_revoked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
    )
    op.create_index("ix_guardianship_patient_id", "guardianship", ["patient_id"])
    op.create_index(
        "uq_guardianship_living",
        "guardianship",
        ["user_id", "patient_id"],
        unique=True,
        sqlite_where=LIVING,
        postgresql_where=LIVING,
    )
    _write_keys()


def downgrade() -> None:
    """Let every patient have an account again; refused while there is one without."""
    patients = sa.table("patient", sa.column("id"), sa.column("user_id"))
    lonely = sa.select(patients.c.id).where(patients.c.user_id.is_(None)).limit(1)
    if op.get_bind().execute(lonely).first():
        raise RuntimeError("there are patients without an account: this cannot be taken back")
    op.drop_table("guardianship")
    op.drop_table("patient_key")
    op.drop_column("patient", "locale")
    op.drop_column("patient", "email")
    op.drop_index("uq_message_without_account", table_name="message")
    _forbid_null("message", "recipient_id")
    _forbid_null("patient", "user_id")


def _write_keys() -> None:
    """Make the patients that there are already findable."""
    patient = sa.table("patient", sa.column("id", sa.Uuid), *map(sa.column, ("name", "phone")))
    keys = sa.table("patient_key", sa.column("patient_id", sa.Uuid), sa.column("key"))
    rows = [
        {"patient_id": row.id, "key": key}
        for row in op.get_bind().execute(sa.select(patient))
        for key in search_keys(row.name, row.phone)
    ]
    for first in range(0, len(rows), 5_000):
        op.get_bind().execute(sa.insert(keys), rows[first : first + 5_000])


def _allow_null(table: str, column: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column, nullable=True)
    else:
        _rewrite(table, f"{column} CHAR(32) NOT NULL", f"{column} CHAR(32)")


def _forbid_null(table: str, column: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column, nullable=False)
    else:
        _rewrite(table, f"{column} CHAR(32)", f"{column} CHAR(32) NOT NULL")


def _rewrite(table: str, old: str, new: str) -> None:
    """Change a table's declaration on SQLite, whose rows stay as they are.

    SQLite cannot alter a column, and to copy the table anew would drop one that visits refer to, which
    its foreign keys refuse. NOT NULL is no part of how rows are stored; SQLite's own page on ALTER
    TABLE gives this way for it (https://sqlite.org/lang_altertable.html#otheralter).
    """
    bind = op.get_bind()
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = bind.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = ? AND instr(sql, ?)",
        (old, new, table, old),
    )
    assert changed.rowcount == 1, f"{table} is not declared as expected"
    bind.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=RESET")
