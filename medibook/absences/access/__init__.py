"""Plans and cases: who finds which. Absent and forbidden look alike: both are NotFound."""

from medibook.absences.access.cases import (
    add_alternative,
    add_case,
    alternatives_of,
    case_of_visit,
    cases_of,
    due_cases,
    find_case,
    last_case_of_visit,
    lock_case,
    states,
    visits_in_doubt,
)
from medibook.absences.access.plans import (
    add_plan,
    find_plan,
    lock_plan,
    overlapping,
    running_plans,
    write_down,
)

__all__ = [
    "add_alternative",
    "add_case",
    "add_plan",
    "alternatives_of",
    "case_of_visit",
    "cases_of",
    "due_cases",
    "find_case",
    "find_plan",
    "last_case_of_visit",
    "lock_case",
    "lock_plan",
    "overlapping",
    "running_plans",
    "states",
    "visits_in_doubt",
    "write_down",
]
