"""Find a doctor: the search, soonest first, and the public profile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.clinic import service as clinic
from medibook.clinic.schemas import LocationCard, ServiceCard, SpecialtyCard
from medibook.directory import access, rules
from medibook.directory.schemas import (
    Filters,
    PublicProfile,
    ResultCard,
    SearchPage,
    SearchWish,
    When,
)
from medibook.kernel.actor import anyone
from medibook.kernel.errors import NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import FreeTime

_NEVER = datetime.max.replace(tzinfo=UTC)


@query(allow=anyone)
def filters(uow: UnitOfWork) -> Filters:
    """Say what can be chosen from when looking for a doctor."""
    places = clinic.locations(uow)
    return Filters(
        specialties=clinic.specialties(uow),
        cities=tuple(sorted({place.city for place in places})),
        languages=tuple(access.languages_spoken(uow)),
    )


@query(allow=anyone)
def search(uow: UnitOfWork, *, wish: SearchWish) -> SearchPage:
    """Find doctors who fit, soonest free first; "today" and "this week" leave out who has no time.

    When nobody fits, the page says which filters to drop so that somebody would.
    """
    ranked = _ranked(uow, wish)
    if not ranked:
        wider = [name for name, wish_ in rules.without(wish).items() if _ranked(uow, wish_)]
        return SearchPage(cards=(), found=0, page=1, pages=1, wider=tuple(wider))
    shown = rules.on_page([c.row.practitioner_id for c in ranked], wish.page)
    found = {c.row.practitioner_id: c for c in ranked}
    return SearchPage(
        cards=_cards(uow, [found[practitioner_id] for practitioner_id in shown]),
        found=len(ranked),
        page=min(wish.page, rules.pages(len(ranked))),
        pages=rules.pages(len(ranked)),
    )


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: access.Listed
    service: ServiceCard
    times: tuple[FreeTime, ...]

    @property
    def rank(self) -> tuple[datetime, str, UUID]:
        soonest = self.times[0].starts_at if self.times else _NEVER
        return soonest, self.row.name, self.row.practitioner_id


def _ranked(uow: UnitOfWork, wish: SearchWish) -> list[_Candidate]:
    rows = _matching(uow, wish)
    offers = clinic.services_by_practitioner(uow, [row.practitioner_id for row in rows])
    firsts = {who: services[0] for who, services in offers.items() if services}
    times = scheduling.first_free(uow, firsts, _window(uow, wish), limit=rules.CHIPS + 1)
    candidates = [
        _Candidate(row, firsts[row.practitioner_id], tuple(times.get(row.practitioner_id, ())))
        for row in rows
        if row.practitioner_id in firsts
    ]
    if wish.when is not When.ANY:
        candidates = [c for c in candidates if c.times]
    return sorted(candidates, key=lambda c: c.rank)


def _matching(uow: UnitOfWork, wish: SearchWish) -> list[access.Listed]:
    known = clinic.specialties(uow)
    meant = rules.specialties_meant(wish, known)
    by_name = wish.text.split() if meant is None or wish.specialty else []
    rows = access.listed(
        uow, words=by_name, specialty_ids=meant, city=wish.city, language=wish.language
    )
    if rows or meant is not None:
        return rows
    # Nobody is called that: perhaps one of the words says what it is about.
    hinted = rules.specialties_hinted(wish, known)
    if not hinted:
        return rows
    return access.listed(uow, specialty_ids=hinted, city=wish.city, language=wish.language)


def _window(uow: UnitOfWork, wish: SearchWish) -> Interval:
    # A city's days end at its own midnight; without one, at the midnight of the first location.
    places = [p for p in clinic.locations(uow) if not wish.city or p.city == wish.city]
    zone = ZoneInfo(places[0].zone if places else "UTC")
    horizon = clinic.policy(uow).horizon
    return rules.window(wish.when, now=uow.now, horizon=horizon, zone=zone)


def _cards(uow: UnitOfWork, candidates: Sequence[_Candidate]) -> tuple[ResultCard, ...]:
    about = _About.of(uow, [c.row.practitioner_id for c in candidates])
    return tuple(
        ResultCard(
            practitioner_id=c.row.practitioner_id,
            slug=c.row.slug,
            name=c.row.name,
            specialties=about.specialties_of(c.row.practitioner_id),
            locations=about.locations_of(c.row.practitioner_id),
            languages=tuple(c.row.languages.split(",")),
            picture_id=c.row.picture_id,
            service=c.service,
            next_times=c.times[: rules.CHIPS],
            more_times=len(c.times) > rules.CHIPS,
        )
        for c in candidates
    )


@query(allow=anyone)
def profile(uow: UnitOfWork, *, slug: str) -> PublicProfile:
    """Show a doctor to the public; NotFound when not approved, suspended or without a service."""
    rows = access.listed(uow, slug=slug)
    if not rows:
        raise NotFound
    row = rows[0]
    about = _About.of(uow, [row.practitioner_id])
    policy = clinic.policy(uow)
    return PublicProfile(
        practitioner_id=row.practitioner_id,
        slug=row.slug,
        name=row.name,
        specialties=about.specialties_of(row.practitioner_id),
        locations=about.locations_of(row.practitioner_id),
        languages=tuple(row.languages.split(",")),
        qualifications=row.qualifications,
        years_of_experience=row.years_of_experience,
        biography=row.biography,
        picture_id=row.picture_id,
        services=clinic.services_of(uow, row.practitioner_id),
        booking_mode=scheduling.booking_mode(uow, row.practitioner_id),
        approved_on=row.decided_at.date() if row.decided_at else None,
        cancel_cutoff_hours=int(policy.cancel_cutoff.total_seconds() // 3600),
        horizon_days=policy.horizon.days,
    )


@dataclass(frozen=True, slots=True)
class _About:
    """Specialties and locations of some practitioners, asked for once."""

    specialties: Mapping[UUID, SpecialtyCard]
    locations: Mapping[UUID, LocationCard]
    has: Mapping[UUID, Sequence[UUID]]
    works_at: Mapping[UUID, Sequence[UUID]]

    @classmethod
    def of(cls, uow: UnitOfWork, practitioner_ids: Sequence[UUID]) -> "_About":
        has = access.specialty_ids_by_practitioner(uow, practitioner_ids)
        works_at = access.location_ids_by_practitioner(uow, practitioner_ids)
        return cls(
            specialties=clinic.specialties_by_id(uow, {i for ids in has.values() for i in ids}),
            locations=clinic.locations_by_id(uow, {i for ids in works_at.values() for i in ids}),
            has=has,
            works_at=works_at,
        )

    def specialties_of(self, practitioner_id: UUID) -> tuple[SpecialtyCard, ...]:
        return tuple(self.specialties[i] for i in self.has.get(practitioner_id, ()))

    def locations_of(self, practitioner_id: UUID) -> tuple[LocationCard, ...]:
        found = (self.locations[i] for i in self.works_at.get(practitioner_id, ()))
        return tuple(place for place in found if not place.is_retired)
