"""Whom a search asks for, as conditions on rows: written once for each combination of questions.

Building a statement costs more than running it. The answers ("London") are handed in when it runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from medibook.directory.access.names import begins, range_of
from medibook.directory.access.rows import ENTRY, KIND, LISTING, OFFER, PLACE, WORD

ENTRY_OF_OFFER = ENTRY.c.practitioner_id == OFFER.c.practitioner_id


class Shape(NamedTuple):
    """Which questions a search asks, without the answers.

    ``names``: for each word that was typed, whether it may be the beginning of a name's word.
    """

    specialty: bool
    names: tuple[bool, ...]
    city: bool
    language: bool
    fee: bool
    video: bool
    accepts_new: bool
    rating: bool
    places: bool
    until: bool

    @property
    def is_narrow(self) -> bool:
        """Whether only some are asked for, whom an index names."""
        return bool(self.names) or self.specialty or self.city or self.places


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What a search asks for, in the words of the rows. None and empty ask for nothing.

    ``names``: for each word that was typed, the words of names that are meant; a single one also
    as a beginning.
    """

    specialty_ids: tuple[UUID, ...] | None = None
    names: tuple[tuple[str, ...], ...] = ()
    city: str = ""
    language: str = ""
    fee: int | None = None
    video: bool = False
    accepts_new: bool = False
    rating: int = 0
    location_ids: tuple[UUID, ...] | None = None
    free_before: datetime | None = None

    def without(self, *names: str) -> "Criteria":
        """The same, asking for less."""
        blank = Criteria()
        return replace(self, **{name: getattr(blank, name) for name in names})

    @property
    def shape(self) -> Shape:
        """The questions that are asked."""
        return Shape(
            specialty=self.specialty_ids is not None,
            names=tuple(len(choice) == 1 for choice in self.names),
            city=bool(self.city),
            language=bool(self.language),
            fee=self.fee is not None,
            video=self.video,
            accepts_new=self.accepts_new,
            rating=bool(self.rating),
            places=self.location_ids is not None,
            until=self.free_before is not None,
        )

    @property
    def answers(self) -> dict[str, Any]:
        """What the statement of this shape is to be run with; it takes what it asks for."""
        answers: dict[str, Any] = {
            "specialty_ids": self.specialty_ids,
            "city": self.city,
            "language": f"%,{_literally(self.language)},%",
            "fee": self.fee and self.fee * 100,
            "rating": self.rating * 100,
            "location_ids": self.location_ids,
            "free_before": self.free_before,
        }
        for number, choice in enumerate(self.names):
            answers[f"words_{number}"] = choice
            answers.update(range_of(number, choice[0]))
        return answers


def conditions(shape: Shape) -> tuple[sa.ColumnElement[bool], ...]:
    """Which offers are those of people who fit."""
    return (usual(shape), *_called(shape), *_placed(shape), *_alike(shape))


def usual(shape: Shape) -> sa.ColumnElement[bool]:
    """Of each practitioner one visit type: the usual one, or the usual one by video."""
    return OFFER.c.is_usual_video if shape.video else OFFER.c.is_usual


def fitting(shape: Shape, *columns: Any, entries: bool = False) -> sa.Select[Any]:  # noqa: ANN401 - any columns
    """These columns of those who fit; ``entries`` when some are of what is told of a practitioner."""
    chosen = sa.select(*columns).select_from(OFFER).where(*conditions(shape))
    return chosen.join(ENTRY, ENTRY_OF_OFFER) if entries or shape.rating else chosen


def _called(shape: Shape) -> Iterator[sa.ColumnElement[bool]]:
    for number, may_begin in enumerate(shape.names):
        choice = WORD.c.word.in_(sa.bindparam(f"words_{number}", expanding=True))
        fits = begins(number) if may_begin else (choice,)
        called = sa.select(WORD.c.practitioner_id).where(*fits)
        yield OFFER.c.practitioner_id.in_(called)


def _placed(shape: Shape) -> Iterator[sa.ColumnElement[bool]]:
    who = OFFER.c.practitioner_id
    if shape.specialty or shape.city:
        # One list for both: whoever is asked for by specialty and city is read off one index.
        listed = sa.select(LISTING.c.practitioner_id)
        if shape.specialty:
            kinds = sa.bindparam("specialty_ids", type_=sa.Uuid, expanding=True)
            listed = listed.where(LISTING.c.specialty_id.in_(kinds))
        if shape.city:
            listed = listed.where(LISTING.c.city == sa.bindparam("city"))
        yield who.in_(listed)
    if shape.places:
        places = sa.bindparam("location_ids", type_=sa.Uuid, expanding=True)
        yield who.in_(sa.select(PLACE.c.practitioner_id).where(PLACE.c.location_id.in_(places)))


def _alike(shape: Shape) -> Iterator[sa.ColumnElement[bool]]:
    if shape.language or shape.accepts_new:
        # Asked of each kind of people, not of each of them: their kind stands in the index that is read.
        kinds = sa.select(KIND.c.kind)
        if shape.language:
            kinds = kinds.where(KIND.c.languages.like(sa.bindparam("language"), escape="/"))
        if shape.accepts_new:
            kinds = kinds.where(KIND.c.accepts_new)
        yield OFFER.c.kind.in_(kinds)
    if shape.fee:
        yield OFFER.c.fee <= sa.bindparam("fee")
    if shape.rating:
        yield ENTRY.c.rating >= sa.bindparam("rating")
    if shape.until:
        yield OFFER.c.next_free_at < sa.bindparam("free_before")


def _literally(text: str) -> str:
    """The text as LIKE has to be told that it means no pattern."""
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")
