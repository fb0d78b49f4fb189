"""The look "Daybreak": which files make it, and the one table of words for a visit's status.

No Reflex in here: messages and documents use the same status words as the screens.
"""

from typing import NamedTuple

from medibook.kernel.words import N_
from medibook.ui.i18n import Translator

STYLESHEETS = [
    "/css/tokens.css",
    "/css/base.css",
    "/css/frame.css",
    "/css/controls.css",
    "/css/pieces.css",
    "/css/board.css",
    "/css/calendar.css",
    "/css/desk.css",
    "/css/inbox.css",
    "/css/series.css",
    "/css/find.css",
    "/css/clinic.css",
    "/css/modes.css",
]
# Pages without a script, as behind links in messages: their reader's device says whether it is night.
PLAIN_STYLESHEETS = ["/css/tokens.css", "/css/base.css", "/css/controls.css", "/css/answer.css"]
NIGHT_STYLESHEET = "/css/night.css"
SCRIPTS = [
    "/js/a11y.js",
    "/js/frame.js",
    "/js/dialog.js",
    "/js/board.js",
    "/js/calendar.js",
    "/js/visit.js",
    "/js/inbox.js",
    "/js/keys.js",
    "/js/desk.js",
    "/js/password.js",
    "/js/push.js",
]
# Only the text face: names can wait a moment, sentences cannot.
PRELOADED_FONTS = ["/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"]
ICONS = "/pictures/icons.svg"


class Status(NamedTuple):
    """How one FHIR status looks and sounds to a patient and to the clinic."""

    patient: str
    staff: str
    tone: str
    icon: str


_REQUESTED = Status(N_("Requested – waiting for the clinic"), N_("Request"), "amber", "clock")
_CANCELLED = Status(N_("Cancelled"), N_("Cancelled"), "slate", "x")

STATUSES: dict[str, Status] = {
    "proposed": Status(N_("Other times offered"), N_("Times offered"), "amber", "calendar-clock"),
    "pending": _REQUESTED,
    "booked": Status(N_("Booked"), N_("Booked"), "teal", "circle-check"),
    "arrived": Status(N_("We know you are here"), N_("Arrived"), "sky", "map-pin"),
    "checked-in": Status(
        N_("Checked in – please take a seat"), N_("Ready"), "sky-solid", "armchair"
    ),
    "in-progress": Status(N_("With the doctor"), N_("With doctor"), "plum", "stethoscope"),
    "fulfilled": Status(N_("Finished"), N_("Done"), "leaf", "check"),
    "cancelled": _CANCELLED,
    "cancelled-by-patient": Status(
        N_("Cancelled by you"), N_("Cancelled by patient"), "slate", "x"
    ),
    "cancelled-by-clinic": Status(
        N_("Cancelled by the clinic"), N_("Cancelled by clinic"), "slate", "x"
    ),
    "declined": Status(N_("Declined by the clinic"), N_("Declined"), "slate", "x"),
    "lapsed": Status(N_("Not answered in time"), N_("Lapsed"), "slate", "hourglass"),
    "noshow": Status(N_("Missed"), N_("No-show"), "coral", "user-x"),
    "waitlist": Status(N_("On the waiting list"), N_("Waitlist"), "amber-dashed", "list"),
    "entered-in-error": Status(N_("Removed"), N_("Entered in error"), "slate-struck", "eraser"),
}


def status_word(_: Translator, status: str, *, staff: bool = False) -> str:
    """What a status is called on the reader's side of the desk; unknown ones keep their code."""
    known = STATUSES.get(status)
    if known is None:
        return status
    return _(known.staff if staff else known.patient)
