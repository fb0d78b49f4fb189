"""Whole days on the wall of a location."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from medibook.kernel.intervals import Interval

_MIDNIGHT = time(0)


def time_of_days(first: date, last: date, zone: str) -> Interval | None:
    """From the midnight that begins the first day to the one that ends the last.

    None when the wall never shows these days: Apia went from 29 to 31 December 2011 over midnight.
    """
    start, end = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    return Interval(start, end) if start < end else None


def _midnight(day: date, zone: str) -> datetime:
    # The wall clock first, then UTC: a day on which the clocks change is not 24 hours long. Where
    # they change at midnight, a skipped one is the moment of the change, and of two it is the first.
    return datetime.combine(day, _MIDNIGHT, tzinfo=ZoneInfo(zone)).astimezone(UTC)
