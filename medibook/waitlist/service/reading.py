"""What is read of the list: one's own entries, and all of it at the front desk, with every reason."""

from collections.abc import Sequence
from datetime import timedelta
from statistics import median_low
from typing import Any, Final
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.kernel.actor import patient, staff, system_only
from medibook.kernel.use_case import UnitOfWork, query
from medibook.people import service as people
from medibook.waitlist.access import entries, offers, rounds
from medibook.waitlist.rules import ANOTHER_WAS_FIRST
from medibook.waitlist.schemas import (
    EntryCard,
    OfferCard,
    OfferState,
    Priority,
    Refilled,
    RoundCard,
    RoundState,
    StoryLine,
)
from medibook.waitlist.service.cards import entry_cards, offer_cards

_CLOSED_SHOWN: Final = 10
_ROUNDS_SHOWN: Final = 50
_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)


@query(allow=patient)
def my_entries(uow: UnitOfWork) -> tuple[EntryCard, ...]:
    """What one waits for, oneself and those whom one books for, and the last that are closed."""
    waiting = sorted(entries.listed(uow, waiting=True), key=lambda row: (row.since, row.id))
    closed = entries.listed(uow, waiting=False, limit=_CLOSED_SHOWN)
    return entry_cards(uow, [*waiting, *closed])


@query(allow=patient | staff | system_only)
def offer_of_waitlist(uow: UnitOfWork, *, offer_id: UUID) -> OfferCard:
    """One offer, in whatever state it is. Raises NotFound, also when it is somebody else's."""
    return offer_cards(uow, [offers.find(uow, offer_id)])[0]


@query(allow=staff)
def waiting_people(uow: UnitOfWork) -> tuple[EntryCard, ...]:
    """Everybody who waits, in their order."""
    return entry_cards(uow, entries.listed(uow, waiting=True))


@query(allow=staff)
def freed_times(uow: UnitOfWork, *, days: int = 7) -> tuple[RoundCard, ...]:
    """The freed times of the last days, those that go on first, each with its story."""
    rows = rounds.since(uow, uow.now - days * _DAY, limit=_ROUNDS_SHOWN)
    if not rows:
        return ()
    stories, considered = _stories(uow, {row.id for row in rows})
    plates = people.name_plates(uow, {row.practitioner_id for row in rows})
    places = clinic.locations_by_id(uow, {row.location_id for row in rows})
    return tuple(
        RoundCard(
            round_id=row.id,
            practitioner_id=row.practitioner_id,
            practitioner_name=plates[row.practitioner_id].name,
            location_name=places[row.location_id].name,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            zone=row.zone,
            cause=row.cause,
            state=row.state,
            freed_at=row.freed_at,
            ended_at=row.ended_at,
            next_at=row.next_at,
            offer_id=considered.get(row.id),
            story=tuple(stories.get(row.id, ())),
        )
        for row in rows
    )


def _stories(
    uow: UnitOfWork, round_ids: set[UUID]
) -> tuple[dict[UUID, list[StoryLine]], dict[UUID, UUID]]:
    """What happened with each freed time, in order; and the offer that somebody considers now."""
    made, passed = offers.of_rounds(uow, round_ids), rounds.passes_of(uow, round_ids)
    whose = entries.by_ids(uow, {row.entry_id for row in (*made, *passed)})
    names = people.patient_names(uow, {row.patient_id for row in whose.values()})
    stories: dict[UUID, list[tuple[tuple[Any, ...], StoryLine]]] = {}
    for row in (*passed, *made):
        entry, asked = whose[row.entry_id], hasattr(row, "offered_at")
        at = row.offered_at if asked else row.at
        line = StoryLine(
            at=at,
            entry_id=entry.id,
            patient_name=names[entry.patient_id],
            priority=Priority(row.priority),
            since=entry.since,
            **(_of_offer(row) if asked else {"passed_because": row.reason}),
        )
        order = (at, asked, -row.priority, entry.since, entry.id)
        stories.setdefault(row.round_id, []).append((order, line))
    return {
        round_id: [line for _, line in sorted(lines, key=lambda each: each[0])]
        for round_id, lines in stories.items()
    }, {row.round_id: row.id for row in made if row.state is OfferState.OPEN and row.keeps}


def _of_offer(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of Core columns
    return {
        "offer_state": row.state,
        "expires_at": row.expires_at,
        "asked_with": row.asked_with,
        "another_was_first": row.closed_because == ANOTHER_WAS_FIRST,
        "override_reason": row.override_reason,
    }


@query(allow=staff)
def refilled_times(uow: UnitOfWork, *, days: int = 30) -> Refilled:
    """How many of the times that were freed in the last days somebody from the list has taken, how fast."""
    rows = rounds.ended_since(uow, uow.now - days * _DAY)
    minutes = _minutes([row for row in rows if row.state is RoundState.REFILLED])
    return Refilled(
        freed=len(rows),
        refilled=len(minutes),
        middle_minutes=median_low(minutes) if minutes else None,
        minutes=minutes,
    )


def _minutes(rows: Sequence[Any]) -> tuple[int, ...]:
    """From cancelled to taken, in whole minutes, the fastest first."""
    return tuple(sorted((row.ended_at - row.freed_at) // _MINUTE for row in rows))
