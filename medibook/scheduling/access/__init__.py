"""The rows of time: hours and absences, holds, and the one table of busy time."""

from medibook.scheduling.access.agenda import absences, stretches_of
from medibook.scheduling.access.busy import (
    Taken,
    hand_over,
    occupy,
    patients_time,
    taken,
    vacate,
)
from medibook.scheduling.access.holds import (
    add_hold,
    end_hold,
    ended_holds,
    extend_hold,
    find_hold,
    first_held_at,
    forget_old_holds,
    live_holds,
    offered_holds,
)
from medibook.scheduling.access.hours import (
    add_time_off,
    booking_mode,
    booking_modes,
    change_mode,
    hours_of,
    remove_time_off,
    replace_hours,
    rise,
    time_off_of,
    version_of,
    weekly_hours,
)
from medibook.scheduling.access.open_hours import OpenHours, open_hours

__all__ = [
    "OpenHours",
    "Taken",
    "absences",
    "add_hold",
    "add_time_off",
    "booking_mode",
    "booking_modes",
    "change_mode",
    "end_hold",
    "ended_holds",
    "extend_hold",
    "find_hold",
    "first_held_at",
    "forget_old_holds",
    "hand_over",
    "hours_of",
    "live_holds",
    "occupy",
    "offered_holds",
    "open_hours",
    "patients_time",
    "remove_time_off",
    "replace_hours",
    "rise",
    "stretches_of",
    "taken",
    "time_off_of",
    "vacate",
    "version_of",
    "weekly_hours",
]
