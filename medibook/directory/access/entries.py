"""Writing the read model: whoever can be booked, as the other rooms' rows say it now."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from medibook.clinic.schemas import ServiceCard
from medibook.clinic.tables import Location, Specialty
from medibook.directory.access.profiles import Listed, bookable
from medibook.directory.access.rows import (
    ENTRY,
    KIND,
    LISTING,
    OFFER,
    PLACE,
    PREFERENCE,
    SPELLING,
    WORD,
)
from medibook.directory.rules.listing import Kind, OfferRow, in_one_text, kinds, offer_rows
from medibook.directory.rules.names import spellings, words_of
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.people.tables import Practitioner, PractitionerSpecialty
from medibook.scheduling.tables import AvailableTime

_HOURS = table_of(AvailableTime)
_LOCATION = table_of(Location)
_HAS = table_of(PractitionerSpecialty)
_KIND = table_of(Specialty)
_PRACTITIONER = table_of(Practitioner)
_AT_ONCE = 500
_PLACES_AT_MOST = 1 + 23 * 33  # ids of 32 letters and a comma
_TOLD = (
    "slug", "name", "picture_id", "years_of_experience", "languages", "specialties", "locations",
    "accepts_new", "has_video",
)  # fmt: skip
_KEPT = ("rank_name", "is_usual", "is_usual_video", "fee", "fee_currency", "kind")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _About:
    """What stands in other rows about some practitioners."""

    specialties: Mapping[UUID, Sequence[tuple[UUID, str]]]
    places: Mapping[UUID, Sequence[tuple[UUID, str]]]
    takes_no_new: Collection[UUID]


def forget(uow: UnitOfWork, practitioner_ids: Collection[UUID]) -> None:
    """Take these out of the directory."""
    for table in (PLACE, LISTING, WORD, OFFER, ENTRY):
        uow.session.execute(sa.delete(table).where(table.c.practitioner_id.in_(practitioner_ids)))


def forget_all(uow: UnitOfWork) -> None:
    """Empty the read model, but for what practitioners have said."""
    for table in (PLACE, LISTING, WORD, SPELLING, OFFER, ENTRY, KIND):
        uow.session.execute(sa.delete(table))


def enter(
    uow: UnitOfWork, practitioner_ids: Sequence[UUID], offers: Mapping[UUID, Sequence[ServiceCard]]
) -> None:
    """Write what these practitioners are as search results; who offers nothing goes out."""
    # Two that write about one practitioner at once: the second sees what the first has written.
    uow.lock(*practitioner_ids)
    listed = {row.practitioner_id: row for row in _listed(uow, practitioner_ids)}
    here = {who: row for who, row in listed.items() if offers.get(who)}
    if gone := [who for who in practitioner_ids if who not in here]:
        forget(uow, gone)
    if not here:
        return
    about = _about(uow, list(here))
    likes = {who: _like(row, about, offers[who]) for who, row in here.items()}
    _put_entries(uow, [_entry(row, about, likes[who]) for who, row in here.items()])
    _learn_kinds(uow, [like for who in here for like in kinds(likes[who], offers[who])])
    _put_offers(
        uow,
        [
            o
            for who, row in here.items()
            for o in offer_rows(who, row.name, offers[who], likes[who])
        ],
    )
    _put_lists(uow, here, about)
    learn_spellings(uow, {word for row in here.values() for word in words_of(row.name)})


def prefer(uow: UnitOfWork, practitioner_id: UUID, *, accepts_new: bool) -> None:
    """Write down how a practitioner wants to be found."""
    own = PREFERENCE.c.practitioner_id == practitioner_id
    uow.session.execute(sa.delete(PREFERENCE).where(own))
    uow.session.execute(
        sa.insert(PREFERENCE).values(practitioner_id=practitioner_id, accepts_new=accepts_new)
    )


def learn_spellings(uow: UnitOfWork, words: Collection[str]) -> None:
    """Remember how words of names may be misspelt; those that are known already are skipped."""
    for some in chunks(sorted(words)):
        known = set(
            uow.session.execute(
                sa.select(SPELLING.c.word).distinct().where(SPELLING.c.word.in_(some))
            ).scalars()
        )
        rows = [
            {"variant": variant, "word": word}
            for word in some
            if word not in known
            for variant in spellings(word)
        ]
        if rows:
            uow.session.execute(_unless_there(uow, SPELLING), rows)


def _listed(uow: UnitOfWork, practitioner_ids: Collection[UUID]) -> list[Listed]:
    chosen = bookable().where(_PRACTITIONER.c.id.in_(practitioner_ids))
    return [Listed(*row) for row in uow.session.execute(chosen)]


def _about(uow: UnitOfWork, ids: list[UUID]) -> _About:
    kinds = (
        sa.select(_HAS.c.practitioner_id, _KIND.c.id, _KIND.c.code)
        .join_from(_HAS, _KIND, _KIND.c.id == _HAS.c.specialty_id)
        .where(_HAS.c.practitioner_id.in_(ids))
        .order_by(_KIND.c.name)
    )
    places = (
        sa.select(_HOURS.c.practitioner_id, _LOCATION.c.id, _LOCATION.c.city)
        .distinct()
        .join_from(_HOURS, _LOCATION, _LOCATION.c.id == _HOURS.c.location_id)
        .where(_HOURS.c.practitioner_id.in_(ids), _LOCATION.c.retired_at.is_(None))
    )
    full = sa.select(PREFERENCE.c.practitioner_id).where(~PREFERENCE.c.accepts_new)
    return _About(
        _grouped(uow.session.execute(kinds)),
        _grouped(uow.session.execute(places)),
        set(uow.session.execute(full).scalars()),
    )


def _grouped(rows: Iterable[Any]) -> dict[UUID, list[tuple[UUID, str]]]:
    groups: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for who, thing, word in rows:
        groups[who].append((thing, word))
    return groups


def _like(row: Listed, about: _About, offers: Sequence[ServiceCard]) -> Kind:
    who = row.practitioner_id
    cities = sorted({city for _, city in about.places.get(who, ())})
    return Kind(
        specialties=in_one_text((code for _, code in about.specialties.get(who, ())), ",")[:400],
        cities=in_one_text(cities, "|")[:800],
        languages=f",{row.languages},",
        accepts_new=who not in about.takes_no_new,
        has_video=any(card.is_video for card in offers),
        fee=0,
    )


def _entry(row: Listed, about: _About, like: Kind) -> Row:
    who = row.practitioner_id
    places = in_one_text((place.hex for place, _ in about.places.get(who, ())), ",")
    return {
        "practitioner_id": who,
        "slug": row.slug,
        "name": row.name,
        "picture_id": row.picture_id,
        "years_of_experience": row.years_of_experience,
        "languages": like.languages,
        "specialties": like.specialties,
        "locations": places[:_PLACES_AT_MOST],
        "accepts_new": like.accepts_new,
        "has_video": like.has_video,
    }


def _learn_kinds(uow: UnitOfWork, likes: Iterable[Kind]) -> None:
    """Remember what a kind of people is like, unless it is known."""
    rows = {like.number: {"kind": like.number, **like._asdict()} for like in likes}
    if rows:
        uow.session.execute(_unless_there(uow, KIND), [rows[number] for number in sorted(rows)])


def _put_entries(uow: UnitOfWork, rows: list[Row]) -> None:
    ids = [row["practitioner_id"] for row in rows]
    there = sa.select(ENTRY.c.practitioner_id).where(ENTRY.c.practitioner_id.in_(ids))
    known = set(uow.session.execute(there).scalars())
    if new := [row for row in rows if row["practitioner_id"] not in known]:
        uow.session.execute(sa.insert(ENTRY).values(rating=0, reviews=0), new)
    same = ENTRY.c.practitioner_id == sa.bindparam("who")
    _change(
        uow,
        sa.update(ENTRY).where(same),
        [
            {"who": row["practitioner_id"]} | {name: row[name] for name in _TOLD}
            for row in rows
            if row["practitioner_id"] in known
        ],
    )


def _put_offers(uow: UnitOfWork, offers: list[OfferRow]) -> None:
    """Write the visit types; a new one could be free at once, a known one keeps what is known of it."""
    ids = {offer.practitioner_id for offer in offers}
    there = sa.select(OFFER.c.practitioner_id, OFFER.c.service_id)
    mine = uow.session.execute(there.where(OFFER.c.practitioner_id.in_(ids)))
    known = {(who, what) for who, what in mine}
    wanted = {(offer.practitioner_id, offer.service_id): offer for offer in offers}
    fresh = {
        "next_free_at": uow.now,
        "good_until": uow.now - timedelta(seconds=1),
        "stamp": uow.new_id(),
    }
    if new := [offer._asdict() | fresh for key, offer in wanted.items() if key not in known]:
        uow.session.execute(sa.insert(OFFER), new)
    own = (
        OFFER.c.practitioner_id == sa.bindparam("who"),
        OFFER.c.service_id == sa.bindparam("what"),
    )
    _change(
        uow,
        sa.update(OFFER).where(*own),
        [
            {"who": who, "what": what} | {name: getattr(wanted[who, what], name) for name in _KEPT}
            for who, what in sorted(known & wanted.keys())
        ],
    )
    gone = [{"who": who, "what": what} for who, what in sorted(known - wanted.keys())]
    _change(uow, sa.delete(OFFER).where(*own), gone)


def _change(uow: UnitOfWork, statement: sa.Update | sa.Delete, rows: list[Row]) -> None:
    if rows:
        uow.session.connection().execute(statement, rows)


def _put_lists(uow: UnitOfWork, here: Mapping[UUID, Listed], about: _About) -> None:
    places = [
        {"practitioner_id": who, "location_id": place}
        for who in here
        for place, _ in about.places.get(who, ())
    ]
    listings = [
        {"practitioner_id": who, "specialty_id": kind, "city": city}
        for who in here
        for kind, _ in about.specialties.get(who, ())
        for city in {city for _, city in about.places.get(who, ())} or {""}
    ]
    words = [
        {"practitioner_id": who, "word": word}
        for who, row in here.items()
        for word in words_of(row.name)
    ]
    for table, rows in ((PLACE, places), (LISTING, listings), (WORD, words)):
        _replace(uow, table, here, rows)


def _replace(uow: UnitOfWork, table: sa.Table, here: Iterable[UUID], rows: list[Row]) -> None:
    uow.session.execute(sa.delete(table).where(table.c.practitioner_id.in_(list(here))))
    if rows:
        uow.session.execute(sa.insert(table), rows)


def _unless_there(uow: UnitOfWork, table: sa.Table) -> Any:  # noqa: ANN401 - of the engine at hand
    is_sqlite = uow.session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    return insert(table).on_conflict_do_nothing()


def chunks(things: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(things)
    while some := list(islice(left, _AT_ONCE)):
        yield some
