"""When somebody may be asked, and how long they have to answer."""

from datetime import datetime, timedelta
from typing import Final

from medibook.notifications.rules import after_quiet

OPEN_FOR: Final = timedelta(minutes=30)
STOPS_BEFORE: Final = timedelta(hours=2)
SHORTEST: Final = timedelta(minutes=5)  # nobody answers in less
# A hold outlives its offer a little: the list lapses the offer itself, and the sweep of ended holds
# only catches what a list that stands still has left.
HOLD_OUTLIVES: Final = timedelta(minutes=1)
LAPSE_WITHIN: Final = timedelta(seconds=60)  # I6: so soon an expired offer has passed on


def quiet_until(now: datetime, zone: str) -> datetime | None:
    """When the night on this wall ends, in UTC; None by day, when people may be asked.

    The morning is found on the wall first: in the night of a clock change it is eight there, too.
    """
    morning = after_quiet(now, zone)
    return morning if morning > now else None


def stops_at(start: datetime, notice: timedelta) -> datetime:
    """Until when a time can be offered: two hours before it, or the notice if that is longer."""
    return start - max(STOPS_BEFORE, notice)


def expires_at(now: datetime, *, stop: datetime) -> datetime | None:
    """Until when an offer made now can be answered: half an hour, less near the stop.

    None when nobody could answer in what is left.
    """
    until = min(now + OPEN_FOR, stop)
    return until if until - now >= SHORTEST else None
