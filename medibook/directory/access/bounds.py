"""The lower bounds of next free times: lowered by what frees time, mended when they are looked at."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from medibook.directory.access.rows import OFFER
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling.tables import BusyTime, SourceKind

_BUSY = table_of(BusyTime)
_COLUMNS = (
    OFFER.c.practitioner_id,
    OFFER.c.service_id,
    OFFER.c.next_free_at,
    OFFER.c.stamp,
)
_SHOWN = sa.or_(OFFER.c.is_usual, OFFER.c.is_usual_video)


OVER = timedelta(seconds=1)  # a bound that was good until a second ago is to be mended


class Bound(NamedTuple):
    """A stored bound, as it was read."""

    practitioner_id: UUID
    service_id: UUID
    next_free_at: datetime
    stamp: UUID


class Mended(NamedTuple):
    """What a bound can be raised to, if nothing was freed since it was read."""

    bound: Bound
    next_free_at: datetime
    good_until: datetime


def lower(
    uow: UnitOfWork,
    to: datetime,
    *,
    practitioner_id: UUID | None = None,
    service_ids: Collection[UUID] | None = None,
) -> None:
    """Say that there may be time from ``to`` on: for one practitioner, some visit types, or everybody.

    The stamp changes also where the bound is low enough: whoever is mending it has not seen this.
    """
    low = sa.case((OFFER.c.next_free_at > to, to), else_=OFFER.c.next_free_at)
    good = sa.case((OFFER.c.next_free_at > to, uow.now - OVER), else_=OFFER.c.good_until)
    change = sa.update(OFFER).values(next_free_at=low, good_until=good, stamp=uow.new_id())
    if practitioner_id is not None:
        change = change.where(OFFER.c.practitioner_id == practitioner_id)
    if service_ids is not None:
        change = change.where(OFFER.c.service_id.in_(service_ids))
    uow.session.execute(change)


def stale(uow: UnitOfWork, *, limit: int) -> list[Bound]:
    """Bounds that search results stand on and that are surely too low, the oldest first.

    The clock has overtaken them, or a visit stands where the time was.
    """
    overtaken = (
        sa.select(*_COLUMNS)
        .where(OFFER.c.good_until < uow.now, _SHOWN)
        .order_by(OFFER.c.good_until)
        .limit(limit)
    )
    found = [Bound(*row) for row in uow.session.execute(overtaken)]
    if len(found) == limit:
        return found
    taken = (
        sa.select(*_COLUMNS)
        .distinct()
        .join_from(OFFER, _BUSY, _BUSY.c.resource_id == OFFER.c.practitioner_id)
        .where(
            _SHOWN,
            OFFER.c.good_until >= uow.now,
            _BUSY.c.starts_at <= OFFER.c.next_free_at,
            _BUSY.c.ends_at > OFFER.c.next_free_at,
            _BUSY.c.ends_at > uow.now,
            _BUSY.c.source_kind == SourceKind.APPOINTMENT,
        )
        .limit(limit - len(found))
    )
    return found + [Bound(*row) for row in uow.session.execute(taken)]


def all_bounds(uow: UnitOfWork, *, limit: int | None = None) -> list[Bound]:
    """Every bound, or so many that lie all over the directory."""
    chosen = sa.select(*_COLUMNS)
    if limit is not None:
        # Ids are drawn at random: to go by the stamp is to take some from everywhere.
        chosen = chosen.order_by(OFFER.c.stamp, OFFER.c.practitioner_id).limit(limit)
    return [Bound(*row) for row in uow.session.execute(chosen)]


def raise_to(uow: UnitOfWork, mended: Sequence[Mended]) -> int:
    """Write the mended bounds, except where time may have become free meanwhile; returns how many."""
    raised = (
        sa.update(OFFER)
        .where(
            OFFER.c.practitioner_id == sa.bindparam("who"),
            OFFER.c.service_id == sa.bindparam("what"),
            OFFER.c.stamp == sa.bindparam("seen"),
        )
        .values(next_free_at=sa.bindparam("bound"), good_until=sa.bindparam("good"))
    )
    rows = [
        {
            "who": each.bound.practitioner_id,
            "what": each.bound.service_id,
            "seen": each.bound.stamp,
            "bound": each.next_free_at,
            "good": each.good_until,
        }
        # In one order for everybody: two that mend at once do not wait for each other in a ring.
        for each in sorted(mended, key=lambda each: each.bound[:2])
    ]
    done: Any = uow.session.connection().execute(raised, rows)
    return int(done.rowcount)
