"""The stories of the directory: finding somebody, who is in it, and that nobody is found too late."""

from medibook.directory.service.building import (
    astray_in_directory,
    enter,
    enter_into_directory,
    fill_directory,
    rebuild_directory,
)
from medibook.directory.service.facets import facets, filters
from medibook.directory.service.following import (
    list_anew,
    look_anew,
    look_at_everybody,
    look_at_freed_time,
    look_at_place,
    look_at_visit_type,
)
from medibook.directory.service.mending import (
    AT_ONCE,
    Late,
    late_bounds,
    raise_bounds,
    stale_bounds,
)
from medibook.directory.service.preferences import take_new_patients, takes_new_patients
from medibook.directory.service.profiles import profile
from medibook.directory.service.searching import search

__all__ = [
    "AT_ONCE",
    "Late",
    "astray_in_directory",
    "enter",
    "enter_into_directory",
    "facets",
    "fill_directory",
    "filters",
    "late_bounds",
    "list_anew",
    "look_anew",
    "look_at_everybody",
    "look_at_freed_time",
    "look_at_place",
    "look_at_visit_type",
    "profile",
    "raise_bounds",
    "rebuild_directory",
    "search",
    "stale_bounds",
    "take_new_patients",
    "takes_new_patients",
]
