"""Who may fit a search, in the order of the stored bounds; the counts of each filter in one look."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.tables import Location
from medibook.directory.access.names import begins
from medibook.directory.access.rows import ENTRY, LISTING, OFFER, PLACE, WORD
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


_SHOWN = (
    OFFER.c.practitioner_id, OFFER.c.service_id, OFFER.c.rank_name, OFFER.c.next_free_at,
    OFFER.c.fee, ENTRY.c.slug, ENTRY.c.name, ENTRY.c.picture_id, ENTRY.c.languages,
    ENTRY.c.specialties, ENTRY.c.locations, ENTRY.c.accepts_new, ENTRY.c.has_video,
    ENTRY.c.rating, ENTRY.c.reviews,
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
    which = _conditions(criteria)
    number = _number(sort)
    chosen = (
        sa.select(*_SHOWN, _count(criteria).label("found"))
        .join_from(OFFER, ENTRY, ENTRY.c.practitioner_id == OFFER.c.practitioner_id)
        .where(*which)
        .order_by(number, OFFER.c.rank_name, OFFER.c.practitioner_id)
        .offset(skip)
        .limit(limit)
    )
    if after is not None:
        chosen = chosen.where(_later_than(after, number, sort))
    return [Candidate(*row) for row in uow.session.execute(chosen)]


def chosen_candidates(
    uow: UnitOfWork, criteria: Criteria, practitioner_ids: Sequence[UUID]
) -> dict[UUID, Candidate]:
    """These candidates, to be found by id."""
    which = (_usual(criteria), OFFER.c.practitioner_id.in_(practitioner_ids))
    chosen = (
        sa.select(*_SHOWN, sa.literal(0))
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


def combinations(
    uow: UnitOfWork, criteria: Criteria, *, fees: Sequence[int], instants: Sequence[datetime]
) -> list[Any]:
    """Everybody who may fit, counted by all that a filter can ask for: one row per kind of them.

    Of fee and first time only the step is told: 0 for at most the first of ``fees``, before the
    first of ``instants``; the number of steps for beyond.
    """
    columns = (
        ENTRY.c.specialties,
        ENTRY.c.cities,
        ENTRY.c.languages,
        ENTRY.c.accepts_new,
        ENTRY.c.has_video,
        _step([OFFER.c.fee <= fee * 100 for fee in fees]).label("fee"),
        _step([OFFER.c.next_free_at < instant for instant in instants]).label("time"),
    )
    chosen = (
        sa.select(*columns, sa.func.count().label("people"))
        .join_from(OFFER, ENTRY, ENTRY.c.practitioner_id == OFFER.c.practitioner_id)
        .where(*_conditions(criteria))
        .group_by(*columns)
    )
    return list(uow.session.execute(chosen))


def _step(tests: Sequence[sa.ColumnElement[bool]]) -> sa.Case[Any]:
    # Literal numbers, not parameters: PostgreSQL must see that what is grouped is what is shown.
    steps: list[Any] = [(test, sa.literal_column(str(n))) for n, test in enumerate(tests)]
    return sa.case(*steps, else_=sa.literal_column(str(len(tests))))


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
    if criteria.language or criteria.accepts_new or criteria.rating:
        people = people.join(ENTRY, ENTRY.c.practitioner_id == OFFER.c.practitioner_id)
    return people.where(*_conditions(criteria)).correlate(None).scalar_subquery()


def _number(sort: Sort) -> sa.ColumnElement[Any]:
    if sort is Sort.FEE:
        return OFFER.c.fee
    return -ENTRY.c.rating if sort is Sort.RATING else OFFER.c.next_free_at


def _later_than(after: After, number: Any, sort: Sort) -> sa.ColumnElement[bool]:  # noqa: ANN401
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
