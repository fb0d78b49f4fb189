"""Who is told what of a series, after it is committed; and what is told anew when some of it changes.

A message about a series names each of its visits. When one of them changes before the message has left,
the message is taken back, and whatever else it said is told anew: the change has its own message.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from medibook.appointments import access
from medibook.appointments.events import SeriesFact
from medibook.appointments.service.cards import cards
from medibook.appointments.service.grace import OVERTAKEN
from medibook.appointments.service.series.letters import WORDS, Letter
from medibook.appointments.service.series.messages import (
    as_told,
    concerned,
    leaves_at,
    tell_patient,
    tell_practitioners,
)
from medibook.appointments.service.truth import ABOUT_SERIES_VISIT
from medibook.kernel.actor import system_only
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.notifications import service as notifications
from medibook.notifications.schemas import TakenBack


@use_case(allow=system_only)
def tell_patient_of_series(uow: UnitOfWork, *, fact: SeriesFact, fact_id: UUID) -> None:
    """Tell the patient what has become of their visits, all in one, with one calendar file."""
    together = access.changed_together(uow, fact.series_id, fact.version)
    tell_the_rest_anew(uow, [visit.id for visit, _ in together], fact_id=fact_id)
    if visits := concerned(uow, fact):
        letter = Letter(type(fact), fact.series_id, fact_id)
        tell_patient(uow, letter, visits, send_at=leaves_at(uow, type(fact), visits))


@use_case(allow=system_only)
def tell_practitioners_of_series(uow: UnitOfWork, *, fact: SeriesFact, fact_id: UUID) -> None:
    """Tell each practitioner concerned what somebody else has done to their days."""
    if visits := concerned(uow, fact):
        tell_practitioners(uow, Letter(type(fact), fact.series_id, fact_id), visits)


def tell_the_rest_anew(uow: UnitOfWork, changed: Collection[UUID], *, fact_id: UUID) -> None:
    """Take back messages about a series that tell of these visits as they were; tell the rest again.

    ``fact_id`` is the fact that has changed them.
    """
    marks = {each: mark.in_series for each, mark in access.marks(uow, changed).items()}
    taken = notifications.take_back_naming(
        uow, kind=ABOUT_SERIES_VISIT, marks=marks, reason=OVERTAKEN
    )
    for kind, words in WORDS.items():
        of_kind = [each for each in taken if each.kind == words.kind]
        for rest in {each.names - set(changed) for each in of_kind}:
            those = [each for each in of_kind if each.names - set(changed) == rest]
            _tell_anew(uow, kind, rest, those, fact_id)


def _tell_anew(
    uow: UnitOfWork,
    kind: type[SeriesFact],
    rest: Collection[UUID],
    taken: Sequence[TakenBack],
    fact_id: UUID,
) -> None:
    rows = sorted(access.these(uow, rest), key=lambda row: (row.starts_at, row.id))
    visits = as_told(kind, cards(uow, rows))
    place = access.place_of(uow, visits[0].appointment_id) if visits else None
    if place is None:
        return
    letter = Letter(kind, place.series_id, fact_id, frozenset(each.fact_id for each in taken))
    only = {(each.recipient_id, each.to) for each in taken}
    tell_patient(uow, letter, visits, send_at=leaves_at(uow, kind, visits), only=only)
    accounts = {each.recipient_id for each in taken if each.recipient_id}
    tell_practitioners(uow, letter, visits, only=accounts)
