"""What a link opens, for whom, and what is done with it.

Two steps, as with a session: the token tells who acts, and then they act. The second step reads the
link again and asks again whether it is still theirs: between the two, a guardianship may have ended.
"""

from datetime import datetime, timedelta

from medibook.answers import rules
from medibook.answers.schemas import Action, Answer, OfferedTime, Said
from medibook.answers.service.opening import actor_behind, link_of, own_link, visit_of
from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentCard
from medibook.kernel.actor import Actor, anyone, patient
from medibook.kernel.errors import Conflict, NotFound
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.people import service as people

_HOUR = timedelta(hours=1)
_MOST_AN_HOUR = 30


@query(allow=anyone)
def whose_link(uow: UnitOfWork, *, token: str, client: str = "") -> tuple[Actor, str] | None:
    """Who acts by a link, judged at this instant, and the link's language; None: it opens nothing.

    Unknown, expired and taken away look alike. Each that opens nothing counts as an attempt with a
    secret from ``client``, an address. Raises TooManyAttempts: there were too many from there.
    """
    people.check_client(uow, client)
    try:
        link = link_of(uow, token)
        return actor_behind(uow, link), link.locale
    except NotFound:
        people.limit_client(uow, client)
        return None


@query(allow=patient)
def what_to_answer(uow: UnitOfWork, *, token: str) -> Answer | None:
    """What a link opens for whoever acts by it; None when it is nothing of theirs."""
    try:
        link = own_link(uow, token)
        visit = visit_of(uow, link)
    except NotFound:
        return None
    actions, is_late = rules.possible(visit, link.actions, uow.now)
    return Answer(
        first_name=rules.first_name(visit.patient_name),
        starts_at=visit.starts_at,
        zone=visit.zone,
        stand=rules.stand_of(visit, uow.now),
        actions=actions,
        is_late=is_late,
        times=tuple(
            OfferedTime(offer_id=each.offer_id, starts_at=each.starts_at, zone=each.zone)
            for each in (visit.offers if Action.TAKE in actions else ())
        ),
        answer_until=visit.lapses_at if Action.TAKE in actions else None,
    )


@use_case(allow=patient)
def answer_by_link(uow: UnitOfWork, *, token: str, action: Action, said: Said) -> None:
    """Do what a link allows, as the patient for whom it was made. Doing it twice does it once.

    Raises:
        NotFound: it does not open this, or not to this actor. Conflict: what was read has changed.
        And whatever the story itself refuses: too late, begun, taken by somebody else.
    """
    link = own_link(uow, token)
    if action.value not in link.actions:
        raise NotFound
    uow.limit("answer", str(link.link_id), times=_MOST_AN_HOUR, within=_HOUR)
    _carry_out(uow, visit_of(uow, link), action, said)
    about = link.about
    uow.audit(
        about.kind,
        about.about_id,
        patient_id=about.patient_id,
        reason=f"{action} by link {link.link_id}",
    )


def _carry_out(uow: UnitOfWork, visit: AppointmentCard, action: Action, said: Said) -> None:
    visit_id = visit.appointment_id
    match action:
        case Action.CONFIRM:
            appointments.confirm_appointment(
                uow, appointment_id=visit_id, starts_at=_seen(said.starts_at)
            )
        case Action.MOVE:
            appointments.move_to_time(
                uow, appointment_id=visit_id, starts_at=_seen(said.starts_at), to=_seen(said.to)
            )
        case Action.CANCEL:
            appointments.cancel_appointment(
                uow, appointment_id=visit_id, starts_at=_seen(said.starts_at)
            )
        case Action.TAKE:
            if said.offer_id is None:
                raise Conflict
            appointments.take_offered_time(uow, appointment_id=visit_id, offer_id=said.offer_id)
        case Action.DECLINE:
            appointments.decline_offers(uow, appointment_id=visit_id)
        case Action.LEAVE:
            raise NotFound


def _seen(claim: datetime | None) -> datetime:
    """The time that a form says its reader has seen; without one, it is no form of ours."""
    if claim is None:
        raise Conflict
    return claim
