"""Whether the opening hours and days off that a practitioner typed can be kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from medibook.kernel.intervals import Interval
from medibook.kernel.words import N_
from medibook.scheduling.rules.plan import MIDNIGHT
from medibook.scheduling.schemas import DayHours, HoursRow, NewTimeOff, TimeOffKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

MOST_ROWS = 100
MOST_A_DAY = 200
LONGEST_ABSENCE = timedelta(days=400)
LONGEST_REASON = 200
_YEARS = range(2000, 2200)


def problems_of_hours(
    hours: Sequence[HoursRow], *, location_ids: Collection[UUID]
) -> dict[str, str]:
    """What is wrong with the weekly table, row by row (``hours.3``); empty when it can be kept."""
    if len(hours) > MOST_ROWS:
        return {"hours": N_("These are too many rows. Please leave some out.")}
    problems = {
        f"hours.{index}": problem
        for index, row in enumerate(hours)
        if (problem := _problem_of(row, location_ids))
    }
    for (_, one), (second, other) in combinations(enumerate(hours), 2):
        if _overlap(one, other):
            problems.setdefault(
                f"hours.{second}", N_("These hours overlap with others on the same day.")
            )
    return problems


def problems_of_day(
    day: DayHours, *, location_ids: Collection[UUID], today: date
) -> dict[str, str]:
    """What is wrong with the hours of one date, row by row; empty when they can be kept."""
    if not today - timedelta(days=1) <= day.day <= today + LONGEST_ABSENCE:
        return {"day": N_("Choose a day from today on, within a year.")}
    if any(row.weekday != day.day.weekday() for row in day.hours):
        return {"day": N_("Choose a day.")}
    return problems_of_hours(day.hours, location_ids=location_ids)


def problems_of_time_off(new: NewTimeOff, *, zones: Collection[str]) -> dict[str, str]:
    """What is wrong with a day off or a blocked time, field by field; empty when it can be kept."""
    problems = _problems_of_days(new.first_day, new.last_day)
    if new.zone not in zones:
        problems["zone"] = N_("Choose one of the clinic's locations.")
    if len(new.reason) > LONGEST_REASON:
        problems["reason"] = N_("Please shorten the note to 200 characters.")
    if new.kind is TimeOffKind.BLOCKED:
        if new.starts is None or new.ends is None:
            problems["starts"] = N_("Say from when until when the time is blocked.")
        elif not problems and not _blocked(new, new.starts, new.ends):
            problems["ends"] = N_("The end must be after the start.")
    return problems


def _problems_of_days(first: date, last: date) -> dict[str, str]:
    if first.year not in _YEARS:
        return {"first_day": N_("Please check the year.")}
    if last < first:
        return {"last_day": N_("The last day comes before the first one.")}
    if last - first > LONGEST_ABSENCE:
        return {"last_day": N_("That is longer than a year. Please enter it in parts.")}
    return {}


def time_off_interval(new: NewTimeOff) -> Interval:
    """The absence as instants: whole days from midnight to midnight on the wall, or the blocked time."""
    if new.kind is TimeOffKind.BLOCKED and new.starts is not None and new.ends is not None:
        blocked = _blocked(new, new.starts, new.ends)
        if blocked is not None:
            return blocked
    following = new.last_day + timedelta(days=1)
    return Interval(
        wall_instant(new.first_day, MIDNIGHT, new.zone), wall_instant(following, MIDNIGHT, new.zone)
    )


def wall_instant(day: date, reading: time, zone: str) -> datetime:
    """The instant at which a wall shows this; of a reading that comes twice, the first time."""
    return datetime.combine(day, reading, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _blocked(new: NewTimeOff, starts: time, ends: time) -> Interval | None:
    # An end at 00:00 is midnight at the end of the last day, as in opening hours.
    last = new.last_day + timedelta(days=1) if ends == MIDNIGHT else new.last_day
    begin, end = wall_instant(new.first_day, starts, new.zone), wall_instant(last, ends, new.zone)
    return Interval(begin, end) if begin < end else None


def _problem_of(row: HoursRow, location_ids: Collection[UUID]) -> str:
    if row.location_id not in location_ids:
        return N_("Choose one of the clinic's locations.")
    if not 0 <= row.weekday <= 6:
        return N_("Choose a day of the week.")
    if any(r.tzinfo or r.second or r.microsecond for r in (row.opens, row.closes)):
        return N_("Enter whole minutes, such as 09:30.")
    if row.closes <= row.opens and row.closes != MIDNIGHT:
        return N_("The end must be after the start.")
    if row.valid_from and row.valid_until and row.valid_until < row.valid_from:
        return N_("These hours would end before they begin.")
    return ""


def _overlap(one: HoursRow, other: HoursRow) -> bool:
    """Whether two rows ask the practitioner to be in two places, or twice in one."""
    if one.weekday != other.weekday:
        return False
    if (one.valid_from or date.min) > (other.valid_until or date.max):
        return False
    if (other.valid_from or date.min) > (one.valid_until or date.max):
        return False
    return one.opens < _end(other) and other.opens < _end(one)


def _end(row: HoursRow) -> time:
    return time.max if row.closes == MIDNIGHT else row.closes
