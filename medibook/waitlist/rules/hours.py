"""When somebody may be asked, and how long they have to answer."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

OPEN_FOR: Final = timedelta(minutes=30)
STOPS_BEFORE: Final = timedelta(hours=2)
SHORTEST: Final = timedelta(minutes=5)  # nobody answers in less
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
LAPSE_WITHIN: Final = timedelta(seconds=60)  # I6: so soon an expired offer has passed on
_DAY = timedelta(days=1)


def quiet_until(now: datetime, zone: str) -> datetime | None:
    """When the night on this wall ends, in UTC; None by day, when people may be asked.

    The morning is found on the wall first: in the night of a clock change it is eight there, too.
    """
    wall = now.astimezone(ZoneInfo(zone))
    if QUIET_UNTIL <= wall.time() < QUIET_FROM:
        return None
    morning = wall.date() if wall.time() < QUIET_UNTIL else wall.date() + _DAY
    return datetime.combine(morning, QUIET_UNTIL, tzinfo=ZoneInfo(zone)).astimezone(now.tzinfo)


def stops_at(start: datetime, notice: timedelta) -> datetime:
    """Until when a time can be offered: two hours before it, or the notice if that is longer."""
    return start - max(STOPS_BEFORE, notice)


def expires_at(now: datetime, *, stop: datetime) -> datetime | None:
    """Until when an offer made now can be answered: half an hour, less near the stop.

    None when nobody could answer in what is left.
    """
    until = min(now + OPEN_FOR, stop)
    return until if until - now >= SHORTEST else None
