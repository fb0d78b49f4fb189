"""The only place that turns plans of reminders into rows."""

from medibook.reminders.access.plans import (
    due,
    forget,
    look_again,
    named_by,
    named_with,
    note_reminder,
    of_visits,
    plan,
    told,
)

__all__ = [
    "due",
    "forget",
    "look_again",
    "named_by",
    "named_with",
    "note_reminder",
    "of_visits",
    "plan",
    "told",
]
