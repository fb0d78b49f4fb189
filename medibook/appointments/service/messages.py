"""Who is told what about a visit, after it is committed.

A message carries time, place and a link; never who treats what, nor the reason for the visit. Each
visit is read again first: when it has changed since the fact, the later fact speaks.
"""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import access, events
from medibook.appointments.access import Action
from medibook.appointments.events import AppointmentFact
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.service.calendar import FILE_NAME, calendar_of
from medibook.appointments.service.cards import card
from medibook.kernel.actor import system_only
from medibook.kernel.errors import NotFound
from medibook.kernel.facts import Fact
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.kernel.words import N_
from medibook.notifications.schemas import NewMessage
from medibook.notifications.service import tell
from medibook.people import service as people
from medibook.people.schemas import Person, Recipient
from medibook.ui.i18n import Translator, translator


@dataclass(frozen=True, slots=True)
class _Words:
    """What one kind of fact is told with; ``has_file`` adds the calendar file."""

    kind: str
    subject: str
    first: str
    has_file: bool = False


_TO_PATIENT: dict[type[Fact], _Words] = {
    events.AppointmentBooked: _Words(
        "visit-booked",
        N_("Your visit is booked"),
        N_("Your visit at {clinic} is booked."),
        has_file=True,
    ),
    events.AppointmentRequested: _Words(
        "visit-requested",
        N_("We have your request"),
        N_("You have asked {clinic} for this time. We will write to you when it is confirmed."),
    ),
    events.AppointmentAccepted: _Words(
        "visit-accepted",
        N_("Your visit is confirmed"),
        N_("{clinic} has confirmed your visit."),
        has_file=True,
    ),
    events.AppointmentDeclined: _Words(
        "visit-declined",
        N_("Your request was declined"),
        N_("{clinic} cannot see you at this time. The reason stands on the page of your visit."),
    ),
    events.AppointmentLapsed: _Words(
        "visit-lapsed",
        N_("Your request was not answered"),
        N_(
            "Nobody at {clinic} has answered your request in time. We are sorry. Please choose again."
        ),
    ),
    events.AppointmentMoved: _Words(
        "visit-moved",
        N_("Your visit has moved"),
        N_("Your visit at {clinic} has a new time."),
        has_file=True,
    ),
    events.AppointmentCancelled: _Words(
        "visit-cancelled",
        N_("Your visit is cancelled"),
        N_("Your visit at {clinic} is cancelled."),
        has_file=True,
    ),
}
_LASTS_OTHERWISE = _Words(
    "visit-moved",
    N_("Your visit has another length"),
    N_("Your visit at {clinic} begins as agreed, and has another length."),
    has_file=True,
)
_BACK_AGAIN = _Words(
    "visit-moved",
    N_("Your visit is at its old time"),
    N_("Your visit at {clinic} is at its old time again. We are sorry for the confusion."),
    has_file=True,
)
_MOVED_BY_THE_DESK = _Words(
    "visit-moved",
    N_("A visit has moved"),
    N_("The front desk has moved a visit of yours to this time."),
)
_TO_PRACTITIONER: dict[type[Fact], _Words] = {
    events.AppointmentBooked: _Words(
        "new-visit", N_("A new visit"), N_("A patient has booked this time with you.")
    ),
    events.AppointmentRequested: _Words(
        "new-request",
        N_("A request awaits your answer"),
        N_("A patient has asked for this time with you. Please accept or decline."),
    ),
    events.AppointmentLapsed: _Words(
        "request-lapsed",
        N_("A request has run out"),
        N_(
            "A request was not answered in time. The patient has been told; the time is free again."
        ),
    ),
    events.AppointmentMoved: _Words(
        "visit-moved", N_("A visit has moved"), N_("A patient has moved their visit to this time.")
    ),
    events.AppointmentCancelled: _Words(
        "visit-cancelled",
        N_("A visit is cancelled"),
        N_("This visit is cancelled; the time is free again."),
    ),
}


@use_case(allow=system_only)
def tell_patient(uow: UnitOfWork, *, fact: AppointmentFact, fact_id: UUID) -> None:
    """Tell the patient what has become of their visit, with a calendar file where it helps."""
    words, visit = _TO_PATIENT.get(type(fact)), _still_so(uow, fact)
    if isinstance(fact, events.AppointmentMoved):
        words = _of_move(fact, visit)
    if words is None or visit is None:
        return
    for whom in people.recipients(uow, fact.patient_id):
        last = _before(fact, visit, translator(whom.locale)) + _what_next(uow, whom, visit)
        _send(uow, whom, words, visit, fact_id=fact_id, last=last)


