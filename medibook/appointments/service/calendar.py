"""A visit as a calendar file: when and where, and nothing that a colleague over the shoulder may not see."""

import unicodedata
from collections.abc import Sequence
from uuid import UUID

from icalendar import Calendar, Event

from medibook.appointments import access
from medibook.appointments.access import Action
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.service.cards import card
from medibook.appointments.service.where import where
from medibook.kernel.actor import patient, practitioner
from medibook.kernel.use_case import UnitOfWork, query
from medibook.ui.i18n import Translator, translator

FILE_NAME = "visit.ics"
_BREAKS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_STATUS = {
    AppointmentStatus.PENDING: "TENTATIVE",
    AppointmentStatus.PROPOSED: "TENTATIVE",
    AppointmentStatus.CANCELLED: "CANCELLED",
}


@query(allow=patient | practitioner)
def calendar_file(uow: UnitOfWork, *, appointment_id: UUID) -> str:
    """The visit as iCalendar, for its patient or its practitioner. Raises NotFound."""
    visit = access.find(uow, appointment_id, to=Action.SEE)
    return calendar_of(uow, card(uow, visit), translator(uow.actor.locale))


def calendar_of(uow: UnitOfWork, visit: AppointmentCard, _: Translator) -> str:
    """One event that a later file replaces: the same UID for ever, a higher SEQUENCE each time."""
    return calendar_of_all(uow, [visit], _)


def calendar_of_all(uow: UnitOfWork, visits: Sequence[AppointmentCard], _: Translator) -> str:
    """One file with an event for each visit; each is the event that its own file would hold."""
    calendar = Calendar()
    calendar.add("prodid", "-//MediBook//MediBook//EN")
    calendar.add("version", "2.0")
    all_off = all(visit.status is AppointmentStatus.CANCELLED for visit in visits)
    calendar.add("method", "CANCEL" if all_off else "PUBLISH")
    for visit in visits:
        calendar.add_component(_event_of(uow, visit, _))
    return str(calendar.to_ical(), "utf-8")


def _event_of(uow: UnitOfWork, visit: AppointmentCard, _: Translator) -> Event:
    event = Event()
    event.add("uid", f"{visit.appointment_id}@medibook")
    event.add("sequence", visit.version)
    event.add("dtstamp", uow.now)
    event.add("dtstart", visit.starts_at)
    event.add("dtend", visit.ends_at)
    event.add("summary", _one_line(_("Appointment at {clinic}", clinic=uow.settings.clinic_name)))
    event.add("location", _one_line(where(_, visit, for_clinic=True).line))
    event.add("class", "PRIVATE")
    event.add("status", _STATUS.get(visit.status, "CONFIRMED"))
    event.add("url", f"{uow.settings.origin}{_.href(f'/visit/?id={visit.appointment_id}')}")
    return event


def _one_line(text: str) -> str:
    if text.isprintable():  # nearly always, and then there is none of them in it
        return text
    # A name with a line break in it must not become a property of its own (an attachment, an attendee).
    # Controls (Cc, Cf) and Unicode's own line and paragraph ends (Zl, Zp) become spaces.
    return "".join(" " if unicodedata.category(c) in _BREAKS else c for c in text)
