"""When somebody is away, as it is said: today, until a date, from–until; and what cannot be meant."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from medibook.absences.schemas import NewAbsence
from medibook.kernel.words import N_
from medibook.scheduling.rules.weekly import problems_of_time_off, time_off_interval
from medibook.scheduling.schemas import NewTimeOff, TimeOffKind

LONGEST: Final = timedelta(days=92)
MOST_CASES: Final = 200
"""More visits at once are more than one board shows, and more than one transaction should hold up."""

TOO_MANY: Final = N_("More than 200 visits fall into this time. Please enter it in parts.")


def as_time_off(new: NewAbsence, zone: str, *, now: datetime) -> NewTimeOff:
    """The absence as the practitioner's schedule keeps it."""
    whole_days = new.starts is None and new.ends is None
    first = new.first_day or now.astimezone(ZoneInfo(zone)).date()
    return NewTimeOff(
        kind=TimeOffKind.DAY_OFF if whole_days else TimeOffKind.BLOCKED,
        first_day=first,
        last_day=new.last_day or first,
        starts=new.starts,
        ends=new.ends,
        zone=zone,
        reason=new.reason,
    )


def problems_of(off: NewTimeOff, *, zones: Collection[str], now: datetime) -> dict[str, str]:
    """What cannot be meant, field by field; {} when all is well."""
    problems = problems_of_time_off(off, zones={*zones, off.zone})
    if problems:
        return problems
    if off.last_day - off.first_day > LONGEST:
        return {"last_day": N_("That is longer than three months. Please enter it in parts.")}
    if time_off_interval(off).end <= now:
        return {"last_day": N_("This time is over already.")}
    return {}
