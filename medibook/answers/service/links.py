"""What a link opens, for whom, and what is done with it.

Two steps, as with a session: the token tells who acts, and then they act. The second step reads the
link again and asks again whether it is still theirs: between the two, a guardianship may have ended.
"""

from datetime import timedelta

from medibook.absences import service as absences
from medibook.answers.schemas import Answer, Said
from medibook.answers.service import of_absences, of_offers, of_visits
from medibook.answers.service.opening import actor_behind, link_of, own_link
from medibook.appointments import service as appointments
from medibook.kernel.actor import Actor, anyone, patient
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.notifications.schemas import AnswerLink
from medibook.notifications.schemas.links import Action
from medibook.people import service as people
from medibook.waitlist import service as waitlist

# Who knows what a link of this kind is for.
_SUBJECTS = {
    appointments.ABOUT_VISIT: of_visits,
    waitlist.ABOUT_OFFER: of_offers,
    absences.ABOUT_CASE: of_absences,
}
_HOUR = timedelta(hours=1)
_MOST_AN_HOUR = 30


@query(allow=anyone)
def whose_link(uow: UnitOfWork, *, token: str, client: str = "") -> tuple[Actor, str] | None:
    """Who acts by a link, judged at this instant, and the link's language; None: it opens nothing.

    Unknown, expired and taken away look alike. Each that opens nothing is counted for ``client``, an
    address, apart from attempts to sign in. Raises TooManyAttempts: one more that opens nothing, and
    there were too many from there.
    """
    try:
        link = link_of(uow, token)
        return actor_behind(uow, link), link.locale
    except NotFound:
        people.limit_opening(uow, client)
        return None


@query(allow=patient)
def what_to_answer(uow: UnitOfWork, *, token: str) -> Answer | None:
    """What a link opens for whoever acts by it; None when it is nothing of theirs."""
    try:
        link = own_link(uow, token)
        subject = _SUBJECTS.get(link.about.kind)
        return subject.answer_of(uow, link) if subject else None
    except NotFound:
        return None


@use_case(allow=patient)
def answer_by_link(uow: UnitOfWork, *, token: str, action: Action, said: Said) -> None:
    """Do what a link allows, as the patient for whom it was made. Doing it twice does it once.

    Raises:
        NotFound: it does not open this, or not to this actor. Conflict: what was read has changed.
        And whatever the story itself refuses: too late, begun, taken by somebody else.
    """
    link = own_link(uow, token)
    # Before anything else: each refusal leaves a row that stays.
    uow.limit("answer", str(link.link_id), times=_MOST_AN_HOUR, within=_HOUR)
    if link.about.kind not in _SUBJECTS or action.value not in _allowed(uow, link):
        raise NotFound
    _SUBJECTS[link.about.kind].carry_out(uow, link, action, said)
    about = link.about
    uow.audit(
        about.kind,
        about.about_id,
        patient_id=about.patient_id,
        reason=f"{action} by link {link.link_id}",
    )


def _allowed(uow: UnitOfWork, link: AnswerLink) -> tuple[str, ...]:
    is_of_visit = link.about.kind == appointments.ABOUT_VISIT
    return of_visits.allowed(uow, link) if is_of_visit else link.actions
