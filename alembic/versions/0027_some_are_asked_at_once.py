"""Asking some on the waiting list at once; and another name of a kind of time.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_INDEX = "uq_waitlist_offer_open_round"


def upgrade() -> None:
    """Let one of the open offers of a freed time keep it; so far there was but one."""
    one = {"nullable": False, "server_default": "1"}
    op.add_column("policy", sa.Column("waitlist_batch", sa.Integer(), **one))
    op.add_column("service_policy", sa.Column("waitlist_batch", sa.Integer(), nullable=True))
    op.add_column(
        "waitlist_offer", sa.Column("keeps", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("waitlist_offer", sa.Column("asked_with", sa.Integer(), **one))
    _index(sa.text("state = 'open' AND keeps"))
    _rename_kind("later", "same-practitioner")


def downgrade() -> None:
    """Ask one after the other; who was asked with somebody else is asked no more."""
    op.execute(
        "UPDATE waitlist_offer SET state = 'withdrawn', closed_because = 'another was first' "
        "WHERE state = 'open' AND NOT keeps"
    )
    _rename_kind("same-practitioner", "later")
    _index(sa.text("state = 'open'"))
    for column in ("asked_with", "keeps"):
        op.drop_column("waitlist_offer", column)
    for table in ("service_policy", "policy"):
        op.drop_column(table, "waitlist_batch")


def _index(where: sa.TextClause) -> None:
    op.drop_index(_INDEX, "waitlist_offer")
    op.create_index(
        _INDEX,
        "waitlist_offer",
        ["round_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _rename_kind(old: str, new: str) -> None:
    op.execute(f"UPDATE absence_alternative SET kind = '{new}' WHERE kind = '{old}'")
