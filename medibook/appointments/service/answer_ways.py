"""The link in a message by which a visit is answered without signing in."""

from typing import Final

from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.service.truth import about_visit
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.schemas.links import Action
from medibook.notifications.service import answer_link
from medibook.people.schemas.reach import Recipient

_ACTIONS: Final = {
    AppointmentStatus.BOOKED: (Action.CONFIRM, Action.MOVE, Action.CANCEL),
    AppointmentStatus.PENDING: (Action.MOVE, Action.CANCEL),
    AppointmentStatus.PROPOSED: (Action.TAKE, Action.DECLINE),
}


def answer_way(uow: UnitOfWork, whom: Recipient, visit: AppointmentCard) -> str:
    """Make a link for this recipient, which ends with the visit; "" when there is nothing to answer."""
    actions = _ACTIONS.get(visit.status, ())
    ends = max([visit.starts_at, *(offer.starts_at for offer in visit.offers)])
    if not actions or ends <= uow.now:
        return ""
    return answer_link(
        uow,
        about=about_visit(visit),
        actions=actions,
        user_id=whom.user_id,
        locale=whom.locale,
        expires_at=ends,
    )
