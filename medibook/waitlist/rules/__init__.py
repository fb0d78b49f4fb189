"""Whom a freed time is offered to, and until when; what one may wait for; how the list says no."""

from medibook.waitlist.rules.choosing import (
    Candidate,
    Choice,
    Freed,
    Opening,
    Passed,
    choose,
    rank,
    suits,
)
from medibook.waitlist.rules.hours import (
    LAPSE_WITHIN,
    OPEN_FOR,
    QUIET_FROM,
    QUIET_UNTIL,
    STOPS_BEFORE,
    expires_at,
    quiet_until,
    stops_at,
)
from medibook.waitlist.rules.refusals import (
    AlreadyWaiting,
    DoesNotFit,
    NotWaiting,
    OfferAnswered,
    OfferOver,
    TooManyEntries,
)
from medibook.waitlist.rules.wishes import MOST_ENTRIES, Wish, checked

__all__ = [
    "LAPSE_WITHIN",
    "MOST_ENTRIES",
    "OPEN_FOR",
    "QUIET_FROM",
    "QUIET_UNTIL",
    "STOPS_BEFORE",
    "AlreadyWaiting",
    "Candidate",
    "Choice",
    "DoesNotFit",
    "Freed",
    "NotWaiting",
    "OfferAnswered",
    "OfferOver",
    "Opening",
    "Passed",
    "TooManyEntries",
    "Wish",
    "checked",
    "choose",
    "expires_at",
    "quiet_until",
    "rank",
    "stops_at",
    "suits",
]
