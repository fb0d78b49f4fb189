"""Who may fit a search, in the order of the stored bounds; the counts of each filter in one look."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.tables import Location
from medibook.directory.access.names import begins
from medibook.directory.access.rows import ENTRY, KIND, LISTING, OFFER, PLACE, WORD
from medibook.directory.rules.places import Spot
from medibook.directory.rules.ranking import After, Rank, instant_of, microseconds
from medibook.directory.schemas import Sort
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork

_LOCATION = table_of(Location)


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

    @property
    def is_narrow(self) -> bool:
        """Whether only some are asked for, whom an index names."""
        wanted = (self.specialty_ids, self.location_ids)
        return bool(self.names or self.city) or any(ids is not None for ids in wanted)

    def without(self, *names: str) -> "Criteria":
        """The same, asking for less."""
        blank = Criteria()
        return replace(self, **{name: getattr(blank, name) for name in names})


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
    number = _number(sort)
    # Of few, who are read anyway, all are counted in passing; of all, on their own: an index has them.
    in_passing = criteria.is_narrow and after is None
    found = sa.func.count().over() if in_passing else _count(criteria)
    chosen = sa.select(*_RANKED, found.label("found")).where(*_conditions(criteria))
    if sort is Sort.RATING or _needs_entry(criteria):
        chosen = chosen.join_from(OFFER, ENTRY, ENTRY.c.practitioner_id == OFFER.c.practitioner_id)
    if after is not None:
        chosen = chosen.where(_later_than(after, number, sort))
    order = (number, OFFER.c.rank_name, OFFER.c.practitioner_id)
    some = chosen.order_by(*order).offset(skip).limit(limit).subquery()
    # Only who is shown is looked up in the entries.
    told = sa.select(*[some.c[column.name] for column in _RANKED], *_TOLD, some.c.found)
    rows = uow.session.execute(
        told.join_from(some, ENTRY, ENTRY.c.practitioner_id == some.c.practitioner_id)
    )
    return sorted((Candidate(*row) for row in rows), key=lambda found: found.rank(sort))


def chosen_candidates(
    uow: UnitOfWork, criteria: Criteria, practitioner_ids: Sequence[UUID]
) -> dict[UUID, Candidate]:
    """These candidates, to be found by id."""
    which = (_usual(criteria), OFFER.c.practitioner_id.in_(practitioner_ids))
    chosen = (
        sa.select(*_RANKED, *_TOLD, sa.literal(0))
        .join_from(OFFER, ENTRY, ENTRY.c.practitioner_id == OFFER.c.practitioner_id)
        .where(*which)
    )
    return {row.practitioner_id: Candidate(*row) for row in uow.session.execute(chosen)}


def count(uow: UnitOfWork, criteria: Criteria) -> int:
    """How many may fit."""
    return int(uow.session.execute(sa.select(_count(criteria))).scalar_one())


def by_distance(
    uow: UnitOfWork, criteria: Criteria, kilometres: Mapping[UUID, float]
) -> list[Rank]:
    """Everybody who may fit and works at a place whose distance is known, the nearest first."""
    chosen = (
        sa.select(OFFER.c.practitioner_id, OFFER.c.rank_name, PLACE.c.location_id)
        .join_from(OFFER, ENTRY, ENTRY.c.practitioner_id == OFFER.c.practitioner_id)
        .join(PLACE, PLACE.c.practitioner_id == OFFER.c.practitioner_id)
        .where(*_conditions(criteria))
    )
    nearest: dict[UUID, Rank] = {}
    for who, name, place in uow.session.execute(chosen):
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
    before = [sa.func.sum(sa.case((OFFER.c.next_free_at < i, 1), else_=0)) for i in instants]
    people = sa.select(OFFER.c.kind, sa.func.count().label("people"), *before).select_from(OFFER)
    if _needs_entry(criteria):
        people = people.join(ENTRY, ENTRY.c.practitioner_id == OFFER.c.practitioner_id)
    counted = uow.session.execute(people.where(*_conditions(criteria)).group_by(OFFER.c.kind)).all()
    alike = sa.select(KIND).where(KIND.c.kind.in_([row.kind for row in counted]))
    known = {row.kind: row for row in uow.session.execute(alike)}
    return [
        (known[kind], people, tuple(early)) for kind, people, *early in counted if kind in known
    ]


def _conditions(criteria: Criteria) -> tuple[sa.ColumnElement[bool], ...]:
    who = OFFER.c.practitioner_id
    found: list[sa.ColumnElement[bool]] = [_usual(criteria)]
    for choice in criteria.names:
        called = sa.select(WORD.c.practitioner_id)
        fits = begins(choice[0]) if len(choice) == 1 else (WORD.c.word.in_(choice),)
        found.append(who.in_(called.where(*fits)))
    found += _places(criteria)
    if criteria.language:
        found.append(ENTRY.c.languages.contains(f",{criteria.language},", autoescape=True))
    if criteria.fee is not None:
        found.append(OFFER.c.fee <= criteria.fee * 100)
    if criteria.accepts_new:
        found.append(ENTRY.c.accepts_new)
    if criteria.rating:
        found.append(ENTRY.c.rating >= criteria.rating * 100)
    if criteria.free_before is not None:
        found.append(OFFER.c.next_free_at < criteria.free_before)
    return tuple(found)


def _places(criteria: Criteria) -> Iterator[sa.ColumnElement[bool]]:
    who = OFFER.c.practitioner_id
    if criteria.specialty_ids is not None or criteria.city:
        # One list for both: whoever is asked for by specialty and city is read off one index.
        listed = sa.select(LISTING.c.practitioner_id)
        if criteria.specialty_ids is not None:
            listed = listed.where(LISTING.c.specialty_id.in_(criteria.specialty_ids))
        if criteria.city:
            listed = listed.where(LISTING.c.city == criteria.city)
        yield who.in_(listed)
    if criteria.location_ids is not None:
        near = sa.select(PLACE.c.practitioner_id)
        yield who.in_(near.where(PLACE.c.location_id.in_(criteria.location_ids)))


def _usual(criteria: Criteria) -> sa.ColumnElement[bool]:
    return OFFER.c.is_usual_video if criteria.video else OFFER.c.is_usual


def _count(criteria: Criteria) -> sa.ScalarSelect[int]:
    people = sa.select(sa.func.count()).select_from(OFFER)
    if _needs_entry(criteria):
        people = people.join(ENTRY, ENTRY.c.practitioner_id == OFFER.c.practitioner_id)
    return people.where(*_conditions(criteria)).correlate(None).scalar_subquery()


def _needs_entry(criteria: Criteria) -> bool:
    return bool(criteria.language or criteria.accepts_new or criteria.rating)


def _number(sort: Sort) -> sa.ColumnElement[Any]:
    if sort is Sort.FEE:
        return OFFER.c.fee
    return -ENTRY.c.rating if sort is Sort.RATING else OFFER.c.next_free_at


def _later_than(after: After, number: Any, sort: Sort) -> sa.ColumnElement[bool]:  # noqa: ANN401 - a sort key of any kind
    """Beyond where the page before has ended: by the number, the name, the id."""
    ended = instant_of(after.number) if sort is Sort.SOONEST else after.number
    name = (
        sa.select(OFFER.c.rank_name)
        .where(OFFER.c.practitioner_id == after.practitioner_id)
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )
    same_name = sa.and_(OFFER.c.rank_name == name, OFFER.c.practitioner_id > after.practitioner_id)
    return sa.or_(
        number > ended, sa.and_(number == ended, sa.or_(OFFER.c.rank_name > name, same_name))
    )
