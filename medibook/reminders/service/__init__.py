"""The stories of reminders: planned with the booking, written ahead, taken back with a change."""

from medibook.reminders.service.following import plan_reminders, take_reminders_back
from medibook.reminders.service.truth import ABOUT_VISITS, still_true_together
from medibook.reminders.service.writing import write_reminders

__all__ = [
    "ABOUT_VISITS",
    "plan_reminders",
    "still_true_together",
    "take_reminders_back",
    "write_reminders",
]
