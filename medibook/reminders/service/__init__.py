"""The stories of reminders: of visits, planned with the booking and written ahead; and of the next visit."""

from medibook.reminders.service.follow_up_outcomes import note_outcomes
from medibook.reminders.service.follow_up_truth import ABOUT_FOLLOW_UP, follow_ups_still_true
from medibook.reminders.service.follow_up_words import where_to_book
from medibook.reminders.service.follow_up_writing import (
    due_follow_ups,
    put_follow_up_off,
    revive_follow_ups,
    settle_follow_ups,
    write_follow_up,
)
from medibook.reminders.service.follow_ups import (
    follow_up_sheet,
    follow_ups,
    my_follow_ups,
    restore_follow_up,
    set_follow_up,
    take_follow_up_back,
)
from medibook.reminders.service.following import plan_reminders, take_reminders_back
from medibook.reminders.service.truth import ABOUT_VISITS, still_true_together
from medibook.reminders.service.writing import write_reminders

__all__ = [
    "ABOUT_FOLLOW_UP",
    "ABOUT_VISITS",
    "due_follow_ups",
    "follow_up_sheet",
    "follow_ups",
    "follow_ups_still_true",
    "my_follow_ups",
    "note_outcomes",
    "plan_reminders",
    "put_follow_up_off",
    "restore_follow_up",
    "revive_follow_ups",
    "set_follow_up",
    "settle_follow_ups",
    "still_true_together",
    "take_follow_up_back",
    "take_reminders_back",
    "where_to_book",
    "write_follow_up",
    "write_reminders",
]
