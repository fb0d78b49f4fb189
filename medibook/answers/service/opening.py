"""From a token to its link, to who acts by it, to what it is for; anything that does not fit is NotFound."""

from typing import Final

from medibook.kernel.actor import Actor
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import service as notifications
from medibook.notifications.schemas import AnswerLink
from medibook.people import service as people

_LONGEST_TOKEN: Final = 200


def link_of(uow: UnitOfWork, token: str) -> AnswerLink:
    """The link of a token while it lasts. Raises NotFound."""
    if not 0 < len(token) <= _LONGEST_TOKEN:
        raise NotFound
    return notifications.open_link(uow, token)


def actor_behind(uow: UnitOfWork, link: AnswerLink) -> Actor:
    """Who acts by this link at this instant. Raises NotFound: nobody any more."""
    if link.about.patient_id is None:
        raise NotFound
    found = people.behind_link(
        uow,
        user_id=link.user_id,
        patient_id=link.about.patient_id,
        name=f"link {link.link_id}",
    )
    if found is None:
        raise NotFound
    return found


def own_link(uow: UnitOfWork, token: str) -> AnswerLink:
    """The link of this token, if it is the actor's at this instant. Raises NotFound."""
    link = link_of(uow, token)
    if actor_behind(uow, link) != uow.actor:
        raise NotFound
    return link
