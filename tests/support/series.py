"""Series in the words of the front desk: ``weekly(open_clinic, "Dr Cho", "2026-04-07 10:00", 12)``."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from medibook.appointments import service as appointments
from medibook.appointments.schemas.series import (
    NewSeries,
    Rhythm,
    SeriesCard,
    SeriesMode,
    SeriesPreview,
    SeriesRule,
    SeriesWish,
)
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