@use_case(allow=system_only)
def tell_practitioner(uow: UnitOfWork, *, fact: AppointmentFact, fact_id: UUID) -> None:
    """Tell the practitioner what somebody else has done to their day."""
    words, visit = _TO_PRACTITIONER.get(type(fact)), _still_so(uow, fact)
    if isinstance(fact, events.AppointmentMoved) and not fact.moved_by_patient:
        words = _MOVED_BY_THE_DESK
    if words is None or visit is None:
        return
    profile = people.practitioners(uow, [fact.practitioner_id])[fact.practitioner_id]
    if access.changed_by(uow, fact.appointment_id, fact.version) == profile.user_id:
        return  # they did it themselves
    person = people.person(uow, profile.user_id)
    _ = translator(person.locale)
    is_request = isinstance(fact, events.AppointmentRequested)
    day = visit.starts_at.astimezone(ZoneInfo(visit.zone)).date()
    page = "/requests/" if is_request else f"/day/?on={day}"
    last = _("See it here:\n{link}", link=f"{uow.settings.origin}{_.href(page)}")
    _send(uow, person, words, visit, fact_id=fact_id, last=last)


def _of_move(fact: events.AppointmentMoved, visit: AppointmentCard | None) -> _Words | None:
    if not fact.is_told:
        return None  # the clinic tells this patient itself
    if fact.is_undone:
        return _BACK_AGAIN
    stays = visit is not None and fact.moved_from == visit.starts_at
    return _LASTS_OTHERWISE if stays else _TO_PATIENT[type(fact)]


def _before(fact: Fact, visit: AppointmentCard, _: Translator) -> str:
    """When the visit was to be before it moved; nothing when it did not, or is back there."""
    if not isinstance(fact, events.AppointmentMoved) or fact.is_undone:
        return ""
    zone = ZoneInfo(visit.zone)
    was = f"{_.date(fact.moved_from, zone)}, {_.time(fact.moved_from, zone)}"
    if fact.moved_from == visit.starts_at:
        length = visit.ends_at - visit.starts_at
        return _("It now takes {length}.", length=_.duration(length)) + "\n\n"
    return _("It was: {when}", when=was) + "\n\n"


def _what_next(uow: UnitOfWork, whom: Recipient, visit: AppointmentCard) -> str:
    """Where it goes on: the page of the visit, which wants an account; without one, by telephone."""
    _ = translator(whom.locale)
    if whom.user_id is None:
        phone = uow.settings.clinic_phone
        return _("To move or cancel it, please call us: {phone}", phone=phone)
    link = f"{uow.settings.origin}{_.href(f'/visit/?id={visit.appointment_id}')}"
    over = visit.status is AppointmentStatus.CANCELLED
    said = N_("See it here:\n{link}") if over else N_("See, move or cancel it here:\n{link}")
    return _(said, link=link)


def _still_so(uow: UnitOfWork, fact: AppointmentFact) -> AppointmentCard | None:
    try:
        visit = access.find(uow, fact.appointment_id, to=Action.SEE)
    except NotFound:
        return None
    return card(uow, visit) if visit.version == fact.version else None


def _send(
    uow: UnitOfWork,
    whom: Person | Recipient,
    words: _Words,
    visit: AppointmentCard,
    *,
    fact_id: UUID,
    last: str,
) -> None:
    _ = translator(whom.locale)
    first = _(words.first, clinic=uow.settings.clinic_name)
    file = calendar_of(uow, visit, _) if words.has_file else ""
    tell(
        uow,
        NewMessage(
            fact_id=fact_id,
            kind=words.kind,
            recipient_id=whom.user_id,
            to=whom.email,
            subject=_(words.subject),
            body="\n\n".join([first, _when_and_where(visit, _), last]),
            attachment_name=FILE_NAME if file else "",
            attachment=file,
            locale=whom.locale,
        ),
    )


def _when_and_where(visit: AppointmentCard, _: Translator) -> str:
    zone = ZoneInfo(visit.zone)
    when = _(
        "{date}, {time} ({city} time)",
        date=_.date(visit.starts_at, zone),
        time=_.time(visit.starts_at, zone),
        city=_.zone_city(zone),
    )
    place = f"{visit.location_name}, {visit.location_address}"
    return "\n".join([when, place, _("Reference: {reference}", reference=visit.reference)])
