"""The main places of each role: the navigation at the top, and at the bottom of a phone.

A phone has room for five. What a role may only look at comes last.
"""

from dataclasses import dataclass
from typing import Final

from medibook.ui.i18n import N_


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation; ``counts``: it wears the number of what waits for the role."""

    label: str
    path: str
    icon: str
    counts: bool = False


_FIND = Place(N_("Find"), "/find/", "search")
# Admins change what the front desk reads there, and read the day that the front desk changes.
_CLINIC = Place(N_("Clinic"), "/admin/places/", "house")
_DESK = Place(N_("Desk"), "/desk/", "calendar-days")
_ACCOUNT = Place(N_("Account"), "/account/", "user")
PLACES: Final[dict[str, tuple[Place, ...]]] = {
    "patient": (
        _FIND,
        Place(N_("Visits"), "/visits/", "calendar-days"),
        Place(N_("Waiting list"), "/waitlist/", "hourglass"),
        _ACCOUNT,
    ),
    "practitioner": (
        Place(N_("Day"), "/day/", "calendar-days"),
        Place(N_("Calendar"), "/calendar/", "calendar-clock"),
        Place(N_("Requests"), "/requests/", "inbox", counts=True),
        Place(N_("Hours"), "/hours/", "clock"),
        Place(N_("Profile"), "/profile/", "user"),
    ),
    "applicant": (Place(N_("Profile"), "/profile/", "stethoscope"), _ACCOUNT),
    "staff": (
        _DESK,
        Place(N_("Arrivals"), "/desk/arrivals/", "armchair", counts=True),
        Place(N_("Book"), "/desk/book/", "plus"),
        _FIND,
        _CLINIC,
    ),
    "admin": (
        Place(N_("Doctors"), "/admin/doctors/", "stethoscope", counts=True),
        Place(N_("Accounts"), "/admin/accounts/", "users"),
        _CLINIC,
        _DESK,
        Place(N_("Promises"), "/admin/promises/", "mail"),
    ),
    "": (
        _FIND,
        Place(N_("Sign in"), "/sign-in/", "log-in"),
        Place(N_("Register"), "/register/", "user-plus"),
    ),
}
