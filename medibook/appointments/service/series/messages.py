"""One message for a whole series, with one calendar file; never one for each visit.

The visits are read again first: those that a later change of the series concerns are left to the
message about that one. What the clinic changes waits for the grace, as with a single visit.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from medibook.appointments import access
from medibook.appointments.events import SeriesCancelled, SeriesChanged, SeriesFact
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.service.calendar import FILE_NAME, calendar_of_all
from medibook.appointments.service.cards import cards
from medibook.appointments.service.grace import after_grace, is_just_taken_back
from medibook.appointments.service.series.letters import (
    FOR_PRACTITIONER,
    WORDS,
    Letter,
    body_for_patient,
    body_for_practitioner,
    short,
)
from medibook.appointments.service.truth import about_series_visit
from medibook.kernel.actor import Role
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import service as notifications
from medibook.notifications.schemas import About, Channel, NewMessage, Topic
from medibook.people import service as people
from medibook.people.schemas import Person
from medibook.people.schemas.reach import Recipient
from medibook.ui.i18n import translator

ABOUT_SERIES: Final = "series"
Visits = Sequence[AppointmentCard]


def concerned(uow: UnitOfWork, fact: SeriesFact) -> Visits:
    """The visits that this change concerned, as they are now; after another change: none of its kind."""
    together = access.changed_together(uow, fact.series_id, fact.version)
    return as_told(type(fact), cards(uow, [visit for visit, _ in together]))


def as_told(kind: type[SeriesFact], visits: Visits) -> Visits:
    """Those of which a message of this kind is true: cancelled, or else not."""
    is_off = kind is SeriesCancelled
    return [visit for visit in visits if (visit.status is AppointmentStatus.CANCELLED) is is_off]


def leaves_at(uow: UnitOfWork, kind: type[SeriesFact], visits: Visits) -> datetime | None:
    """When a change of these visits is told to the patient; None: at once, as what they did themselves."""
    if kind not in (SeriesChanged, SeriesCancelled):
        return None
    times = [visit.starts_at for visit in visits]
    for visit in visits:
        change = access.change_of(uow, visit.appointment_id, visit.version)
        if change is None or change.by_role == Role.PATIENT.value:
            return None
        times += [change.from_start] if change.from_start else []
    return after_grace(uow, visits[0].service_id, times)


def tell_patient(
    uow: UnitOfWork,
    letter: Letter,
    visits: Visits,
    *,
    send_at: datetime | None,
    only: Collection[tuple[UUID | None, str]] | None = None,
) -> None:
    """Tell everybody who is told of this patient's visits; ``only`` those, as (account, address)."""
    words = WORDS[letter.kind]
    for whom in people.recipients(uow, visits[0].patient_id):
        ways = {(whom.user_id, whom.email), (whom.user_id, whom.phone)}
        if only is not None and not ways & set(only):
            continue
        if send_at is not None and _knows_already(uow, letter, visits, whom):
            continue
        _ = translator(whom.locale)
        subject = _(words.subject)
        file = calendar_of_all(uow, visits, _)
        sms = short(uow, subject, visits, _)
        text = subject, body_for_patient(uow, whom, letter, visits), sms
        _send(uow, whom, letter, visits, text, file=file, send_at=send_at)


def tell_practitioners(
    uow: UnitOfWork, letter: Letter, visits: Visits, *, only: Collection[UUID] | None = None
) -> None:
    """Tell each practitioner concerned what somebody else has done; ``only`` these accounts."""
    for key, profile in people.practitioners(uow, {v.practitioner_id for v in visits}).items():
        theirs = [visit for visit in visits if visit.practitioner_id == key]
        by = access.changed_by(uow, theirs[0].appointment_id, theirs[0].version)
        if by == profile.user_id or (only is not None and profile.user_id not in only):
            continue  # they did it themselves
        person = people.person(uow, profile.user_id)
        _ = translator(person.locale)
        subject = _(FOR_PRACTITIONER[letter.kind])
        text = subject, body_for_practitioner(uow, person, letter, theirs), ""
        _send(uow, person, letter, theirs, text)


def _knows_already(uow: UnitOfWork, letter: Letter, visits: Visits, whom: Recipient) -> bool:
    """Whether somebody was last told of these visits as they are again, and of nothing in between."""
    if letter.kind is not SeriesChanged:
        return False
    if not all(is_just_taken_back(uow, visit) for visit in visits):
        return False
    told = notifications.last_told(
        uow,
        about_kind=ABOUT_SERIES,
        about_id=letter.series_id,
        recipient_id=whom.user_id,
        to=whom.email,
    )
    return told == _mark_of(visits)


def _mark_of(visits: Visits) -> str:
    """The truth about all of these visits, in one."""
    marks = sorted(f"{v.appointment_id}{about_series_visit(v).mark}" for v in visits)
    return sha256("\n".join(marks).encode()).hexdigest()[:32]


def _send(
    uow: UnitOfWork,
    whom: Person | Recipient,
    letter: Letter,
    visits: Visits,
    text: tuple[str, str, str],
    *,
    file: str = "",
    send_at: datetime | None = None,
) -> None:
    subject, body, sms = text
    about = About(
        kind=ABOUT_SERIES,
        about_id=letter.series_id,
        mark=_mark_of(visits),
        patient_id=visits[0].patient_id,
    )
    notifications.tell(
        uow,
        NewMessage(
            fact_id=letter.fact_id,
            kind=WORDS[letter.kind].kind,
            recipient_id=whom.user_id,
            to=whom.email,
            subject=subject,
            body=body,
            attachment_name=FILE_NAME if file else "",
            attachment=file,
            locale=whom.locale,
            topic=Topic.VISITS,
            about=about,
            names=tuple(map(about_series_visit, visits)),
            send_at=send_at,
            zone=visits[0].zone,
            phone=_phone_of(whom),
            sms=sms,
            but_not=_told_already(uow, letter, whom),
        ),
    )


def _phone_of(whom: Person | Recipient) -> str:
    return whom.phone if isinstance(whom, Recipient) else ""


def _told_already(uow: UnitOfWork, letter: Letter, whom: Person | Recipient) -> frozenset[Channel]:
    """By which ways what this letter takes the place of has gone to the very same person."""
    addresses = {whom.email, _phone_of(whom)} - {""}
    return notifications.channels_gone(
        uow, letter.instead_of, recipient_id=whom.user_id, addresses=addresses
    )
