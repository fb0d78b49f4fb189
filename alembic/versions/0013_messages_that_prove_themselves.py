"""What a message speaks of, whose turn it is, what its provider said; links, wishes, quiet hours.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = {
    "topic": (sa.String(24), "account"),
    "about_kind": (sa.String(24), ""),
    "about_id": (sa.Uuid(), None),
    "about_mark": (sa.String(64), ""),
    "patient_id": (sa.Uuid(), None),
    "useful_until": (UTCDateTime(), None),
    "claim": (sa.Uuid(), None),
    "lease_until": (UTCDateTime(), None),
    "attempted_at": (UTCDateTime(), None),
    "settled_at": (UTCDateTime(), None),
    "provider_id": (sa.String(120), ""),
    "provider_state": (sa.String(40), ""),
    "read_at": (UTCDateTime(), None),
}
INDEXED = ("about_id", "claim", "provider_id")


def upgrade() -> None:
    """Let a message be claimed, judged and reconciled; give people a say in what reaches them."""
    for name, (kind, default) in COLUMNS.items():
        is_free = default is None
        op.add_column("message", sa.Column(name, kind, nullable=is_free, server_default=default))
    for column in INDEXED:
        op.create_index(f"ix_message_{column}", "message", [column])
    _add_tables()
    # Those that an older version had claimed: with a lease that has run out, they are taken anew.
    op.execute("UPDATE message SET lease_until = send_at WHERE state = 'claimed'")


def _add_tables() -> None:
    op.create_table(
        "answer_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("about_kind", sa.String(24), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("about_mark", sa.String(64), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("actions", sa.String(120), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer_link"),
        sa.UniqueConstraint("token_hash", name="uq_answer_link_token_hash"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="fk_answer_link_patient_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_answer_link_user_id"),
    )
    op.create_index("ix_answer_link_about_id", "answer_link", ["about_id"])
    op.create_index("ix_answer_link_expires_at", "answer_link", ["expires_at"])
    op.create_table(
        "message_wish",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(24), nullable=False),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("is_wanted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "topic", "channel", name="pk_message_wish"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_message_wish_user_id"),
    )
    op.create_table(
        "quiet_hours",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_quiet_hours"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_quiet_hours_user_id"),
    )
    op.create_table(
        "opt_out",
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", "topic", name="pk_opt_out"),
    )


def downgrade() -> None:
    """Take them away again; what waits goes on waiting."""
    for table in ("opt_out", "quiet_hours", "message_wish", "answer_link"):
        op.drop_table(table)
    op.execute(
        "UPDATE message SET state = 'dead' WHERE state IN ('expired', 'unknown', 'attempting')"
    )
    for column in INDEXED:
        op.drop_index(f"ix_message_{column}", "message")
    for name in COLUMNS:
        op.drop_column("message", name)
