"""Openings that nobody has announced: new hours, a new day within the horizon, a limit that was lifted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from medibook.appointments import service as appointments
from medibook.clinic import service as clinic
from medibook.clinic.schemas import ServiceCard
from medibook.kernel.actor import system_only
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import FreeTime
from medibook.waitlist.access import entries, offers
from medibook.waitlist.rules import Opening, expires_at, quiet_until, stops_at
from medibook.waitlist.schemas import Cause
from medibook.waitlist.service.ground import wish_of
from medibook.waitlist.service.promoting import hand_on

# So many are looked at in one beat, so that a long list holds nobody up.
_MOST_ENTRIES: Final = 200
_MOST_PRACTITIONERS: Final = 40
_MOST_TIMES: Final = 20
_SECOND: Final = timedelta(seconds=1)
_TWO_DAYS: Final = timedelta(days=2)
_BEAT: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Unannounced:
    """A free time of a practitioner that would suit somebody who waits."""

    practitioner_id: UUID
    time: Interval


@query(allow=system_only)
def unannounced_openings(uow: UnitOfWork) -> tuple[Unannounced, ...]:
    """A free time for each who waits and considers no offer, in their order; nothing is kept yet.

    Each is a different time. By night there are none: the morning's beat finds them.
    """
    if not entries.anybody_waits(uow):
        return ()
    rows = entries.listed(uow, waiting=True, limit=_MOST_ENTRIES)
    asked = offers.entries_asked(uow, {row.id for row in rows})
    whom = entries.practitioners_of(uow, {row.id for row in rows})
    places = clinic.locations_by_id(uow, clinic.every_location_id(uow))
    cities = {place.location_id: place.city for place in places.values()}
    found: list[Unannounced] = []
    for row in rows:
        if row.id not in asked:
            times = _suitable(uow, row, whom.get(row.id, ()), cities)
            first = next((each for each in times if not _is_among(each, found)), None)
            found += [first] if first else []
    return tuple(found)


@use_case(allow=system_only)
def promote_opening(uow: UnitOfWork, *, opening: Unannounced) -> bool:
    """Offer an opening to the first in line, if it is still free; whether somebody is asked."""
    return hand_on(uow, opening.practitioner_id, opening.time, Cause.OPENING)


def _is_among(one: Unannounced, others: Sequence[Unannounced]) -> bool:
    return any(
        one.practitioner_id == other.practitioner_id and one.time.overlaps(other.time)
        for other in others
    )


def _suitable(
    uow: UnitOfWork,
    row: Any,  # noqa: ANN401 - a row of Core columns
    whom: Sequence[UUID],
    cities: Mapping[UUID, str],
) -> Iterator[Unannounced]:
    """Free times that this entry wishes for and that were not refused before, earliest first."""
    wish, before = wish_of(row), _before(uow, row)
    times = _free(uow, row, _cards(uow, row, whom))
    for free in sorted(times, key=lambda each: (each.starts_at, each.practitioner_id)):
        opening = Opening(
            free.starts_at, free.ends_at, free.location_id, free.zone, cities[free.location_id]
        )
        stop = stops_at(free.starts_at, timedelta(0))
        if (
            wish.fits(opening)
            and (before is None or free.starts_at < before)
            and quiet_until(uow.now, free.zone) is None
            and expires_at(uow.now, stop=stop) is not None
            and not offers.refused(uow, free.practitioner_id, [row.patient_id], opening.time)
        ):
            yield Unannounced(free.practitioner_id, opening.time)


def _before(uow: UnitOfWork, row: Any) -> datetime | None:  # noqa: ANN401 - likewise
    """The start of the visit that would be replaced, if there is one."""
    if row.replaces_id is None:
        return None
    own = appointments.open_visits(uow, [row.patient_id]).get(row.patient_id, ())
    return next((v.starts_at for v in own if v.appointment_id == row.replaces_id), None)


def _cards(
    uow: UnitOfWork,
    row: Any,  # noqa: ANN401 - likewise
    whom: Sequence[UUID],
) -> dict[UUID, ServiceCard]:
    """Whom the entry could be with, and the visit type it would be."""
    able = tuple(whom) or (
        clinic.who_offers(uow, row.service_id)
        if row.service_id
        else people.specialists(uow, row.specialty_id)
    )
    bookable = people.bookable(uow, _in_turn(able, uow.now))
    return {
        who: card
        for who, cards in clinic.services_by_practitioner(uow, bookable).items()
        for card in cards
        if card.service_id == (row.service_id or cards[0].service_id)
    }


def _in_turn(able: Sequence[UUID], now: datetime) -> Sequence[UUID]:
    """Some of many practitioners, with each beat the next ones, so that all have their turn."""
    if len(able) <= _MOST_PRACTITIONERS:
        return able
    beat = int(now.timestamp() // _BEAT.total_seconds())
    first = beat * _MOST_PRACTITIONERS % len(able)
    return (*able[first:], *able[:first])[:_MOST_PRACTITIONERS]


def _free(
    uow: UnitOfWork,
    row: Any,  # noqa: ANN401 - likewise
    cards: Mapping[UUID, ServiceCard],
) -> list[FreeTime]:
    """The next free times of these practitioners in the days wished for, for this patient."""
    policies = scheduling.policies_of(uow, {card.service_id: card for card in cards.values()})
    if not policies:
        return []
    since = max(uow.now, datetime.combine(row.first_day, time(0), tzinfo=UTC) - _TWO_DAYS)
    wished = datetime.combine(row.last_day, time(0), tzinfo=UTC) + _TWO_DAYS
    bookable = uow.now + max(policy.horizon for policy in policies.values()) + _SECOND
    wish = wish_of(row)
    found = scheduling.soonest_free(
        uow,
        {who: scheduling.Asked(card, since) for who, card in cards.items()},
        policies=policies,
        until=min(wished, bookable),
        limit=_MOST_TIMES,
        fits=lambda slot: wish.fits_on_the_wall(slot.start, slot.end, slot.zone),
        viewer=scheduling.Viewer(row.patient_id),
    )
    return [free for times in found.values() for free in times]
