"""Who is told what about a visit, after it is committed.

A message carries time, place and a link; never who treats what, nor the reason for the visit. Each
visit is read again first: when it has changed since the fact, the later fact speaks.
"""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import access, events
from medibook.appointments.access import Action
from medibook.appointments.events import AppointmentFact
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.service.answer_ways import answer_way
from medibook.appointments.service.calendar import FILE_NAME, calendar_of
from medibook.appointments.service.cards import card
from medibook.appointments.service.grace import knows_already, leaves_at, take_back_overtaken
from medibook.appointments.service.message_words import (
    BACK_AGAIN,
    LASTS_OTHERWISE,
    MOVED_BY_THE_DESK,
    TAKEN_OVER,
    TO_PATIENT,
    TO_PRACTITIONER,
    WITH_A_COLLEAGUE,
    Words,
)
from medibook.appointments.service.series.telling import tell_the_rest_anew
from medibook.appointments.service.truth import about_visit
from medibook.appointments.service.where import where
from medibook.kernel.actor import system_only
from medibook.kernel.errors import NotFound
from medibook.kernel.facts import Fact
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.kernel.words import N_
from medibook.notifications.rules import first_that_fits
from medibook.notifications.schemas import NewMessage, Topic
from medibook.notifications.service import tell
from medibook.people import service as people
from medibook.people.schemas import Person
from medibook.people.schemas.reach import Recipient
from medibook.ui.i18n import Translator, translator

_INVITATIONS = {
    AppointmentStatus.CANCELLED: N_("See it here:\n{link}"),
    AppointmentStatus.PROPOSED: N_("Choose a time, or none of them, here:\n{link}"),
}
_ANSWER = N_("Say that you will come, move it or cancel it here:\n{link}")
_ANSWERS = {
    AppointmentStatus.PENDING: N_("Move or cancel it here:\n{link}"),
    AppointmentStatus.PROPOSED: _INVITATIONS[AppointmentStatus.PROPOSED],
}
_IN_THE_INBOX = (events.AppointmentRequested, events.OffersDeclined, events.OffersLapsed)


@use_case(allow=system_only)
def tell_patient(uow: UnitOfWork, *, fact: AppointmentFact, fact_id: UUID) -> None:
    """Tell the patient what has become of their visit, with a calendar file where it helps."""
    if isinstance(fact, events.AppointmentMoved | events.AppointmentCancelled):
        tell_the_rest_anew(uow, [fact.appointment_id], fact_id=fact_id)
    words, visit = TO_PATIENT.get(type(fact)), _still_so(uow, fact)
    if isinstance(fact, events.AppointmentMoved):
        words = _of_move(fact, visit)
    if words is None or visit is None:
        return
    take_back_overtaken(uow, visit)
    send_at = leaves_at(uow, fact, visit)
    for whom in people.recipients(uow, fact.patient_id):
        if knows_already(uow, fact, whom, visit):
            continue
        last = _before(fact, visit, translator(whom.locale)) + _what_next(uow, whom, visit)
        _send(uow, whom, words, visit, fact_id=fact_id, last=last, send_at=send_at)


@use_case(allow=system_only)
def tell_practitioner(uow: UnitOfWork, *, fact: AppointmentFact, fact_id: UUID) -> None:
    """Tell the practitioner what somebody else has done to their day."""
    words, visit = TO_PRACTITIONER.get(type(fact)), _still_so(uow, fact)
    if isinstance(fact, events.AppointmentMoved):
        words = _of_move_to_practitioner(fact)
    if isinstance(fact, events.AppointmentCancelled) and fact.while_away:
        return  # whoever is ill is not told of each visit that falls through
    if words is None or visit is None:
        return
    profile = people.practitioners(uow, [fact.practitioner_id])[fact.practitioner_id]
    if access.changed_by(uow, fact.appointment_id, fact.version) == profile.user_id:
        return  # they did it themselves
    person = people.person(uow, profile.user_id)
    _ = translator(person.locale)
    day = visit.starts_at.astimezone(ZoneInfo(visit.zone)).date()
    page = "/requests/" if isinstance(fact, _IN_THE_INBOX) else f"/day/?on={day}"
    last = _("See it here:\n{link}", link=f"{uow.settings.origin}{_.href(page)}")
    _send(uow, person, words, visit, fact_id=fact_id, last=last)


def _of_move(fact: events.AppointmentMoved, visit: AppointmentCard | None) -> Words | None:
    if not fact.is_told:
        return None  # the clinic tells this patient itself
    if fact.is_undone:
        return BACK_AGAIN
    stays = visit is not None and fact.moved_from == visit.starts_at
    if stays and fact.from_practitioner_id is not None:
        return WITH_A_COLLEAGUE
    return LASTS_OTHERWISE if stays else TO_PATIENT[type(fact)]


def _of_move_to_practitioner(fact: events.AppointmentMoved) -> Words:
    if fact.from_practitioner_id is not None:
        return TAKEN_OVER
    return TO_PRACTITIONER[type(fact)] if fact.moved_by_patient else MOVED_BY_THE_DESK


