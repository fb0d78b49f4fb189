"""I7 and I8: messages that reached somebody twice, and reminders of what was no longer so."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from medibook.appointments.rules import said_by
from medibook.appointments.schemas import AppointmentStatus
from medibook.appointments.tables import Appointment, AppointmentChange
from medibook.kernel.db import table_of
from medibook.notifications.schemas import MessageState, Topic
from medibook.notifications.tables import Message
from medibook.reminders.tables import RemindedVisit

_M, _N = table_of(Message), table_of(RemindedVisit)
_VISIT, _CHANGE = table_of(Appointment), table_of(AppointmentChange)
# Both instants are read before their transactions commit: that far they may lie apart, and be in order.
_AT_ONCE = timedelta(seconds=5)
_NOBODY = sa.literal(UUID(int=0), sa.Uuid())
_TAKEN = _M.c.state == MessageState.ACCEPTED


def told_twice(session: Session) -> Iterator[str]:
    """Facts that one recipient was told of more than once by one channel, and by one kind of message."""
    same = (_M.c.fact_id, _M.c.kind, _M.c.channel, sa.func.coalesce(_M.c.recipient_id, _NOBODY))
    # To whom matters only where there is no account: people change their address.
    to = sa.case((_M.c.recipient_id.is_(None), _M.c.to), else_="")
    twice = sa.select(_M.c.fact_id, _M.c.kind, sa.func.count()).group_by(*same, to)
    for fact, kind, number in session.execute(twice.having(sa.func.count() > 1)):
        yield f"fact {fact} has {number} messages {kind} to one person"


def reminded_twice(session: Session) -> Iterator[str]:
    """Visits of which one person was reminded twice, at one time before them, by one channel."""
    to = sa.case((_M.c.recipient_id.is_(None), _M.c.to), else_="")
    person = sa.func.coalesce(_M.c.recipient_id, _NOBODY)
    twice = (
        sa.select(_N.c.appointment_id, _N.c.version, _N.c.hours, _M.c.channel)
        .join_from(_N, _M, _M.c.fact_id == _N.c.reminder_id)
        .where(_TAKEN)
        .group_by(
            _N.c.appointment_id, _N.c.version, _N.c.hours, _M.c.channel, _M.c.patient_id, person, to
        )
        .having(sa.func.count() > 1)
    )
    for row in session.execute(twice):
        yield (
            f"appointment {row.appointment_id}, version {row.version}: reminded of twice, "
            f"{row.hours} hours before, by {row.channel.value}"
        )


def late_reminders(session: Session) -> Iterator[str]:
    """Reminders that left after their visit had begun, was cancelled, or had moved."""
    # A provider that had to be asked afterwards took it when it was called, not when it was asked.
    left = sa.func.coalesce(_M.c.attempted_at, _M.c.settled_at, type_=_M.c.created_at.type)
    rows = session.execute(
        sa.select(
            _M.c.id,
            _N.c.appointment_id,
            _N.c.mark,
            left.label("left_at"),
            _VISIT.c.starts_at,
        )
        .join_from(_M, _N, _N.c.reminder_id == _M.c.fact_id)
        .join(_VISIT, _VISIT.c.id == _N.c.appointment_id)
        .where(_M.c.topic == Topic.REMINDERS, _TAKEN)
        .execution_options(yield_per=2_000)
    ).all()
    for row in rows:
        if words := _fault(session, row):
            yield f"message {row.id} reminded of appointment {row.appointment_id} {words}"


def _fault(session: Session, row: Any) -> str:  # noqa: ANN401 - a row of Core columns
    """What was wrong with a visit when its reminder left, by its history; "" when all was well."""
    status, said_start = said_by(row.mark)
    then = session.execute(
        sa.select(_CHANGE.c.to_status, _CHANGE.c.to_start)
        .where(
            _CHANGE.c.appointment_id == row.appointment_id, _CHANGE.c.at <= row.left_at - _AT_ONCE
        )
        .order_by(_CHANGE.c.version.desc())
        .limit(1)
    ).one_or_none()
    if then is None:
        return ""  # booked in the same instant
    if then.to_status != AppointmentStatus.BOOKED.value:
        return f"when it was {then.to_status}"
    if then.to_start.replace(second=0) != said_start or status.value != then.to_status:
        return "when it had moved"
    if row.left_at >= then.to_start:
        return "after its start"
    return ""
