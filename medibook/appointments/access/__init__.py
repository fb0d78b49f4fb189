"""Visits and series of visits: who finds which. Absent and forbidden look alike: both are NotFound."""

from medibook.appointments.access.visits import (
    Action,
    add,
    between,
    changed_by,
    count_open,
    find,
    find_again,
    lapsed,
    last_change,
    of_key,
    of_patient,
    of_practitioner,
    pending,
    remember_key,
    visible,
    write_history,
)

__all__ = [
    "Action",
    "add",
    "between",
    "changed_by",
    "count_open",
    "find",
    "find_again",
    "lapsed",
    "last_change",
    "of_key",
    "of_patient",
    "of_practitioner",
    "pending",
    "remember_key",
    "visible",
    "write_history",
]
