"""What patients are told while a practitioner is away: no name of who treats, no reason, nothing twice."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.absences import access, rules
from medibook.absences.schemas import Alternative
from medibook.absences.service.cards import alternatives_for
from medibook.absences.tables import AbsenceCase
from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentCard
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import service as notifications
from medibook.notifications.rules import first_that_fits, short_names
from medibook.notifications.schemas import About, NewMessage, NotYet, Topic
from medibook.notifications.schemas.links import Action
from medibook.people import service as people
from medibook.people.schemas.reach import Recipient
from medibook.ui.i18n import N_, Translator, translator

ABOUT_CASE = "absence-case"
OFFER, CALL, STAYS = "absence-offer", "absence-call", "absence-stays"
ACTIONS = (Action.TAKE, Action.DECLINE)
_AWAY = "the doctor is away, and the patient has yet to answer"
_CHANGED = "answered or changed meanwhile"


def about_case(case: AbsenceCase) -> About:
    """The case as a message tells of it now: once it is answered, the message is no longer true."""
    return About(
        kind=ABOUT_CASE, about_id=case.id, mark=case.state.value, patient_id=case.patient_id
    )


def visit_still_so(uow: UnitOfWork, abouts: Sequence[About]) -> list[str]:
    """For each visit that a message speaks of: "" when it is as it says, else why not.

    While the clinic looks for another time, nobody is reminded of the old one. The reminder waits: the
    visit may stay after all.
    """
    said = appointments.still_true(uow, abouts)
    reminded = {about.about_id for about in abouts if about.topic is Topic.REMINDERS}
    in_doubt = access.visits_in_doubt(uow, reminded) if reminded else frozenset()
    return [
        reason or (NotYet(_AWAY) if _is_in_doubt(about, in_doubt) else "")
        for about, reason in zip(abouts, said, strict=True)
    ]


def _is_in_doubt(about: About, in_doubt: Collection[UUID]) -> bool:
    return about.topic is Topic.REMINDERS and about.about_id in in_doubt


def case_still_so(uow: UnitOfWork, abouts: Sequence[About]) -> list[str]:
    """For each case that a message speaks of: "" when it stands as it says, else why not."""
    now = access.states(uow, {about.about_id for about in abouts})
    return ["" if now.get(about.about_id, "") == about.mark else _CHANGED for about in abouts]


def tell_of_case(uow: UnitOfWork, case: AbsenceCase, visit: AppointmentCard) -> None:
    """Promise one message about a visit that cannot be, with the times that are kept instead.

    It waits for the grace, so that a plan that was a mistake can be taken back unheard.
    """
    kept = [each for each in alternatives_for(uow, [case]).get(case.id, ()) if each.is_open]
    for whom in people.recipients(uow, case.patient_id):
        _ = translator(whom.locale)
        link = _link(uow, case, whom) if kept else ""
        lines = [_first(_, uow, visit, whom), *_offered(_, uow, case, visit, kept, link)]
        _send(
            uow,
            case,
            whom,
            kind=OFFER if kept else CALL,
            subject=_subject(_, visit, whom, _("Your visit cannot take place")),
            body="\n\n".join(lines),
            sms=_short(_, uow, visit, link),
            zone=visit.zone,
        )


def tell_that_it_stays(
    uow: UnitOfWork,
    case: AbsenceCase,
    visit: AppointmentCard,
    *,
    to: frozenset[tuple[UUID | None, str]],
) -> None:
    """Tell those whom the first message may have reached that all stays as it was."""
    for whom in people.recipients(uow, case.patient_id):
        if not {(whom.user_id, whom.email), (whom.user_id, whom.phone)} & to:
            continue
        _ = translator(whom.locale)
        words = _(
            "The doctor is here after all. Your visit at {clinic} stays as it was. "
            "We are sorry for the confusion.",
            clinic=uow.settings.clinic_name,
        )
        _send(
            uow,
            case,
            whom,
            kind=STAYS,
            subject=_subject(_, visit, whom, _("Your visit stays as it was")),
            body="\n\n".join([words, _when(_, visit.starts_at, visit.zone)]),
            sms=words,
            zone=visit.zone,
            at_once=True,
        )


def _send(
    uow: UnitOfWork,
    case: AbsenceCase,
    whom: Recipient,
    *,
    kind: str,
    subject: str,
    body: str,
    sms: str,
    zone: str,
    at_once: bool = False,
) -> None:
    notifications.tell(
        uow,
        NewMessage(
            fact_id=case.id,
            kind=kind,
            recipient_id=whom.user_id,
            to=whom.email,
            subject=subject,
            body=body,
            locale=whom.locale,
            phone=whom.phone,
            sms=sms,
            topic=Topic.VISITS,
            about=about_case(case),
            names=(About(kind=appointments.ABOUT_VISIT, about_id=case.appointment_id),),
            send_at=uow.now if at_once else uow.now + rules.GRACE,
            zone=zone,
        ),
    )


def short_answer(uow: UnitOfWork, case: AbsenceCase, whom: Recipient) -> str:
    """What somebody reads in one SMS who speaks of the old visit while the clinic looks for another time."""
    _ = translator(whom.locale)
    visit = appointments.visits_by_id(uow, [case.appointment_id])[case.appointment_id]
    kept = [each for each in alternatives_for(uow, [case]).get(case.id, ()) if each.is_open]
    return _short(_, uow, visit, _link(uow, case, whom) if kept else "")


def _link(uow: UnitOfWork, case: AbsenceCase, whom: Recipient) -> str:
    until = max(case.was_at, case.lapses_at or case.was_at)
    return notifications.answer_link(
        uow,
        about=about_case(case),
        actions=ACTIONS,
        user_id=whom.user_id,
        locale=whom.locale,
        expires_at=until,
    )


def _subject(_: Translator, visit: AppointmentCard, whom: Recipient, words: str) -> str:
    if whom.is_patient:
        return words
    return _("For {name}: {subject}", name=visit.patient_name, subject=words)


def _first(_: Translator, uow: UnitOfWork, visit: AppointmentCard, whom: Recipient) -> str:
    words = _(
        "We are sorry: the doctor is away, so your visit at {clinic} cannot take place as planned.",
        clinic=uow.settings.clinic_name,
    )
    was = _("It was: {when}", when=_when(_, visit.starts_at, visit.zone))
    reference = _("Reference: {reference}", reference=visit.reference)
    about = [] if whom.is_patient else [_("This is about {name}.", name=visit.patient_name), ""]
    return "\n".join([*about, words, was, reference])


def _offered(
    _: Translator,
    uow: UnitOfWork,
    case: AbsenceCase,
    visit: AppointmentCard,
    kept: Sequence[Alternative],
    link: str,
) -> list[str]:
    """The times to choose from, until when, and where; without any, that one will hear from the clinic."""
    phone = uow.settings.clinic_phone
    if not kept or case.lapses_at is None:
        return [_("We will call you, or you can call us: {phone}", phone=phone)]
    times = [
        f"• {_when(_, one.starts_at, one.zone)}, {_(rules.KIND_WORDS[one.kind])}" for one in kept
    ]
    until = _when(_, case.lapses_at, visit.zone)
    return [
        "\n".join([_("These times are kept for you:"), *times]),
        _("Choose one, or none of them, by {when}:\n{link}", when=until, link=link),
        _(
            "Your visit is only cancelled once you have answered, or shortly before its time. "
            "You can also call us: {phone}",
            phone=phone,
        ),
    ]


def _short(_: Translator, uow: UnitOfWork, visit: AppointmentCard, link: str) -> str:
    """The same in one SMS: a long clinic's name is cut, and the link says what else there is."""
    when, clinic = _.moment(visit.starts_at, ZoneInfo(visit.zone)), uow.settings.clinic_name
    text = N_("{clinic}: your visit {when} cannot take place. Other times: {link}")
    if not link:
        text = N_("{clinic}: your visit {when} cannot take place. We will call you. {phone}")
    phone = uow.settings.clinic_phone
    return first_that_fits(
        [_(text, clinic=name, when=when, link=link, phone=phone) for name in short_names(clinic)]
    )


def _when(_: Translator, at: datetime, zone_name: str) -> str:
    zone = ZoneInfo(zone_name)
    return _(
        "{date}, {time} ({city} time)",
        date=_.date(at, zone),
        time=_.time(at, zone),
        city=_.zone_city(zone),
    )
