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
from medibook.scheduling.rules.slots import (
    all_reasons_against,
    free_slots,
    is_free,
    why_not_free,
)

__all__ = [
    "BookingPolicy",
    "ImpossibleHours",
    "Plan",
    "Reason",
    "Slot",
    "WeeklyHours",
    "all_reasons_against",
    "free_slots",
    "is_free",
    "open_time",
    "why_not_free",
]
