"""Who may fit a search, in the order of the stored bounds; the counts of each filter in one look."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.tables import Location
from medibook.directory.access.criteria import ENTRY_OF_OFFER, Criteria, Shape, fitting, usual
from medibook.directory.access.rows import ENTRY, KIND, OFFER, PLACE
from medibook.directory.rules.places import Spot
from medibook.directory.rules.ranking import After, Rank, instant_of, microseconds
from medibook.directory.schemas import Sort
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork

_LOCATION = table_of(Location)
_SHAPES = 256  # statements that are kept; people ask in far fewer ways
_ALIKE = sa.select(KIND).where(KIND.c.kind.in_(sa.bindparam("kinds", expanding=True)))


class Candidate(NamedTuple):
    """Somebody who may fit, with the visit type that would be shown."""

    practitioner_id: UUID
    service_id: UUID
    rank_name: str
    next_free_at: datetime
    fee: int
    slug: str
    name: str
    picture_id: UUID | None
    languages: str
    specialties: str
    locations: str
    accepts_new: bool
    has_video: bool
    rating: int
    reviews: int
    found: int

    def rank(self, sort: Sort) -> Rank:
        """The place in the order that the rows alone give."""
        number = {
            Sort.SOONEST: microseconds(self.next_free_at),
            Sort.NEAREST: 0,
            Sort.FEE: self.fee,
            Sort.RATING: -self.rating,
        }[sort]
        return Rank(number, self.rank_name, self.practitioner_id)


_RANKED = (
    OFFER.c.practitioner_id, OFFER.c.service_id, OFFER.c.rank_name, OFFER.c.next_free_at,
    OFFER.c.fee,
)  # fmt: skip
_TOLD = (
    ENTRY.c.slug, ENTRY.c.name, ENTRY.c.picture_id, ENTRY.c.languages, ENTRY.c.specialties,
    ENTRY.c.locations, ENTRY.c.accepts_new, ENTRY.c.has_video, ENTRY.c.rating, ENTRY.c.reviews,
)  # fmt: skip


def candidates(
    uow: UnitOfWork,
    criteria: Criteria,
    *,
    sort: Sort,
    after: After | None,
    skip: int,
    limit: int,
) -> list[Candidate]:
    """So many who may fit, in the order of the rows; each says how many there are in all."""
    asked = criteria.answers | {"skip": skip, "limit": limit}
    if after is not None:
        ended = instant_of(after.number) if sort is Sort.SOONEST else after.number
        asked |= {"ended": ended, "ended_with": after.practitioner_id}
    rows = uow.session.execute(_page(criteria.shape, sort, after is not None), asked)
    return sorted((Candidate(*row) for row in rows), key=lambda found: found.rank(sort))


def chosen_candidates(
    uow: UnitOfWork, criteria: Criteria, practitioner_ids: Sequence[UUID]
) -> dict[UUID, Candidate]:
    """These candidates, to be found by id."""
    which = (usual(criteria.shape), OFFER.c.practitioner_id.in_(practitioner_ids))
    chosen = (
        sa.select(*_RANKED, *_TOLD, sa.literal(0)).join_from(OFFER, ENTRY, ENTRY_OF_OFFER)
    ).where(*which)
    return {row.practitioner_id: Candidate(*row) for row in uow.session.execute(chosen)}


def count(uow: UnitOfWork, criteria: Criteria) -> int:
    """How many may fit."""
    counted = fitting(criteria.shape, sa.func.count())
    return int(uow.session.execute(counted, criteria.answers).scalar_one())


def by_distance(
    uow: UnitOfWork, criteria: Criteria, kilometres: Mapping[UUID, float]
) -> list[Rank]:
    """Everybody who may fit and works at a place whose distance is known, the nearest first."""
    named = (OFFER.c.practitioner_id, OFFER.c.rank_name, PLACE.c.location_id)
    chosen = fitting(criteria.shape, *named).join(
        PLACE, PLACE.c.practitioner_id == OFFER.c.practitioner_id
    )
    nearest: dict[UUID, Rank] = {}
    for who, name, place in uow.session.execute(chosen, criteria.answers):
        if place not in kilometres:
            continue
        rank = Rank(round(kilometres[place] * 1000), name, who)
        nearest[who] = min(nearest.get(who, rank), rank)
    return sorted(nearest.values())


def spots(uow: UnitOfWork) -> list[Spot]:
    """Where the clinic's locations are."""
    chosen = sa.select(
        _LOCATION.c.id,
        _LOCATION.c.city,
        _LOCATION.c.postcode,
        _LOCATION.c.latitude,
        _LOCATION.c.longitude,
    )
    return [
        Spot(*row) for row in uow.session.execute(chosen.where(_LOCATION.c.retired_at.is_(None)))
    ]


