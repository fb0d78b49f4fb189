"""What a clinic may say about itself, and how it says no."""

from medibook.clinic.rules.offers import (
    FIRST_MINUTES,
    FIRST_SERVICE,
    LONGEST_MINUTES,
    LONGEST_NAME,
    LastService,
    ServiceNotOffered,
    problems_of_offer,
)

__all__ = [
    "FIRST_MINUTES",
    "FIRST_SERVICE",
    "LONGEST_MINUTES",
    "LONGEST_NAME",
    "LastService",
    "ServiceNotOffered",
    "problems_of_offer",
]
