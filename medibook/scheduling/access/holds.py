"""Holds: a time kept for one patient. A patient finds their own holds only.

Those that belong to an offer are the clinic's: they are found by the visit that they are offered for,
or by the waiting list's offer.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.db import table_of
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people
from medibook.scheduling.schemas import HeldSlot
from medibook.scheduling.tables import BusyTime, Hold

_HOLD = table_of(Hold)
_BUSY = table_of(BusyTime)
_KEPT = timedelta(days=1)
_OWN = sa.and_(
    _HOLD.c.offer_of_appointment_id.is_(None),
    _HOLD.c.offer_of_waitlist_id.is_(None),
    _HOLD.c.offer_of_absence_id.is_(None),
)
# Written once: they are asked at every hold and every booking, and building one costs more than
# running it.
_ADD = sa.insert(_HOLD)
_END = (
    sa.update(_HOLD)
    .where(_HOLD.c.id == sa.bindparam("hold_id"), _HOLD.c.expires_at > sa.bindparam("now"))
    .values(expires_at=sa.bindparam("now"))
)
_OF_THESE = _HOLD.c.patient_id.in_(sa.bindparam("patient_ids", expanding=True))
_FIND = sa.select(_HOLD).where(_HOLD.c.id == sa.bindparam("hold_id"), _OF_THESE, _OWN)
_LIVE = (
    sa.select(_HOLD)
    .where(_OF_THESE, _HOLD.c.expires_at > sa.bindparam("now"), _OWN)
    .order_by(_HOLD.c.created_at, _HOLD.c.id)
    .with_for_update()
)
_FIRST = sa.select(sa.func.min(_HOLD.c.created_at, type_=_HOLD.c.created_at.type)).where(
    _OF_THESE,
    _HOLD.c.practitioner_id == sa.bindparam("practitioner_id"),
    _HOLD.c.starts_at < sa.bindparam("end"),
    _HOLD.c.ends_at > sa.bindparam("start"),
    _HOLD.c.created_at > sa.bindparam("since"),
    _HOLD.c.expires_at > _HOLD.c.created_at,
    _OWN,
)


def find_hold(uow: UnitOfWork, hold_id: UUID) -> Any | None:  # noqa: ANN401 - a row of Core columns
    """A hold for the acting patient, or for somebody whom they book for; ended or not."""
    asked = {"hold_id": hold_id, "patient_ids": list(people.patient_ids_of(uow))}
    return uow.session.execute(_FIND, asked).one_or_none()


def live_holds(uow: UnitOfWork, *patient_ids: UUID) -> list[Any]:
    """Holds for these patients that have not ended, oldest first; locked, so that none ends meanwhile."""
    asked = {"patient_ids": list(patient_ids), "now": uow.now}
    return list(uow.session.execute(_LIVE, asked))


def first_held_at(
    uow: UnitOfWork,
    patient_ids: Collection[UUID],
    practitioner_id: UUID,
    time: Interval,
    *,
    since: datetime,
) -> datetime | None:
    """When these patients began to keep this time of a practitioner, by whichever holds; None if not lately.

    A hold that kept nothing from anybody does not count.
    """
    asked = {
        "patient_ids": list(patient_ids),
        "practitioner_id": practitioner_id,
        "start": time.start,
        "end": time.end,
        "since": since,
    }
    began: datetime | None = uow.session.execute(_FIRST, asked).scalar_one()
    return began


def offered_holds(uow: UnitOfWork, appointment_ids: Collection[UUID]) -> list[Any]:
    """The times that are offered for these visits, earliest first; those that have ended as well."""
    offers = sa.select(_HOLD).where(_HOLD.c.offer_of_appointment_id.in_(appointment_ids))
    return list(uow.session.execute(offers.order_by(_HOLD.c.starts_at)))


def kept_for_waiting(uow: UnitOfWork, offer_id: UUID) -> Any | None:  # noqa: ANN401 - a row of Core columns
    """The time that is kept for an offer of the waiting list, ended or not; locked."""
    kept = sa.select(_HOLD).where(_HOLD.c.offer_of_waitlist_id == offer_id)
    return uow.session.execute(kept.with_for_update()).one_or_none()


def held_for_absences(uow: UnitOfWork, case_ids: Collection[UUID]) -> list[Any]:
    """The times that are kept for these cases of an absence, earliest first; the ended ones as well."""
    kept = sa.select(_HOLD).where(_HOLD.c.offer_of_absence_id.in_(case_ids))
    return list(uow.session.execute(kept.order_by(_HOLD.c.starts_at)))


def offered_in(uow: UnitOfWork, practitioner_id: UUID, time: Interval) -> list[Any]:
    """The living holds by which this practitioner's time within the stretch is offered to patients.

    Those of the waiting list are left to it: it sees to them itself when hours change.
    """
    offered = sa.select(_HOLD).where(
        sa.or_(
            _HOLD.c.offer_of_appointment_id.is_not(None), _HOLD.c.offer_of_absence_id.is_not(None)
        ),
        _HOLD.c.practitioner_id == practitioner_id,
        _HOLD.c.expires_at > uow.now,
        _HOLD.c.starts_at < time.end,
        _HOLD.c.ends_at > time.start,
    )
    return list(uow.session.execute(offered.order_by(_HOLD.c.id)))


def add_hold(uow: UnitOfWork, held: HeldSlot) -> None:
    """Write down a hold."""
    columns = {"id": held.hold_id, "created_at": uow.now} | held.model_dump(
        include={
            "practitioner_id",
            "patient_id",
            "service_id",
            "location_id",
            "room_id",
            "starts_at",
            "ends_at",
            "expires_at",
            "moves_appointment_id",
            "offer_of_appointment_id",
            "offer_of_waitlist_id",
            "offer_of_absence_id",
        }
    )
    uow.session.execute(_ADD, columns)


def extend_hold(uow: UnitOfWork, hold_id: UUID, *, until: datetime) -> None:
    """Keep a hold until later."""
    uow.session.execute(sa.update(_HOLD).where(_HOLD.c.id == hold_id).values(expires_at=until))


def end_hold(uow: UnitOfWork, hold_id: UUID) -> None:
    """End a hold now, if it has not ended before; its row stays a day, so that it can be asked for."""
    uow.session.execute(_END, {"hold_id": hold_id, "now": uow.now})


def ended_holds(uow: UnitOfWork, *, limit: int) -> list[Any]:
    """Holds that have ended and still take time; locked, and those that somebody works on left out."""
    ended = (
        sa.select(_HOLD)
        .where(
            _HOLD.c.expires_at <= uow.now,
            sa.exists().where(_BUSY.c.source_id == _HOLD.c.id),
        )
        .order_by(_HOLD.c.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(uow.session.execute(ended))


def forget_old_holds(uow: UnitOfWork) -> None:
    """Remove holds that ended more than a day ago and take no time."""
    uow.session.execute(
        sa.delete(_HOLD).where(
            _HOLD.c.expires_at < uow.now - _KEPT,
            ~sa.exists().where(_BUSY.c.source_id == _HOLD.c.id),
        )
    )
