"""I6: the offers of the waiting list, who waited when, and who was passed over."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from medibook.kernel.db import table_of
from medibook.operations.rules.waitlist import Turn, Waiting
from medibook.people.tables import PractitionerSpecialty
from medibook.scheduling.tables import BusyTime, Hold
from medibook.waitlist.rules import LAPSE_WITHIN
from medibook.waitlist.schemas import OfferState, RoundState
from medibook.waitlist.tables import (
    WaitlistChange,
    WaitlistEntry,
    WaitlistOffer,
    WaitlistPass,
    WaitlistPractitioner,
    WaitlistRound,
)

_OFFER, _ROUND, _PASS = table_of(WaitlistOffer), table_of(WaitlistRound), table_of(WaitlistPass)
_ENTRY, _WITH, _CHANGE = (
    table_of(WaitlistEntry),
    table_of(WaitlistPractitioner),
    table_of(WaitlistChange),
)
_HOLD, _BUSY, _SPECIALTY = table_of(Hold), table_of(BusyTime), table_of(PractitionerSpecialty)
_NEWEST: Final = 1_000  # offers whose order is looked at; what was in order then stays so


def offers_at_once(session: Session) -> Iterator[tuple[UUID, UUID]]:
    """Pairs of open offers for overlapping time of one practitioner, or to one person.

    Of those who are asked at once, one keeps the time, and all are offered the very same.
    """
    one, other = _OFFER.alias(), _OFFER.alias()
    same = sa.or_(
        one.c.practitioner_id == other.c.practitioner_id,
        one.c.patient_id == other.c.patient_id,
    )
    overlap = sa.and_(one.c.starts_at < other.c.ends_at, other.c.starts_at < one.c.ends_at)
    pairs = sa.select(one.c.id, other.c.id).where(
        one.c.state == OfferState.OPEN,
        other.c.state == OfferState.OPEN,
        one.c.id < other.c.id,
        sa.or_(sa.and_(same, overlap), one.c.round_id == other.c.round_id),
        ~sa.and_(*_asked_at_once(one, other)),
    )
    yield from ((row[0], row[1]) for row in session.execute(pairs))


def _asked_at_once(one: sa.FromClause, other: sa.FromClause) -> tuple[sa.ColumnElement[bool], ...]:
    alike = ("round_id", "service_id", "starts_at", "ends_at", "expires_at", "asked_with")
    return (
        *(one.c[each] == other.c[each] for each in alike),
        one.c.asked_with > 1,
        one.c.patient_id != other.c.patient_id,
        ~sa.and_(one.c.keeps, other.c.keeps),
    )


def asked_too_many(session: Session) -> Iterator[str]:
    """Freed times that more are asked for than were to be asked at once, or that none of them keeps."""
    kept = sa.func.sum(sa.case((_OFFER.c.keeps, 1), else_=0))
    asked = (
        sa.select(_OFFER.c.round_id)
        .where(_OFFER.c.state == OfferState.OPEN)
        .group_by(_OFFER.c.round_id)
        .having(sa.or_(kept != 1, sa.func.count() > sa.func.max(_OFFER.c.asked_with)))
    )
    for (freed,) in session.execute(asked):
        yield f"freed time {freed} is offered to more than were to be asked, or kept by none of them"
    taken = (
        sa.select(_OFFER.c.round_id)
        .where(_OFFER.c.state == OfferState.ACCEPTED)
        .group_by(_OFFER.c.round_id)
        .having(sa.func.count() > 1)
    )
    for (freed,) in session.execute(taken):
        yield f"freed time {freed} was taken by more than one"


def overdue(session: Session, now: datetime) -> Iterator[str]:
    """Offers that have expired, and freed times whose step has come, and that nobody has passed on."""
    latest = now - LAPSE_WITHIN
    for (offer,) in session.execute(
        sa.select(_OFFER.c.id).where(
            _OFFER.c.state == OfferState.OPEN, _OFFER.c.expires_at < latest
        )
    ):
        yield f"offer {offer} has expired more than a minute ago, and is still open"
    waits = sa.or_(_ROUND.c.next_at.is_(None), _ROUND.c.next_at < latest)
    for (freed,) in session.execute(
        sa.select(_ROUND.c.id).where(_ROUND.c.state == RoundState.OPEN, waits)
    ):
        yield f"freed time {freed} has waited more than a minute for its next step"
    kept = sa.exists().where(_OFFER.c.round_id == _ROUND.c.id, _OFFER.c.state == OfferState.OPEN)
    for (freed,) in session.execute(
        sa.select(_ROUND.c.id).where(_ROUND.c.state != RoundState.OPEN, kept)
    ):
        yield f"freed time {freed} has ended, and is still offered"


def offers_that_keep_nothing(session: Session, now: datetime) -> Iterator[str]:
    """Open offers whose time is not kept, accepted ones without a visit, kept time without an offer."""
    kept = sa.exists().where(
        _HOLD.c.offer_of_waitlist_id == _OFFER.c.id,
        _HOLD.c.expires_at >= _OFFER.c.expires_at,
        _BUSY.c.source_id == _HOLD.c.id,
    )
    for (offer,) in session.execute(
        sa.select(_OFFER.c.id).where(
            _OFFER.c.state == OfferState.OPEN,
            _OFFER.c.keeps,
            _OFFER.c.expires_at > now,
            ~kept,
        )
    ):
        yield f"offer {offer} is open, and its time is not kept"
    for (offer,) in session.execute(
        sa.select(_OFFER.c.id).where(
            _OFFER.c.state == OfferState.ACCEPTED, _OFFER.c.appointment_id.is_(None)
        )
    ):
        yield f"offer {offer} was accepted, and there is no visit"
    is_open = sa.exists().where(
        _OFFER.c.id == _HOLD.c.offer_of_waitlist_id, _OFFER.c.state == OfferState.OPEN
    )
    for (hold,) in session.execute(
        sa.select(_HOLD.c.id).where(
            _HOLD.c.offer_of_waitlist_id.is_not(None), _HOLD.c.expires_at > now, ~is_open
        )
    ):
        yield f"hold {hold} keeps a time for an offer that is not open"


def queue(session: Session) -> tuple[Waiting, ...]:
    """Everybody who ever waited since the oldest of the offers that are looked at."""
    whom: dict[UUID, set[UUID]] = {}
    for row in session.execute(sa.select(_WITH)):
        whom.setdefault(row.entry_id, set()).add(row.practitioner_id)
    ranked: dict[UUID, list[tuple[datetime, int]]] = {}
    for row in session.execute(
        sa.select(_CHANGE.c.entry_id, _CHANGE.c.at, _CHANGE.c.priority).order_by(
            _CHANGE.c.entry_id, _CHANGE.c.version
        )
    ):
        ranked.setdefault(row.entry_id, []).append((row.at, row.priority))
    return tuple(
        Waiting(
            entry_id=row.id,
            service_id=row.service_id,
            specialty_id=row.specialty_id,
            practitioners=frozenset(whom.get(row.id, ())),
            since=row.since,
            closed_at=row.closed_at,
            priorities=tuple(ranked.get(row.id, ())),
        )
        for row in session.execute(sa.select(_ENTRY))
    )


def offers_in_turn(session: Session) -> Iterator[Turn]:
    """The newest offers that nobody gave out of turn, each with who had been considered by then."""
    considered: dict[UUID, list[tuple[datetime, UUID]]] = {}
    for table, at in ((_PASS, _PASS.c.at), (_OFFER, _OFFER.c.offered_at)):
        for row in session.execute(sa.select(table.c.round_id, at, table.c.entry_id)):
            considered.setdefault(row[0], []).append((row[1], row[2]))
    able: dict[UUID, set[UUID]] = {}
    for row in session.execute(sa.select(_SPECIALTY)):
        able.setdefault(row.practitioner_id, set()).add(row.specialty_id)
    turns = (
        sa.select(_OFFER, _ENTRY.c.since)
        .join(_ENTRY, _ENTRY.c.id == _OFFER.c.entry_id)
        .where(_OFFER.c.override_reason == "")
        .order_by(_OFFER.c.offered_at.desc(), _OFFER.c.id)
        .limit(_NEWEST)
    )
    for row in session.execute(turns):
        seen = considered.get(row.round_id, ())
        yield Turn(
            offer_id=row.id,
            entry_id=row.entry_id,
            practitioner_id=row.practitioner_id,
            service_id=row.service_id,
            priority=row.priority,
            since=row.since,
            offered_at=row.offered_at,
            considered=frozenset(entry for at, entry in seen if at <= row.offered_at),
            specialties=frozenset(able.get(row.practitioner_id, ())),
        )
