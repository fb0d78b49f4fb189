"""The pure heart of scheduling: hours, policy and what is busy go in, free times come out."""

from medibook.scheduling.rules.hours import open_time
from medibook.scheduling.rules.plan import (
    BookingPolicy,
    ImpossibleHours,
    Plan,
    Reason,
    Slot,
    WeeklyHours,
)
from medibook.scheduling.rules.refusals import HoldGone, NotBookable, SlotTaken, TooFar, TooSoon
from medibook.scheduling.rules.slots import (
    all_reasons_against,
    free_slots,
    is_free,
    why_not_free,
)

__all__ = [
    "BookingPolicy",
    "HoldGone",
    "ImpossibleHours",
    "NotBookable",
    "Plan",
    "Reason",
    "Slot",
    "SlotTaken",
    "TooFar",
    "TooSoon",
    "WeeklyHours",
    "all_reasons_against",
    "free_slots",
    "is_free",
    "open_time",
    "why_not_free",
]