def zone(uow: UnitOfWork, city: str) -> str:
    """The zone in which a search's days end: the city's, or that of the first location."""
    chosen = sa.select(_LOCATION.c.zone).order_by(_LOCATION.c.city != city, _LOCATION.c.name)
    found: str | None = uow.session.execute(chosen.limit(1)).scalar_one_or_none()
    return found or "UTC"


def kinds_of_people(
    uow: UnitOfWork, criteria: Criteria, *, instants: Sequence[datetime]
) -> list[tuple[Any, int, tuple[int, ...]]]:
    """Everybody who may fit, by kind: what they are like, how many, and how many before each instant."""
    asked = criteria.answers | {f"instant_{n}": instant for n, instant in enumerate(instants)}
    counted = uow.session.execute(_counted(criteria.shape, len(instants)), asked).all()
    known = {
        row.kind: row for row in uow.session.execute(_ALIKE, {"kinds": [c[0] for c in counted]})
    }
    return [
        (known[kind], people, tuple(early)) for kind, people, *early in counted if kind in known
    ]


@lru_cache(maxsize=_SHAPES)
def _page(shape: Shape, sort: Sort, goes_on: bool) -> sa.Select[Any]:  # noqa: FBT001 - part of a key
    """The statement of one page: those who fit, how many they are, in order, and what is told of some."""
    number = _number(sort).label("number")
    found = fitting(shape, *_RANKED, number, entries=sort is Sort.RATING)
    fits: sa.FromClause
    if shape.is_narrow:
        # Few, who are counted in passing. Not to be gone through in order until the page is full:
        # PostgreSQL would do so, and look at everybody for the count.
        fits = found.cte("fits").prefix_with("MATERIALIZED")
        every = sa.select(sa.func.count()).select_from(fits).correlate(None).scalar_subquery()
    else:
        # Everybody, who stands in an index in this order, and is counted in another.
        fits = found.subquery("fits")
        every = fitting(shape, sa.func.count()).correlate(None).scalar_subquery()
    chosen = sa.select(*_ranked(fits), every.label("found"))
    if goes_on:
        chosen = chosen.where(_is_later(fits))
    some = (
        chosen.order_by(fits.c.number, fits.c.rank_name, fits.c.practitioner_id)
        .offset(sa.bindparam("skip", type_=sa.Integer))
        .limit(sa.bindparam("limit", type_=sa.Integer))
        .subquery("some")
    )
    # Only who is shown is looked up in the entries.
    same = ENTRY.c.practitioner_id == some.c.practitioner_id
    return sa.select(*_ranked(some), *_TOLD, some.c.found).join_from(some, ENTRY, same)


@lru_cache(maxsize=_SHAPES)
def _counted(shape: Shape, instants: int) -> sa.Select[Any]:
    """The statement that counts those who fit by kind, and before so many instants."""
    free_at = OFFER.c.next_free_at
    before = [
        sa.func.sum(sa.case((free_at < sa.bindparam(f"instant_{n}"), 1), else_=0))
        for n in range(instants)
    ]
    return fitting(shape, OFFER.c.kind, sa.func.count(), *before).group_by(OFFER.c.kind)


def _ranked(table: sa.FromClause) -> list[sa.ColumnElement[Any]]:
    return [table.c[column.name] for column in _RANKED]


def _number(sort: Sort) -> sa.ColumnElement[Any]:
    if sort is Sort.FEE:
        return OFFER.c.fee
    return -ENTRY.c.rating if sort is Sort.RATING else OFFER.c.next_free_at


def _is_later(fits: sa.FromClause) -> sa.ColumnElement[bool]:
    """Beyond where the page before has ended: by the number, the name, the id."""
    kind = fits.c.number.type
    # The number is out of an address: PostgreSQL refuses one that is no integer of its column's size.
    size = sa.BigInteger() if isinstance(kind, sa.Integer) else kind
    ended = sa.bindparam("ended", type_=size)
    ended_with = sa.bindparam("ended_with", type_=sa.Uuid)
    name = (
        sa.select(OFFER.c.rank_name)
        .where(OFFER.c.practitioner_id == ended_with)
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )
    same_name = sa.and_(fits.c.rank_name == name, fits.c.practitioner_id > ended_with)
    return sa.or_(
        fits.c.number > ended,
        sa.and_(fits.c.number == ended, sa.or_(fits.c.rank_name > name, same_name)),
    )
