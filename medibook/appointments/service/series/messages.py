"""One message for a whole series, with one calendar file; never one for each visit.

The visits are read again first: those that a later change of the series concerns are left to the
message about that one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import access
from medibook.appointments.events import SeriesBooked, SeriesCancelled, SeriesChanged, SeriesFact
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.service.calendar import FILE_NAME, calendar_of_all
from medibook.appointments.service.cards import cards
from medibook.appointments.service.where import where
from medibook.kernel.actor import system_only
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.kernel.words import N_
from medibook.notifications.schemas import About, NewMessage, Topic
from medibook.notifications.service import tell
from medibook.people import service as people
from medibook.people.schemas import Person, Recipient
from medibook.ui.i18n import Translator, translator


@dataclass(frozen=True, slots=True)
class _Words:
    """What one kind of fact is told with, to the patient and to the practitioner."""

    kind: str
    subject: str
    first: str
    to_practitioner: str


_WORDS: dict[type[SeriesFact], _Words] = {
    SeriesBooked: _Words(
        "series-booked",
        N_("Your visits are booked"),
        N_("Your visits at {clinic} are booked:"),
        N_("These times with you have been booked for one patient:"),
    ),
    SeriesChanged: _Words(
        "series-moved",
        N_("Your visits have moved"),
        N_("Visits of yours at {clinic} have new times:"),
        N_("Visits of one patient have moved to these times with you:"),
    ),
    SeriesCancelled: _Words(
        "series-cancelled",
        N_("Your visits are cancelled"),
        N_("These visits of yours at {clinic} are cancelled:"),
        N_("These visits with you are cancelled; the times are free again:"),
    ),
}
_FOR_PRACTITIONER = {
    SeriesBooked: N_("New visits"),
    SeriesChanged: N_("Visits have moved"),
    SeriesCancelled: N_("Visits are cancelled"),
}


@use_case(allow=system_only)
def tell_patient_of_series(uow: UnitOfWork, *, fact: SeriesFact, fact_id: UUID) -> None:
    """Tell the patient what has become of their visits, all in one, with one calendar file."""
    visits = _concerned(uow, fact)
    if not visits:
        return
    words = _WORDS[type(fact)]
    for whom in people.recipients(uow, fact.patient_id):
        _ = translator(whom.locale)
        first = _(words.first, clinic=uow.settings.clinic_name)
        last = _what_next(uow, whom, fact, _)
        file = calendar_of_all(uow, visits, _)
        body = "\n\n".join([first, *_list(visits, _, for_clinic=False), last])
        _send(uow, whom, fact_id, (words.kind, _(words.subject), body), file, fact)


@use_case(allow=system_only)
def tell_practitioners_of_series(uow: UnitOfWork, *, fact: SeriesFact, fact_id: UUID) -> None:
    """Tell each practitioner concerned what somebody else has done to their days."""
    visits, words = _concerned(uow, fact), _WORDS[type(fact)]
    for key, profile in people.practitioners(uow, {v.practitioner_id for v in visits}).items():
        theirs = [visit for visit in visits if visit.practitioner_id == key]
        by = access.changed_by(uow, theirs[0].appointment_id, theirs[0].version)
        if by == profile.user_id:
            continue  # they did it themselves
        person = people.person(uow, profile.user_id)
        _ = translator(person.locale)
        day = theirs[0].starts_at.astimezone(ZoneInfo(theirs[0].zone)).date()
        link = f"{uow.settings.origin}{_.href(f'/day/?on={day}')}"
        last = _("See it here:\n{link}", link=link)
        body = "\n\n".join([_(words.to_practitioner), *_list(theirs, _, for_clinic=True), last])
        _send(uow, person, fact_id, (words.kind, _(_FOR_PRACTITIONER[type(fact)]), body), "", fact)


def _concerned(uow: UnitOfWork, fact: SeriesFact) -> Sequence[AppointmentCard]:
    """The visits that this change concerned, as they are now; after another change: none of its kind."""
    together = access.changed_together(uow, fact.series_id, fact.version)
    is_off = isinstance(fact, SeriesCancelled)
    return [
        card
        for card in cards(uow, [visit for visit, _ in together])
        if (card.status is AppointmentStatus.CANCELLED) is is_off
    ]


def _list(visits: Sequence[AppointmentCard], _: Translator, *, for_clinic: bool) -> list[str]:
    """The times, line by line, under each place where they are."""
    at = [where(_, visit, for_clinic=for_clinic).line for visit in visits]
    return [
        "\n".join(
            [
                place,
                *(
                    _("{date}, {time} ({city} time)", date=_.date(v.starts_at, zone),
                      time=_.time(v.starts_at, zone), city=_.zone_city(zone))
                    for v, its_place in zip(visits, at, strict=True)
                    if its_place == place
                    for zone in [ZoneInfo(v.zone)]
                ),
            ]
        )
        for place in dict.fromkeys(at)
    ]  # fmt: skip


def _what_next(uow: UnitOfWork, whom: Recipient, fact: SeriesFact, _: Translator) -> str:
    if whom.user_id is None:
        return _("To move or cancel them, please call us: {phone}", phone=uow.settings.clinic_phone)
    link = f"{uow.settings.origin}{_.href(f'/series/?id={fact.series_id}')}"
    return _("See, move or cancel them here:\n{link}", link=link)


def _send(
    uow: UnitOfWork,
    whom: Person | Recipient,
    fact_id: UUID,
    said: tuple[str, str, str],
    file: str,
    fact: SeriesFact,
) -> None:
    kind, subject, body = said
    tell(
        uow,
        NewMessage(
            fact_id=fact_id,
            kind=kind,
            recipient_id=whom.user_id,
            to=whom.email,
            subject=subject,
            body=body,
            attachment_name=FILE_NAME if file else "",
            attachment=file,
            locale=whom.locale,
            topic=Topic.VISITS,
            about=About(kind="series", about_id=fact.series_id, patient_id=fact.patient_id),
        ),
    )
