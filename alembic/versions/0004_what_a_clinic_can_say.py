"""Say all that a clinic is: pools, closures, video visits, policies per visit type.

Revision ID: 0004
Revises: 0003
"""

from uuid import UUID

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Until now every room did for every other: they become one pool.
ROOMS = UUID("4f2b7d10-6a35-4c8e-9b1d-0c5e8a7f3d21")

_SERVICE = sa.table(
    "service",
    sa.column("id", sa.Uuid),
    *map(sa.column, ("name", "minutes", "buffer_before_minutes", "buffer_after_minutes")),
    sa.column("needs_room", sa.Boolean),
    sa.column("pool_id", sa.Uuid),
)
_ROOM = sa.table("room", sa.column("id", sa.Uuid), sa.column("pool_id", sa.Uuid))


def upgrade() -> None:
    """Say all that a clinic is: pools, closures, video visits, policies per visit type."""
    _add_pools()
    _add_days_and_outages()
    _add_columns()
    _add_policies()
    _fill_the_first_pool()
    op.drop_column("service", "needs_room")


def _add_pools() -> None:
    op.create_table(
        "room_pool",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("room", "equipment", name="poolkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_pool")),
        sa.UniqueConstraint("name", name=op.f("uq_room_pool_name")),
    )
    for table in ("room", "service"):
        reference = sa.ForeignKey("room_pool.id", name=f"fk_{table}_pool_id")
        op.add_column(
            table, sa.Column("pool_id", sa.Uuid(), reference, nullable=True), inline_references=True
        )


def _add_days_and_outages() -> None:
    op.create_table(
        "closure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_closure_forward")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_closure_location_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index("ix_closure_location_id_last_day", "closure", ["location_id", "last_day"])
    op.create_table(
        "room_outage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_room_outage_forward")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_room_outage_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_outage")),
    )
    op.create_index("ix_room_outage_room_id_ends_at", "room_outage", ["room_id", "ends_at"])


def _columns() -> dict[str, list[sa.Column]]:
    def retired_at() -> sa.Column:
        return sa.Column("retired_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)

    def version() -> sa.Column:
        return sa.Column("version", sa.Integer(), nullable=False, server_default="1")

    text = sqlmodel.sql.sqltypes.AutoString
    kinds = sa.Enum("any", "first", "follow-up", name="visitkind", native_enum=False, length=24)
    return {
        "specialty": [retired_at(), version()],
        "location": [
            sa.Column("region", text(length=8), nullable=True),
            sa.Column("latitude", sa.Float(), nullable=True),
            sa.Column("longitude", sa.Float(), nullable=True),
            retired_at(),
            version(),
        ],
        "room": [retired_at()],
        "service": [
            sa.Column("is_video", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("visit_kind", kinds, nullable=False, server_default="any"),
            retired_at(),
            version(),
        ],
        "policy": [sa.Column("patient_daily_limit", sa.Integer(), nullable=True), version()],
    }


def _add_columns() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)


def _add_policies() -> None:
    op.create_table(
        "service_policy",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("minimum_notice_minutes", sa.Integer(), nullable=True),
        sa.Column("horizon_days", sa.Integer(), nullable=True),
        sa.Column("cancel_cutoff_hours", sa.Integer(), nullable=True),
        sa.Column(
            "late_cancel",
            sa.Enum("ask-clinic", "allowed", name="latecancel", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("daily_limit", sa.Integer(), nullable=True),
        sa.Column("patient_daily_limit", sa.Integer(), nullable=True),
        sa.Column("open_per_patient", sa.Integer(), nullable=True),
        sa.Column("request_lapses_hours", sa.Integer(), nullable=True),
        sa.Column("hold_minutes", sa.Integer(), nullable=True),
        sa.Column("grid_minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_policy_service_id")
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_service_policy")),
    )
    op.create_table(
        "service_offer_location",
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_service_offer_location_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id", "service_id"],
            ["service_offer.practitioner_id", "service_offer.service_id"],
            name="fk_service_offer_location_offer",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "practitioner_id", "service_id", "location_id", name=op.f("pk_service_offer_location")
        ),
    )


def _fill_the_first_pool() -> None:
    connection = op.get_bind()
    needing = sa.select(_SERVICE.c.id).where(_SERVICE.c.needs_room)
    rooms = sa.select(_ROOM.c.id)
    if not connection.execute(needing.union(rooms).limit(1)).first():
        return
    pool = sa.table("room_pool", sa.column("id", sa.Uuid), sa.column("name"), sa.column("kind"))
    op.execute(sa.insert(pool).values(id=ROOMS, name="Rooms", kind="room"))
    op.execute(sa.update(_ROOM).values(pool_id=ROOMS))
    op.execute(sa.update(_SERVICE).where(_SERVICE.c.needs_room).values(pool_id=ROOMS))


def downgrade() -> None:
    """Take it away again: one of any pool is any room."""
    for table in ("service_offer_location", "service_policy"):
        op.drop_table(table)
    for table, columns in reversed(_columns().items()):
        if table == "service":
            continue
        for column in reversed(columns):
            op.drop_column(table, column.name)
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_services_on_sqlite()
    else:
        _restore_services()
    op.drop_column("room", "pool_id")
    op.drop_index("ix_room_outage_room_id_ends_at", "room_outage")
    op.drop_table("room_outage")
    op.drop_index("ix_closure_location_id_last_day", "closure")
    op.drop_table("closure")
    op.drop_table("room_pool")


def _restore_services() -> None:
    op.add_column("service", sa.Column("needs_room", sa.Boolean(), nullable=True))
    op.execute(sa.update(_SERVICE).values(needs_room=_SERVICE.c.pool_id.is_not(None)))
    op.alter_column("service", "needs_room", nullable=False)
    for column in ("pool_id", "is_video", "visit_kind", "retired_at", "version"):
        op.drop_column("service", column)


def _rebuild_services_on_sqlite() -> None:
    # A column cannot come back as it was, so the table is made anew; other tables point at its rows,
    # which are gone for a moment: that is only looked at when the transaction ends.
    op.execute("PRAGMA defer_foreign_keys=ON")
    kept = [column.name for column in _SERVICE.c if column.name not in {"needs_room", "pool_id"}]
    names = ", ".join(kept)
    op.execute(
        f"CREATE TABLE service_kept AS SELECT {names}, pool_id IS NOT NULL AS needs_room FROM service"
    )
    op.execute("DROP TABLE service")
    op.create_table(
        "service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_before_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_after_minutes", sa.Integer(), nullable=False),
        sa.Column("needs_room", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    op.execute(
        f"INSERT INTO service ({names}, needs_room) SELECT {names}, needs_room FROM service_kept"
    )
    op.execute("DROP TABLE service_kept")
