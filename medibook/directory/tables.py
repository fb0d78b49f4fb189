"""What the search reads: never a truth, made from the other rooms' rows and rebuilt at any time.

All but ``SearchPreference``: what a practitioner has said about being found is theirs.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from medibook.kernel.db import instant

# Words are compared by their bytes, so that "begins with" is a range of the index on every engine.
_BYTES = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")
_RANK = sa.String(130).with_variant(sa.String(130, collation="C"), "postgresql")

# Which indexes a search reads, each once for those who are shown and once for those by video.
_READ_BY = {
    "": ("next_free_at", "rank_name", "practitioner_id"),
    "fee_": ("fee", "rank_name", "practitioner_id"),
    "kind_": ("kind", "next_free_at"),
    # Of those whom another list has named, all that is compared: no row is read for it.
    "practitioner_id_": (
        "practitioner_id",
        "next_free_at",
        "rank_name",
        "service_id",
        "fee",
        "kind",
    ),
}


class SearchPreference(SQLModel, table=True):
    """How a practitioner wants to be found; who has said nothing takes new patients."""

    __tablename__ = "search_preference"

    practitioner_id: UUID = Field(foreign_key="practitioner.id", primary_key=True)
    accepts_new: bool = Field(description="takes people who have never been there")


class DirectoryEntry(SQLModel, table=True):
    """A practitioner who can be booked, as a search result.

    ``specialties``, ``locations`` and ``languages`` are lists, each in one text, every item between
    commas, so that a page of results needs no further looks.
    """

    __tablename__ = "directory_entry"

    practitioner_id: UUID = Field(foreign_key="practitioner.id", primary_key=True)
    slug: str = Field(max_length=80)
    name: str = Field(max_length=120)
    picture_id: UUID | None = None
    years_of_experience: int = 0
    languages: str = Field(max_length=62, description=",en,de,")
    specialties: str = Field(default=",", max_length=400, description="codes: ,dermatology,")
    locations: str = Field(default=",", max_length=800, description="their ids, in hexadecimal")
    accepts_new: bool = True
    has_video: bool = False
    rating: int = Field(default=0, description="hundredths of a star; 0 while there is none")
    reviews: int = 0


class DirectoryOffer(SQLModel, table=True):
    """A visit type of somebody in the directory, and a time before which it is surely not free.

    ``next_free_at`` is a lower bound: bookings push the truth later and nobody tells; whatever frees
    time lowers it at once. It takes no notice of holds and of rooms, which can only make the truth
    later. ``good_until``: from then on the clock has overtaken it. ``stamp`` changes whenever time
    may have become free, so that who mends the bound sees that it was not meant.
    """

    __tablename__ = "directory_offer"
    __table_args__ = (
        *(
            sa.Index(
                f"ix_directory_offer_{name}{shown}",
                *columns,
                sqlite_where=sa.text(f"{shown} = 1"),
                postgresql_where=sa.text(shown),
            )
            for shown in ("is_usual", "is_usual_video")
            for name, columns in _READ_BY.items()
        ),
        sa.Index("ix_directory_offer_good_until", "good_until"),
        sa.Index("ix_directory_offer_service_id", "service_id"),
    )

    practitioner_id: UUID = Field(foreign_key="directory_entry.practitioner_id", primary_key=True)
    service_id: UUID = Field(foreign_key="service.id", primary_key=True)
    rank_name: str = Field(sa_type=_RANK, description="the name, folded: it breaks ties")
    is_usual: bool = Field(description="the first that patients see")
    is_usual_video: bool = Field(description="the first of those by video")
    fee: int = Field(description="hundredths of its currency, whatever that has of minor units")
    fee_currency: str = Field(max_length=3)
    next_free_at: datetime = instant()
    good_until: datetime = instant()
    stamp: UUID
    kind: int = Field(sa_type=sa.BigInteger)


class DirectoryKind(SQLModel, table=True):
    """All that a filter can ask of somebody: people of one kind are counted together.

    The lists are each one text, every item between commas or bars. ``kind`` is made from the rest.
    """

    __tablename__ = "directory_kind"

    kind: int = Field(primary_key=True, sa_type=sa.BigInteger)
    specialties: str = Field(max_length=400, description="codes: ,dermatology,")
    cities: str = Field(max_length=800, description="|London|Berlin|")
    languages: str = Field(max_length=62, description=",en,de,")
    accepts_new: bool
    has_video: bool
    fee: int = Field(description="hundredths")


class DirectoryPlace(SQLModel, table=True):
    """Somebody in the directory has opening hours at this location."""

    __tablename__ = "directory_place"

    practitioner_id: UUID = Field(foreign_key="directory_entry.practitioner_id", primary_key=True)
    location_id: UUID = Field(foreign_key="location.id", primary_key=True, index=True)


class DirectoryListing(SQLModel, table=True):
    """Somebody stands in the list of a specialty in a city; without hours, in the city of no name."""

    __tablename__ = "directory_listing"
    __table_args__ = (
        sa.Index("ix_directory_listing_city_practitioner_id", "city", "practitioner_id"),
        sa.Index("ix_directory_listing_practitioner_id", "practitioner_id"),
    )

    specialty_id: UUID = Field(foreign_key="specialty.id", primary_key=True)
    city: str = Field(max_length=80, primary_key=True)
    practitioner_id: UUID = Field(foreign_key="directory_entry.practitioner_id", primary_key=True)


class DirectoryWord(SQLModel, table=True):
    """A word of somebody's name, folded."""

    __tablename__ = "directory_word"

    word: str = Field(primary_key=True, sa_type=_BYTES)
    practitioner_id: UUID = Field(
        foreign_key="directory_entry.practitioner_id", primary_key=True, index=True
    )


class DirectorySpelling(SQLModel, table=True):
    """What is left of a name's word when a letter or two are missing: how a misspelt one finds it."""

    __tablename__ = "directory_spelling"

    variant: str = Field(primary_key=True, sa_type=_BYTES)
    word: str = Field(primary_key=True, sa_type=_BYTES)
