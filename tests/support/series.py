"""Series in the words of the front desk: ``weekly(open_clinic, "Dr Cho", "2026-04-07 10:00", 12)``."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentCard
from medibook.appointments.schemas.series import (
    NewSeries,
    ReadPlan,
    Rhythm,
    Scope,
    SeriesCard,
    SeriesMode,
    SeriesMove,
    SeriesPlan,
    SeriesPreview,
    SeriesRule,
    SeriesWish,
)
from medibook.operations.schemas import Violation
from medibook.operations.service.check import check_invariants
from tests.support.visits import OpenClinic

_keys = itertools.count(1)


def wish(
    clinic: OpenClinic,
    name: str,
    wall: str,
    count: int | None = 12,
    *,
    until: str = "",
    every: int = 1,
    rhythm: Rhythm = Rhythm.WEEKLY,
    zone: str = "Europe/London",
    **other: Any,
) -> SeriesWish:
    rule = SeriesRule(
        rhythm=rhythm,
        interval=every,
        count=None if until else count,
        until=date.fromisoformat(until) if until else None,
    )
    return SeriesWish(first=clinic.wish(name, wall, zone), rule=rule, **other)


def preview(clinic: OpenClinic, who: str, wished: SeriesWish) -> SeriesPreview:
    return clinic.perform(clinic.who(who), appointments.preview_series, wish=wished)


def conflicts(shown: SeriesPreview) -> list[str]:
    return [f"{one.day}" for one in shown.dates if one.obstacle]


def book(
    clinic: OpenClinic,
    who: str,
    wished: SeriesWish,
    mode: SeriesMode = SeriesMode.ALL_OR_NOTHING,
    **other: Any,
) -> SeriesCard:
    key = other.pop("key", f"series-{next(_keys)}")
    new = NewSeries(wish=wished, mode=mode, booking_key=key, **other)
    return clinic.perform(clinic.who(who), appointments.book_series, new=new)


def walls(card: SeriesCard) -> list[str]:
    """When the visits are, on the wall of their place."""
    return [
        f"{visit.starts_at.astimezone(ZoneInfo(visit.zone)):%Y-%m-%d %H:%M}"
        for visit in card.visits
        if visit.status != "cancelled"
    ]


def plan_move(
    clinic: OpenClinic, who: str, visit: AppointmentCard, wall: str, scope: Scope, **zone: str
) -> SeriesPlan:
    return clinic.perform(
        clinic.who(who),
        appointments.plan_series_move,
        move=as_move(clinic, visit, wall, scope, **zone),
    )


def move(
    clinic: OpenClinic,
    who: str,
    visit: AppointmentCard,
    wall: str,
    scope: Scope,
    *,
    key: str = "",
    **zone: str,
) -> SeriesCard:
    """Read the plan, then do just that."""
    planned = plan_move(clinic, who, visit, wall, scope, **zone)
    return clinic.perform(
        clinic.who(who),
        appointments.move_series,
        move=as_move(clinic, visit, wall, scope, **zone),
        read=as_read(planned, key),
    )


def cancel(
    clinic: OpenClinic, who: str, visit: AppointmentCard, scope: Scope, *, reason: str = ""
) -> SeriesCard:
    """Read the plan, then do just that."""
    which = {"appointment_id": visit.appointment_id, "scope": scope}
    planned = clinic.perform(clinic.who(who), appointments.plan_series_cancel, **which)
    return clinic.perform(
        clinic.who(who), appointments.cancel_series, **which, read=as_read(planned), reason=reason
    )


def as_read(planned: SeriesPlan, key: str = "") -> ReadPlan:
    return ReadPlan(
        version=planned.version, staying=planned.staying, key=key or f"change-{next(_keys)}"
    )


def rows_of(clinic: OpenClinic) -> dict[UUID, Any]:
    """Every visit as its row stands in the database, to be compared byte by byte."""
    with clinic.medibook.engine.connect() as connection:
        table = sa.Table("appointment", sa.MetaData(), autoload_with=connection)
        return {UUID(str(row.id)): tuple(row) for row in connection.execute(sa.select(table))}


def as_move(
    clinic: OpenClinic,
    visit: AppointmentCard,
    wall: str,
    scope: Scope,
    *,
    zone: str = "Europe/London",
) -> SeriesMove:
    return SeriesMove(
        appointment_id=visit.appointment_id, scope=scope, to_time=clinic.moment(wall, zone)
    )


def all_is_well(clinic: OpenClinic) -> tuple[Violation, ...]:
    """What the check finds: nothing."""
    with Session(clinic.medibook.engine) as session:
        return check_invariants(session, clinic.clock.now())


def counted_queries(clinic: OpenClinic, act: Callable[[], Any]) -> int:
    """How many statements somebody's act sends to the database."""
    sent: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    sa.event.listen(clinic.medibook.engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        sa.event.remove(clinic.medibook.engine, "before_cursor_execute", count)
    return len(sent)
