"""Where a visit is, in the reader's words: at a place of the clinic, or by video and so at none.

A video visit keeps its location for the clock on its wall and for the hours of the practitioner;
nobody has to go there, so no patient is sent to its street.
"""

from dataclasses import dataclass

from medibook.appointments.rules import ACTIVE
from medibook.appointments.schemas import AppointmentCard, OfferedTime
from medibook.appointments.schemas.series import SeriesPreview
from medibook.ui.i18n import Translator


@dataclass(frozen=True, slots=True)
class Where:
    """What a list shows (``name``), and what somebody needs who is to be there (``more``)."""

    name: str
    more: str
    line: str


def where(
    _: Translator,
    visit: AppointmentCard | OfferedTime | SeriesPreview,
    *,
    for_clinic: bool = False,
) -> Where:
    """Say where a visit is; ``for_clinic``: to the clinic's people, who know how one joins."""
    name = place_name(_, visit.location_name, is_video=visit.is_video)
    if not visit.is_video:
        address = visit.location_address
        return Where(name, address, line=f"{name}, {address}" if address else name)
    is_off = isinstance(visit, AppointmentCard) and visit.status not in ACTIVE
    # MediBook makes no calls: the clinic has its own way, and says so itself.
    hint = "" if for_clinic or is_off else _("The clinic will tell you how to join.")
    return Where(name, hint, line=f"{name}. {hint}" if hint else name)


def place_name(_: Translator, location: str, *, is_video: bool) -> str:
    """What a visit's place is called in one word: its location, or that it is by video."""
    return _("By video") if is_video else location
