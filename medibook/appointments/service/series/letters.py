"""What a message about a whole series says: the times under their places; no name, no reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments.events import SeriesBooked, SeriesCancelled, SeriesChanged, SeriesFact
from medibook.appointments.schemas import AppointmentCard
from medibook.appointments.service.where import where
from medibook.kernel.use_case import UnitOfWork
from medibook.kernel.words import N_
from medibook.notifications.rules import first_that_fits, short_names
from medibook.people.schemas import Person
from medibook.people.schemas.reach import Recipient
from medibook.ui.i18n import Translator, translator


@dataclass(frozen=True, slots=True)
class Letter:
    """A message about a series before it is written: of what kind, and about which fact.

    ``instead_of`` are the facts of messages that it replaces: by which channels those have left, it
    is not told again.
    """

    kind: type[SeriesFact]
    series_id: UUID
    fact_id: UUID
    instead_of: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Words:
    """What one kind of fact is told with, to the patient and to the practitioner."""

    kind: str
    subject: str
    first: str
    to_practitioner: str


WORDS: dict[type[SeriesFact], Words] = {
    SeriesBooked: Words(
        "series-booked",
        N_("Your visits are booked"),
        N_("Your visits at {clinic} are booked:"),
        N_("These times with you have been booked for one patient:"),
    ),
    SeriesChanged: Words(
        "series-moved",
        N_("Your visits have moved"),
        N_("Visits of yours at {clinic} have new times:"),
        N_("Visits of one patient have moved to these times with you:"),
    ),
    SeriesCancelled: Words(
        "series-cancelled",
        N_("Your visits are cancelled"),
        N_("These visits of yours at {clinic} are cancelled:"),
        N_("These visits with you are cancelled; the times are free again:"),
    ),
}
FOR_PRACTITIONER = {
    SeriesBooked: N_("New visits"),
    SeriesChanged: N_("Visits have moved"),
    SeriesCancelled: N_("Visits are cancelled"),
}


def body_for_patient(
    uow: UnitOfWork, whom: Recipient, letter: Letter, visits: Sequence[AppointmentCard]
) -> str:
    """What a patient reads, or whoever is told of their visits."""
    _ = translator(whom.locale)
    first = _(WORDS[letter.kind].first, clinic=uow.settings.clinic_name)
    last = _("To move or cancel them, please call us: {phone}", phone=uow.settings.clinic_phone)
    if whom.user_id is not None:
        link = f"{uow.settings.origin}{_.href(f'/series/?id={letter.series_id}')}"
        last = _("See, move or cancel them here:\n{link}", link=link)
    return "\n\n".join([first, *_list(visits, _, for_clinic=False), last])


def body_for_practitioner(
    uow: UnitOfWork, person: Person, letter: Letter, theirs: Sequence[AppointmentCard]
) -> str:
    """What a practitioner reads of visits of theirs."""
    _ = translator(person.locale)
    day = theirs[0].starts_at.astimezone(ZoneInfo(theirs[0].zone)).date()
    last = _("See it here:\n{link}", link=f"{uow.settings.origin}{_.href(f'/day/?on={day}')}")
    first = _(WORDS[letter.kind].to_practitioner)
    return "\n\n".join([first, *_list(theirs, _, for_clinic=True), last])


def short(uow: UnitOfWork, subject: str, visits: Sequence[AppointmentCard], _: Translator) -> str:
    """The same in one SMS: every time, the first of them and how many more, or none of them."""
    clinic = uow.settings.clinic_name
    times = [_.moment(visit.starts_at, ZoneInfo(visit.zone)) for visit in visits]
    said = [", ".join(times)]
    if times[1:]:
        more = _.plural("{when} and {count} more", "{when} and {count} more", len(times) - 1,
                        when=times[0])  # fmt: skip
        said.append(more)
    texts = [f"{clinic}: {subject}: {each}" for each in said]
    return first_that_fits([*texts, *(f"{name}: {subject}" for name in short_names(clinic))])


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
