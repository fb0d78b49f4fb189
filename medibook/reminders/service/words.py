"""What a reminder says: when, where, and how to answer; never why, or with whom."""

from collections.abc import Collection, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentCard
from medibook.appointments.service.where import where
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import service as notifications
from medibook.notifications.rules import first_that_fits
from medibook.notifications.schemas import About, Channel, NewMessage, Topic
from medibook.notifications.schemas.links import Action
from medibook.people.schemas.reach import Recipient
from medibook.reminders.rules import Due
from medibook.reminders.service.truth import ABOUT_VISITS
from medibook.ui.i18n import Translator, translator

KIND = "reminder"
ANSWERS = (Action.CONFIRM, Action.MOVE, Action.CANCEL)


def reminder(
    uow: UnitOfWork,
    whom: Recipient,
    visits: Sequence[AppointmentCard],
    due: Due,
    reminder_id: UUID,
    *,
    but_not: Collection[Channel],
) -> NewMessage:
    """The reminder of these visits, all of one patient and one day, for one person."""
    _ = translator(whom.locale)
    first = visits[0]
    zone = ZoneInfo(first.zone)
    when = _.moment(first.starts_at, zone) if len(visits) == 1 else _.day(first.starts_at, zone)
    subject = _.plural(
        "Reminder of your visit on {when}",
        "Reminder of your visits on {when}",
        len(visits),
        when=when,
    )
    if not whom.is_patient:
        subject = _("For {name}: {subject}", name=first.patient_name, subject=subject)
    return NewMessage(
        fact_id=reminder_id,
        kind=KIND,
        recipient_id=whom.user_id,
        to=whom.email,
        subject=subject[:200],
        body="\n\n".join(_paragraphs(uow, whom, visits, _)),
        locale=whom.locale,
        phone=whom.phone,
        sms=_sms(uow, visits, _),
        topic=Topic.REMINDERS,
        about=_about(visits, reminder_id),
        names=tuple(map(appointments.about_visit, visits)) if visits[1:] else (),
        send_at=due.at,
        useful_until=due.useful_until,
        zone=first.zone,
        but_not=frozenset(but_not),
    )


def _about(visits: Sequence[AppointmentCard], reminder_id: UUID) -> About:
    if len(visits) == 1:
        return appointments.about_visit(visits[0])
    return About(kind=ABOUT_VISITS, about_id=reminder_id, patient_id=visits[0].patient_id)


def _paragraphs(
    uow: UnitOfWork, whom: Recipient, visits: Sequence[AppointmentCard], _: Translator
) -> list[str]:
    said = []
    if not whom.is_patient:
        said.append(_("This is about {name}.", name=visits[0].patient_name))
    clinic = uow.settings.clinic_name
    said.append(
        _.plural(
            "This is a reminder of your visit at {clinic}.",
            "This is a reminder of your visits at {clinic}.",
            len(visits),
            clinic=clinic,
        )
    )
    for visit in visits:
        link = notifications.answer_link(
            uow,
            about=appointments.about_visit(visit),
            actions=ANSWERS,
            user_id=whom.user_id,
            locale=whom.locale,
            expires_at=visit.starts_at,
        )
        answer = _("Confirm, move or cancel it here:\n{link}", link=link)
        said.append("\n".join([*_lines(visit, _), answer]))
    said.append(_("Questions? Call us: {phone}", phone=uow.settings.clinic_phone))
    return said


def _lines(visit: AppointmentCard, _: Translator) -> list[str]:
    zone = ZoneInfo(visit.zone)
    return [
        _(
            "{date}, {time} ({city} time)",
            date=_.date(visit.starts_at, zone),
            time=_.time(visit.starts_at, zone),
            city=_.zone_city(zone),
        ),
        where(_, visit).line,
        _("Reference: {reference}", reference=visit.reference),
    ]


def _sms(uow: UnitOfWork, visits: Sequence[AppointmentCard], _: Translator) -> str:
    """As much as fits into one SMS, nobody's name in it: without the places first, then the clinic's."""
    clinic = uow.settings.clinic_name
    answer = _("Reply C to confirm, X to cancel, STOP to end all SMS.")
    if len(visits) == 1:
        zone = ZoneInfo(visits[0].zone)
        when = _.moment(visits[0].starts_at, zone)
        at_place = [f"{when}, {where(_, visits[0]).name}", when]
        times = [_("visit {when}.", when=text) for text in at_place]
    else:
        times = [_several(visits, _, with_place=True), _several(visits, _, with_place=False)]
    return first_that_fits([
        *(f"{clinic}: {text} {answer}" for text in times),
        f"{clinic[:40]}: {times[-1]} {answer}",
    ])  # fmt: skip


def _several(visits: Sequence[AppointmentCard], _: Translator, *, with_place: bool) -> str:
    zone = ZoneInfo(visits[0].zone)
    each = [
        _.time(visit.starts_at, ZoneInfo(visit.zone))
        + (f" {where(_, visit).name}" if with_place else "")
        for visit in visits
    ]
    return _("visits {day}: {times}.", day=_.day(visits[0].starts_at, zone), times=", ".join(each))
