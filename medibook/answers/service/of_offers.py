"""Links to offers of the waiting list: whether the time is still kept, and taking it, or not."""

from medibook.answers import rules
from medibook.answers.schemas import Answer, Said
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.schemas import AnswerLink
from medibook.notifications.schemas.links import Action
from medibook.waitlist import service as waitlist
from medibook.waitlist.schemas import OfferCard


def answer_of(uow: UnitOfWork, link: AnswerLink) -> Answer:
    """What the link shows. Raises NotFound, also when the offer is another patient's."""
    offer = _offer_of(uow, link)
    entry = next((e for e in waitlist.my_entries(uow) if e.entry_id == offer.entry_id), None)
    stand, actions = rules.offer_stands(offer, entry, link.actions, uow.now)
    return Answer(
        first_name=rules.first_name(offer.patient_name),
        starts_at=offer.starts_at,
        zone=offer.zone,
        stand=stand,
        actions=actions,
        answer_until=offer.expires_at if Action.TAKE in actions else None,
        is_shared=offer.asked_with > 1 and Action.TAKE in actions,
    )


def carry_out(uow: UnitOfWork, link: AnswerLink, action: Action, said: Said) -> None:  # noqa: ARG001 - as for visits
    """Do it; the offer's time never changes, so that nothing can have been read wrong."""
    offer = _offer_of(uow, link)
    match action:
        case Action.TAKE:
            waitlist.accept_offer(uow, offer_id=offer.offer_id)
        case Action.DECLINE:
            waitlist.decline_offer(uow, offer_id=offer.offer_id)
        case Action.LEAVE:
            waitlist.leave_waitlist(uow, entry_id=offer.entry_id)
        case Action.CONFIRM | Action.MOVE | Action.CANCEL:
            raise NotFound


def _offer_of(uow: UnitOfWork, link: AnswerLink) -> OfferCard:
    offer = waitlist.offer_of_waitlist(uow, offer_id=link.about.about_id)
    if offer.patient_id != link.about.patient_id:
        raise NotFound
    return offer