def _before(fact: Fact, visit: AppointmentCard, _: Translator) -> str:
    """When the visit was to be before it moved; nothing when it did not, or is back there."""
    if not isinstance(fact, events.AppointmentMoved) or fact.is_undone:
        return ""
    zone = ZoneInfo(visit.zone)
    was = f"{_.date(fact.moved_from, zone)}, {_.time(fact.moved_from, zone)}"
    if fact.moved_from == visit.starts_at:
        if fact.from_practitioner_id is not None:
            return ""
        length = visit.ends_at - visit.starts_at
        return _("It now takes {length}.", length=_.duration(length)) + "\n\n"
    return _("It was: {when}", when=was) + "\n\n"


def _what_next(uow: UnitOfWork, whom: Recipient, visit: AppointmentCard) -> str:
    """Where it goes on: the page of the visit, for whom has an account; and a link that needs none."""
    _ = translator(whom.locale)
    answer = answer_way(uow, whom, visit)
    if whom.user_id is None:
        if not answer:
            return _("Questions? Please call us: {phone}", phone=uow.settings.clinic_phone)
        return _(_ANSWERS.get(visit.status, _ANSWER), link=answer)
    link = f"{uow.settings.origin}{_.href(f'/visit/?id={visit.appointment_id}')}"
    said = _(_INVITATIONS.get(visit.status, N_("See, move or cancel it here:\n{link}")), link=link)
    if not answer:
        return said
    return f"{said}\n\n" + _("Or answer here without signing in:\n{link}", link=answer)


def _still_so(uow: UnitOfWork, fact: AppointmentFact) -> AppointmentCard | None:
    try:
        visit = access.find(uow, fact.appointment_id, to=Action.SEE)
    except NotFound:
        return None
    return card(uow, visit) if visit.version == fact.version else None


def _send(
    uow: UnitOfWork,
    whom: Person | Recipient,
    words: Words,
    visit: AppointmentCard,
    *,
    fact_id: UUID,
    last: str,
    send_at: datetime | None = None,
) -> None:
    _ = translator(whom.locale)
    subject, first = _(words.subject), _(words.first, clinic=uow.settings.clinic_name)
    short = _short(uow, subject, visit, _)  # read on a locked screen: nobody's name
    if isinstance(whom, Recipient) and not whom.is_patient:
        subject = _("For {name}: {subject}", name=visit.patient_name, subject=subject)
        first = _("This is about {name}.", name=visit.patient_name) + "\n\n" + first
    file = calendar_of(uow, visit, _) if words.has_file else ""
    tell(
        uow,
        NewMessage(
            fact_id=fact_id,
            kind=words.kind,
            recipient_id=whom.user_id,
            to=whom.email,
            subject=subject,
            body="\n\n".join([first, _when_and_where(whom, visit, _), last]),
            attachment_name=FILE_NAME if file else "",
            attachment=file,
            locale=whom.locale,
            topic=Topic.VISITS,
            about=about_visit(visit),
            zone=visit.zone,
            send_at=send_at,
            phone=whom.phone if isinstance(whom, Recipient) else "",
            sms=short,
        ),
    )


def _short(uow: UnitOfWork, subject: str, visit: AppointmentCard, _: Translator) -> str:
    """The same in one SMS; of several offered times only that there are some."""
    clinic = uow.settings.clinic_name
    zone = ZoneInfo(visit.zone)
    is_off = visit.status is AppointmentStatus.CANCELLED
    when = _.moment((is_off and visit.asked_for) or visit.starts_at, zone)
    reference = _("Reference: {reference}", reference=visit.reference)
    texts = [f"{clinic}: {subject}. {reference}"]
    if not visit.offers:
        at_place = f"{when}, {where(_, visit).name}"
        texts = [f"{clinic}: {subject}: {text}. {reference}" for text in (at_place, when)] + texts
    return first_that_fits(texts)


def _when_and_where(whom: Person | Recipient, visit: AppointmentCard, _: Translator) -> str:
    place = where(_, visit, for_clinic=isinstance(whom, Person)).line
    reference = _("Reference: {reference}", reference=visit.reference)
    return "\n".join([*_times(visit, _), place, reference])


def _times(visit: AppointmentCard, _: Translator) -> list[str]:
    """The time of a visit; of an offer all of its times, of one that came to nothing the one asked for."""
    zone = ZoneInfo(visit.zone)
    if visit.offers and visit.lapses_at is not None:
        times = [_moment(offer.starts_at, ZoneInfo(offer.zone), _) for offer in visit.offers]
        return [*times, _("Please answer by {when}.", when=_moment(visit.lapses_at, zone, _))]
    is_off = visit.status is AppointmentStatus.CANCELLED
    return [_moment((is_off and visit.asked_for) or visit.starts_at, zone, _)]


def _moment(at: datetime, zone: ZoneInfo, _: Translator) -> str:
    return _(
        "{date}, {time} ({city} time)",
        date=_.date(at, zone),
        time=_.time(at, zone),
        city=_.zone_city(zone),
    )
