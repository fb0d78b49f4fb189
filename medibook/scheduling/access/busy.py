"""Busy time: who and what is taken when. The database refuses overlaps, whoever writes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from medibook.kernel.db import UTCDateTime, table_of
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling.access.epoch import epoch
from medibook.scheduling.rules.seconds import instant
from medibook.scheduling.tables import (
    LONGEST_BUSY,
    BusyTime,
    Hold,
    ResourceKind,
    SourceKind,
    TimeOff,
)

_BUSY = table_of(BusyTime)
_HOLD = table_of(Hold)
_OFF = table_of(TimeOff)
_GUARD = "busy_time_no_overlap"


class Taken(NamedTuple):
    """A stretch in which somebody or something cannot be had, in epoch seconds.

    ``source`` None is time off, else what takes it, as the driver gives it: making ids of all of them
    costs more than reading the rows. ``stands`` is False for a hold that has ended and for the
    patient's own holds, offers of the clinic apart: they are in nobody's way, but must be cleared
    before a row takes their place.
    """

    resource_id: UUID
    begins: int
    ends: int
    source: UUID | str | None
    is_hold: bool
    stands: bool

    @property
    def source_id(self) -> UUID | None:
        """The visit or the hold that takes the time; None is time off."""
        return UUID(self.source) if isinstance(self.source, str) else self.source

    def is_of(self, source_id: UUID) -> bool:
        """Tell whether this visit or hold takes the time."""
        return self.source == source_id or self.source == source_id.hex

    @property
    def time(self) -> Interval:
        """The stretch as instants."""
        return Interval(instant(self.begins), instant(self.ends))


def _rows_of_a_window() -> sa.CompoundSelect[str, int, int, str, bool, bool]:
    """Busy time and absences as rows of one shape, written once: building it costs a millisecond."""
    start, end = sa.bindparam("start", type_=UTCDateTime), sa.bindparam("end", type_=UTCDateTime)
    resources = sa.bindparam("resources", expanding=True, type_=sa.Uuid)
    is_hold = _HOLD.c.id.is_not(None)
    # An offered time is nobody's own hold: it stands in its patient's way as well.
    anothers = sa.or_(
        _HOLD.c.offer_of_appointment_id.is_not(None),
        _HOLD.c.offer_of_waitlist_id.is_not(None),
        _HOLD.c.offer_of_absence_id.is_not(None),
        _HOLD.c.patient_id.is_distinct_from(sa.bindparam("patient_id", type_=sa.Uuid)),
    )
    lives = _HOLD.c.expires_at > sa.bindparam("ended_by", type_=UTCDateTime)
    busy = (
        sa.select(
            sa.type_coerce(_BUSY.c.resource_id, sa.String),
            epoch(_BUSY.c.starts_at),
            epoch(_BUSY.c.ends_at),
            sa.type_coerce(_BUSY.c.source_id, sa.String),
            is_hold,
            sa.or_(~is_hold, sa.and_(lives, anothers)),
        )
        .join_from(_BUSY, _HOLD, _HOLD.c.id == _BUSY.c.source_id, isouter=True)
        .where(
            _BUSY.c.resource_id.in_(resources),
            _BUSY.c.starts_at >= sa.bindparam("longest_before", type_=UTCDateTime),
            _BUSY.c.starts_at < end,
            _BUSY.c.ends_at > start,
        )
    )
    off = sa.select(
        sa.type_coerce(_OFF.c.practitioner_id, sa.String),
        epoch(_OFF.c.starts_at),
        epoch(_OFF.c.ends_at),
        sa.null(),
        sa.false(),
        sa.true(),
    ).where(_OFF.c.practitioner_id.in_(resources), _OFF.c.starts_at < end, _OFF.c.ends_at > start)
    return busy.union_all(off)


# Written once, as they are what every hold and every booking writes.
_TAKE = sa.insert(_BUSY)
_HAND_OVER = (
    sa.update(_BUSY)
    .where(_BUSY.c.source_id == sa.bindparam("hold_id"))
    .values(source_id=sa.bindparam("appointment_id"), source_kind=SourceKind.APPOINTMENT)
)
_VACATE = sa.delete(_BUSY).where(_BUSY.c.source_id.in_(sa.bindparam("source_ids", expanding=True)))
_ROWS = _rows_of_a_window()
_NO_HOLD_LASTS = datetime(9000, 1, 1, tzinfo=UTC)


def taken(
    uow: UnitOfWork,
    *,
    resource_ids: Collection[UUID],
    window: Interval,
    patient_id: UUID | None,
    past_holds: bool = False,
) -> list[Taken]:
    """All that takes these practitioners', rooms' and patients' time in the window, in one look.

    ``past_holds``: no hold is in anybody's way, as it will be when all of them have ended.
    """
    asked = {
        "resources": list(resource_ids),
        "start": window.start,
        "end": window.end,
        "longest_before": window.start - LONGEST_BUSY,
        "patient_id": patient_id,
        "ended_by": _NO_HOLD_LASTS if past_holds else uow.now,
    }
    # SQLite gives ids as text, PostgreSQL as they are; whose they are is known already.
    known = {key: each for each in resource_ids for key in (each, each.hex)}
    return [
        Taken(known[whose], begins, ends, source, is_hold, stands)
        for whose, begins, ends, source, is_hold, stands in uow.session.execute(_ROWS, asked).all()
    ]


def patients_time(uow: UnitOfWork, source_ids: Collection[UUID]) -> dict[UUID, Interval]:
    """When these visits and holds are for the patient: without the buffers around them."""
    chosen = sa.select(_BUSY.c.source_id, _BUSY.c.starts_at, _BUSY.c.ends_at).where(
        _BUSY.c.source_id.in_(source_ids), _BUSY.c.resource_kind == ResourceKind.PATIENT
    )
    return {source: Interval(start, end) for source, start, end in uow.session.execute(chosen)}


def occupy(
    uow: UnitOfWork,
    *,
    source_id: UUID,
    is_hold: bool,
    stretches: Sequence[tuple[ResourceKind, UUID, Interval]],
    overbooked: Mapping[UUID, UUID | None] = MappingProxyType({}),
) -> bool:
    """Take these stretches; False, with nothing taken, when the database sees an overlap.

    ``overbooked`` says of which practitioner or room somebody answers for an overlap, and who.
    The savepoint is for PostgreSQL, where an error would otherwise end the whole transaction and
    with it the search for other times that the refusal offers.
    """
    kind = SourceKind.HOLD if is_hold else SourceKind.APPOINTMENT
    rows: list[dict[str, Any]] = [
        {
            "id": uow.new_id(),
            "resource_kind": resource_kind,
            "resource_id": resource_id,
            "starts_at": time.start,
            "ends_at": time.end,
            "source_kind": kind,
            "source_id": source_id,
            "overbooked_by": overbooked.get(resource_id),
        }
        for resource_kind, resource_id, time in stretches
    ]
    if not rows:
        return True
    try:
        with uow.session.begin_nested():
            uow.session.execute(_TAKE, rows)
    except IntegrityError as error:
        if _GUARD in str(error.orig):
            return False
        raise
    return True


def hand_over(uow: UnitOfWork, hold_id: UUID, appointment_id: UUID) -> bool:
    """Let what a hold has taken be a visit's from now on; False when the hold has nothing any more."""
    ids = {"hold_id": hold_id, "appointment_id": appointment_id}
    done: Any = uow.session.execute(_HAND_OVER, ids)
    return int(done.rowcount) > 0


def vacate(uow: UnitOfWork, *, source_ids: Collection[UUID]) -> int:
    """Give back whatever these visits or holds have taken; returns how many rows that were."""
    done: Any = uow.session.execute(_VACATE, {"source_ids": list(source_ids)})
    return int(done.rowcount)
