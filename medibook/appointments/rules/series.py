"""When a series has its visits: dates on the wall, the RRULE that is stored, and what stands against it.

The weekday, and in a month the which-of-them, are those of the first visit. Nothing here knows of
hours or bookings: whether a date can be had is asked of the one function that decides free time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from medibook.appointments.schemas.series import Rhythm, SeriesDate, SeriesRule
from medibook.kernel.errors import Conflict
from medibook.kernel.words import N_

MOST: Final = 52
FEWEST: Final = 2
LONGEST_INTERVAL: Final = 12
REACH: Final = timedelta(weeks=52)
"""How far ahead patients may book the later visits of a series: further than a single visit."""
FARTHEST: Final = timedelta(weeks=5 * 53)
"""How far ahead the clinic itself may book them: fifty-two months and a bit."""

_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEK: Final = timedelta(weeks=1)


class SeriesConflict(Conflict):
    """Dates of a series cannot be had, or no longer; ``dates`` is the whole list as it is now."""

    code = "series_conflict"
    sentence = N_("Not every date of this list can be had any more. Nothing was booked yet.")

    def __init__(self, dates: Sequence[SeriesDate] = (), **facts: object) -> None:
        super().__init__(**facts)
        self.dates = tuple(dates)


class SeriesMeanwhile(Conflict):
    """What a change of a series would do is not what was read: visits or the calendar have changed."""

    code = "series_meanwhile"
    sentence = N_(
        "The series or the calendar has changed in the meantime, so nothing is changed yet. "
        "Please look at the list again."
    )


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series; ``starts_at`` None: the clocks leave the wall time out on that day."""

    place: int
    day: date
    starts_at: datetime | None


def problems_of_rule(rule: SeriesRule, first_day: date) -> dict[str, str]:
    """What is wrong with a rule as it was typed, field by field; empty when it can be kept."""
    problems = {}
    if not 1 <= rule.interval <= LONGEST_INTERVAL:
        problems["interval"] = N_("Choose a number from 1 to 12.")
    if (rule.count is None) == (rule.until is None):
        problems["count"] = N_("Say how many visits, or until when.")
    elif rule.count is not None and not FEWEST <= rule.count <= MOST:
        problems["count"] = N_("A series has 2 to 52 visits.")
    if rule.rhythm is Rhythm.MONTHLY_LAST and not _is_last(first_day):
        problems["rhythm"] = N_("The first visit is not on the last such day of its month.")
    if problems or rule.until is None:
        return problems
    found = len(list(islice(_endless(rule, first_day, until=rule.until), MOST + 1)))
    if found < FEWEST:
        return {"until": N_("Until that day there is only one visit. Choose a later day.")}
    if found > MOST:
        return {"until": N_("Until that day there are more than 52 visits. Choose an earlier day.")}
    return {}


def dates(rule: SeriesRule, first_day: date) -> tuple[date, ...]:
    """The dates of a rule that can be kept, the first visit's among them."""
    most = MOST if rule.count is None else min(rule.count, MOST)
    return tuple(islice(_endless(rule, first_day, until=rule.until or date.max), most))


def occurrences(rule: SeriesRule, first: datetime, zone: str) -> tuple[Occurrence, ...]:
    """Every date of a series as an instant: the wall time of the first visit, whatever the season.

    Of a wall time that comes twice it is the first, unless the first visit is itself the second.
    """
    there = first.astimezone(ZoneInfo(zone))
    days = dates(rule, there.date())
    rest = (instant_on(day, there.time(), zone, fold=there.fold) for day in days[1:])
    starts = (first.astimezone(UTC), *rest)
    return tuple(
        Occurrence(place, day, start)
        for place, (day, start) in enumerate(zip(days, starts, strict=True), start=1)
    )


def instant_on(day: date, reading: time, zone: str, *, fold: int = 0) -> datetime | None:
    """The instant at which the wall shows this on that day; None when the clocks leave it out."""
    wall = datetime.combine(day, reading.replace(fold=fold), tzinfo=ZoneInfo(zone))
    instant = wall.astimezone(UTC)
    shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    return instant if shown == wall.replace(tzinfo=None, fold=0) else None


def which_of_month(day: date) -> int:
    """The how-manieth of its weekday in its month a day is: 1 to 4; the fifth is the last, -1."""
    number = (day.day - 1) // 7 + 1
    return number if number < 5 else -1


def rrule_of(rule: SeriesRule, first_day: date) -> str:
    """The rule as RFC 5545 writes it, on the wall: ``FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=12``."""
    weekday = _WEEKDAYS[first_day.weekday()]
    if rule.rhythm is Rhythm.WEEKLY:
        parts = ["FREQ=WEEKLY", f"BYDAY={weekday}"]
    else:
        parts = ["FREQ=MONTHLY", f"BYDAY={_which(rule, first_day)}{weekday}"]
    parts.insert(1, f"INTERVAL={rule.interval}")
    end = f"COUNT={rule.count}" if rule.until is None else f"UNTIL={rule.until:%Y%m%d}"
    return ";".join([*parts, end])


def rule_of(text: str) -> SeriesRule:
    """Read a stored rule back; :func:`rrule_of` wrote it."""
    parts: Mapping[str, str] = dict(part.split("=") for part in text.split(";"))
    rhythm = Rhythm.WEEKLY
    if parts["FREQ"] == "MONTHLY":
        is_last = parts["BYDAY"].startswith("-1")
        rhythm = Rhythm.MONTHLY_LAST if is_last else Rhythm.MONTHLY
    until = parts.get("UNTIL")
    return SeriesRule(
        rhythm=rhythm,
        interval=int(parts["INTERVAL"]),
        count=int(parts["COUNT"]) if until is None else None,
        until=None if until is None else date.fromisoformat(until),
    )


def _endless(rule: SeriesRule, first_day: date, *, until: date) -> Iterator[date]:
    step = max(1, rule.interval)
    day, number = first_day, 0
    while day <= until and day.year < first_day.year + 60:
        yield day
        number += 1
        if rule.rhythm is Rhythm.WEEKLY:
            day = first_day + number * step * _WEEK
        else:
            months = first_day.year * 12 + first_day.month - 1 + number * step
            which = _which(rule, first_day)
            day = _in_month(months // 12, months % 12 + 1, first_day.weekday(), which)


def _which(rule: SeriesRule, first_day: date) -> int:
    return -1 if rule.rhythm is Rhythm.MONTHLY_LAST else which_of_month(first_day)


def _in_month(year: int, month: int, weekday: int, which: int) -> date:
    if which == -1:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))


def _is_last(day: date) -> bool:
    return (day + _WEEK).month != day.month
