"""Offers: whom a freed time was kept for, and what became of it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from medibook.kernel.actor import Role
from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people
from medibook.waitlist.schemas import OfferState
from medibook.waitlist.tables import WaitlistEntry, WaitlistOffer

_OFFER, _ENTRY = table_of(WaitlistOffer), table_of(WaitlistEntry)
_REFUSED = (OfferState.DECLINED, OfferState.LAPSED)


def visible(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """The offers that the actor may know of."""
    match uow.actor.role:
        case Role.PATIENT:
            return _OFFER.c.patient_id.in_(people.patient_ids_of(uow))
        case Role.STAFF | Role.SYSTEM:
            return sa.true()
        case _:
            return sa.false()


def find(uow: UnitOfWork, offer_id: UUID, *, to_change: bool = False) -> Any:  # noqa: ANN401 - a row of Core columns
    """An offer that is the actor's to see; locked, if it is to be answered. Raises NotFound."""
    asked = sa.select(_OFFER).where(_OFFER.c.id == offer_id, visible(uow))
    found = uow.session.execute(asked.with_for_update() if to_change else asked).one_or_none()
    if found is None:
        raise NotFound
    return found


def open_of_round(uow: UnitOfWork, round_id: UUID) -> list[Any]:
    """The offers of a freed time that wait for an answer, expired or not, in their order; locked."""
    chosen = (
        sa.select(_OFFER)
        .join(_ENTRY, _ENTRY.c.id == _OFFER.c.entry_id)
        .where(_OFFER.c.round_id == round_id, _OFFER.c.state == OfferState.OPEN)
        .order_by(_OFFER.c.priority.desc(), _ENTRY.c.since, _ENTRY.c.id)
    )
    return list(uow.session.execute(chosen.with_for_update(of=_OFFER)))


def note_asked_with(uow: UnitOfWork, round_id: UUID, asked: int) -> None:
    """Keep how many are asked for a freed time at once."""
    these = sa.update(_OFFER).where(
        _OFFER.c.round_id == round_id, _OFFER.c.state == OfferState.OPEN
    )
    uow.session.execute(these.values(asked_with=asked))


def let_keep(uow: UnitOfWork, offer_id: UUID, hold_id: UUID) -> None:
    """Note that the time is kept in the name of this offer from now on."""
    mine = sa.update(_OFFER).where(_OFFER.c.id == offer_id)
    uow.session.execute(mine.values(keeps=True, hold_id=hold_id))


def considered_times(
    uow: UnitOfWork, patient_ids: Collection[UUID], time: Interval
) -> dict[UUID, tuple[Interval, ...]]:
    """Times in the stretch that these patients are offered now, and that are kept in another's name."""
    chosen = sa.select(_OFFER.c.patient_id, _OFFER.c.starts_at, _OFFER.c.ends_at).where(
        _OFFER.c.patient_id.in_(patient_ids),
        _OFFER.c.state == OfferState.OPEN,
        ~_OFFER.c.keeps,
        _OFFER.c.starts_at < time.end,
        _OFFER.c.ends_at > time.start,
    )
    found: dict[UUID, tuple[Interval, ...]] = {}
    for patient_id, start, end in uow.session.execute(chosen):
        found[patient_id] = (*found.get(patient_id, ()), Interval(start, end))
    return found


def open_of_entry(uow: UnitOfWork, entry_id: UUID) -> Any | None:  # noqa: ANN401 - likewise
    """The offer that somebody considers for this wish."""
    chosen = sa.select(_OFFER).where(
        _OFFER.c.entry_id == entry_id, _OFFER.c.state == OfferState.OPEN
    )
    return uow.session.execute(chosen).one_or_none()


def open_during(uow: UnitOfWork, practitioner_id: UUID, time: Interval | None) -> list[Any]:
    """The open offers of a practitioner's time: those that reach into a stretch, or all."""
    chosen = sa.select(_OFFER).where(
        _OFFER.c.practitioner_id == practitioner_id, _OFFER.c.state == OfferState.OPEN
    )
    if time is not None:
        chosen = chosen.where(_OFFER.c.starts_at < time.end, _OFFER.c.ends_at > time.start)
    return list(uow.session.execute(chosen.order_by(_OFFER.c.starts_at, _OFFER.c.id)))


def entries_asked(uow: UnitOfWork, entry_ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of these consider an offer now."""
    chosen = sa.select(_OFFER.c.entry_id).where(
        _OFFER.c.entry_id.in_(entry_ids), _OFFER.c.state == OfferState.OPEN
    )
    return frozenset(uow.session.execute(chosen).scalars())


def refused(
    uow: UnitOfWork, practitioner_id: UUID, patient_ids: Collection[UUID], time: Interval
) -> dict[UUID, tuple[Interval, ...]]:
    """Times of this practitioner in the stretch that these patients declined, or let lapse, before."""
    chosen = sa.select(_OFFER.c.patient_id, _OFFER.c.starts_at, _OFFER.c.ends_at).where(
        _OFFER.c.practitioner_id == practitioner_id,
        _OFFER.c.patient_id.in_(patient_ids),
        _OFFER.c.state.in_(_REFUSED),
        _OFFER.c.starts_at < time.end,
        _OFFER.c.ends_at > time.start,
    )
    found: dict[UUID, tuple[Interval, ...]] = {}
    for patient_id, start, end in uow.session.execute(chosen):
        found[patient_id] = (*found.get(patient_id, ()), Interval(start, end))
    return found


def last_of_entries(uow: UnitOfWork, entry_ids: Collection[UUID]) -> dict[UUID, Any]:
    """The newest offer of each of these entries; who was never asked is absent."""
    chosen = sa.select(_OFFER).where(_OFFER.c.entry_id.in_(set(entry_ids)), visible(uow))
    rows = uow.session.execute(chosen.order_by(_OFFER.c.offered_at, _OFFER.c.id))
    return {row.entry_id: row for row in rows} if entry_ids else {}


def of_rounds(uow: UnitOfWork, round_ids: Collection[UUID]) -> list[Any]:
    """Every offer of these freed times, in the order in which they were made."""
    chosen = sa.select(_OFFER).where(_OFFER.c.round_id.in_(set(round_ids)), visible(uow))
    return list(uow.session.execute(chosen.order_by(_OFFER.c.offered_at, _OFFER.c.id)))


def add(uow: UnitOfWork, columns: dict[str, Any]) -> bool:
    """Write down an open offer; False when the freed time, or the wish, has one already.

    Two freed times in two transactions may look at the same person at once: the database lets one
    of them ask. The savepoint keeps the other's transaction alive on PostgreSQL.
    """
    row = {"offered_at": uow.now, "state": OfferState.OPEN, "closed_because": "", **columns}
    try:
        with uow.session.begin_nested():
            uow.session.execute(sa.insert(_OFFER), row)
    except IntegrityError as error:
        if "unique" in str(error.orig).casefold():
            return False
        raise
    return True


def close(
    uow: UnitOfWork,
    offer_id: UUID,
    state: OfferState,
    *,
    because: str = "",
    appointment_id: UUID | None = None,
) -> bool:
    """Close an offer; False when it was closed already."""
    changed = (
        sa.update(_OFFER)
        .where(_OFFER.c.id == offer_id, _OFFER.c.state == OfferState.OPEN)
        .values(
            state=state, closed_at=uow.now, closed_because=because, appointment_id=appointment_id
        )
    )
    done: Any = uow.session.execute(changed)
    return int(done.rowcount) == 1
