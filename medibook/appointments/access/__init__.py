"""Visits and series of visits: who finds which. Absent and forbidden look alike: both are NotFound."""

from medibook.appointments.access.closed import within_closures
from medibook.appointments.access.history import changed_by, last_change
from medibook.appointments.access.keys import of_key, remember_key
from medibook.appointments.access.open_visits import open_visits
from medibook.appointments.access.requests import (
    AskedTime,
    answer_to,
    answered_since,
    asked_for,
    kept_before,
    proposed,
)
from medibook.appointments.access.series import (
    add_series,
    changed_together,
    find_series,
    has_been_seen_by,
    of_series_key,
    place_in_series,
    place_of,
    places_taken,
    touch_place,
    visits_of_series,
)
from medibook.appointments.access.sheets import (
    arrivals,
    count_on_day,
    drawn_of_practitioner,
    drawn_on_day,
    starts_of,
)
from medibook.appointments.access.standing import booked_between, standing
from medibook.appointments.access.visits import (
    Action,
    add,
    between,
    count_open,
    find,
    lapsed,
    marks,
    of_patient,
    of_practitioner,
    pending,
    these,
    visible,
    write_history,
)

__all__ = [
    "Action",
    "AskedTime",
    "add",
    "add_series",
    "answer_to",
    "answered_since",
    "arrivals",
    "asked_for",
    "between",
    "booked_between",
    "changed_by",
    "changed_together",
    "count_on_day",
    "count_open",
    "drawn_of_practitioner",
    "drawn_on_day",
    "find",
    "find_series",
    "has_been_seen_by",
    "kept_before",
    "lapsed",
    "last_change",
    "marks",
    "of_key",
    "of_patient",
    "of_practitioner",
    "of_series_key",
    "open_visits",
    "pending",
    "place_in_series",
    "place_of",
    "places_taken",
    "proposed",
    "remember_key",
    "standing",
    "starts_of",
    "these",
    "touch_place",
    "visible",
    "visits_of_series",
    "within_closures",
    "write_history",
]
