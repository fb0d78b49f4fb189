"""What the search reads.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_PERSON = "practitioner_id"
_WORD = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")
_RANK = sa.String(130).with_variant(sa.String(130, collation="C"), "postgresql")


def upgrade() -> None:
    """Lay the tables; the heartbeat fills them."""
    op.create_table(
        "search_preference",
        _person("search_preference", "practitioner", "id"),
        sa.Column("accepts_new", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(_PERSON, name="pk_search_preference"),
    )
    op.create_table(
        "directory_entry",
        _person("directory_entry", "practitioner", "id"),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=True),
        sa.Column("years_of_experience", sa.Integer(), nullable=False),
        sa.Column("languages", sa.String(62), nullable=False),
        sa.Column("specialties", sa.String(400), nullable=False),
        sa.Column("locations", sa.String(800), nullable=False),
        sa.Column("accepts_new", sa.Boolean(), nullable=False),
        sa.Column("has_video", sa.Boolean(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(_PERSON, name="pk_directory_entry"),
    )
    op.create_table(
        "directory_offer",
        _person("directory_offer"),
        _other("directory_offer", "service"),
        sa.Column("rank_name", _RANK, nullable=False),
        sa.Column("is_usual", sa.Boolean(), nullable=False),
        sa.Column("is_usual_video", sa.Boolean(), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=False),
        sa.Column("fee_currency", sa.String(3), nullable=False),
        sa.Column("next_free_at", UTCDateTime(), nullable=False),
        sa.Column("good_until", UTCDateTime(), nullable=False),
        sa.Column("stamp", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(_PERSON, "service_id", name="pk_directory_offer"),
    )
    for shown in ("is_usual", "is_usual_video"):
        op.create_index(
            f"ix_directory_offer_{shown}",
            "directory_offer",
            ["next_free_at", "rank_name", _PERSON],
            sqlite_where=sa.text(f"{shown} = 1"),
            postgresql_where=sa.text(shown),
        )
        op.create_index(
            f"ix_directory_offer_kind_{shown}",
            "directory_offer",
            ["kind", "next_free_at"],
            sqlite_where=sa.text(f"{shown} = 1"),
            postgresql_where=sa.text(shown),
        )
    op.create_index("ix_directory_offer_good_until", "directory_offer", ["good_until"])
    op.create_index("ix_directory_offer_service_id", "directory_offer", ["service_id"])
    op.create_table(
        "directory_place",
        _person("directory_place"),
        _other("directory_place", "location"),
        sa.PrimaryKeyConstraint(_PERSON, "location_id", name="pk_directory_place"),
    )
    op.create_index("ix_directory_place_location_id", "directory_place", ["location_id"])
    op.create_table(
        "directory_listing",
        _other("directory_listing", "specialty"),
        sa.Column("city", sa.String(80), nullable=False),
        _person("directory_listing"),
        sa.PrimaryKeyConstraint("specialty_id", "city", _PERSON, name="pk_directory_listing"),
    )
    op.create_index(
        "ix_directory_listing_city_practitioner_id", "directory_listing", ["city", _PERSON]
    )
    op.create_index("ix_directory_listing_practitioner_id", "directory_listing", [_PERSON])
    op.create_table(
        "directory_kind",
        sa.Column("kind", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("specialties", sa.String(400), nullable=False),
        sa.Column("cities", sa.String(800), nullable=False),
        sa.Column("languages", sa.String(62), nullable=False),
        sa.Column("accepts_new", sa.Boolean(), nullable=False),
        sa.Column("has_video", sa.Boolean(), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_directory_kind"),
    )
    op.create_table(
        "directory_word",
        sa.Column("word", _WORD, nullable=False),
        _person("directory_word"),
        sa.PrimaryKeyConstraint("word", _PERSON, name="pk_directory_word"),
    )
    op.create_index("ix_directory_word_practitioner_id", "directory_word", [_PERSON])
    op.create_table(
        "directory_spelling",
        sa.Column("variant", _WORD, nullable=False),
        sa.Column("word", _WORD, nullable=False),
        sa.PrimaryKeyConstraint("variant", "word", name="pk_directory_spelling"),
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("kind", "spelling", "word", "listing", "place", "offer", "entry"):
        op.drop_table(f"directory_{table}")
    op.drop_table("search_preference")


def _person(table: str, of: str = "directory_entry", column: str = _PERSON) -> sa.Column:
    reference = sa.ForeignKey(f"{of}.{column}", name=f"fk_{table}_{_PERSON}")
    return sa.Column(_PERSON, sa.Uuid(), reference, nullable=False)


def _other(table: str, other: str) -> sa.Column:
    reference = sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{other}_id")
    return sa.Column(f"{other}_id", sa.Uuid(), reference, nullable=False)
