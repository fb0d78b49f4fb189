"""Asking some at once: the time is kept in the name of one of them, for all; the first to accept has it.

One hold is enough: it stands in everybody's way. Whoever has it in their name and answers no, or leaves,
hands it on to the next of those who were asked with them; only the last of them gives the time back.
"""

from typing import Any, Final
from uuid import UUID

from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling import service as scheduling
from medibook.scheduling.events import SlotFreed
from medibook.scheduling.schemas import SlotWish
from medibook.waitlist import rules
from medibook.waitlist.access import offers, rounds
from medibook.waitlist.events import WaitlistOfferClosed, WaitlistOffered
from medibook.waitlist.rules import Candidate, Choice, alongside, rank
from medibook.waitlist.schemas import OfferState
from medibook.waitlist.service.ground import Ground, with_facts

_BUSY: Final = "has something else then"
_OF_THE_FIRST: Final = (
    "round_id",
    "practitioner_id",
    "service_id",
    "location_id",
    "zone",
    "starts_at",
    "ends_at",
    "hold_id",
    "expires_at",
)


def ask_alongside(uow: UnitOfWork, round_id: UUID, ground: Ground, first: Choice) -> None:
    """Ask those next in line for the same time as well, as many as the clinic asks at once."""
    candidate = first.candidate
    policy = ground.policies.get(candidate.service_id) if candidate else None
    if candidate is None or policy is None or policy.waitlist_batch < 2:
        return
    (kept,) = offers.open_of_round(uow, round_id)
    after = [each for each in ground.candidates if rank(each) > rank(candidate)]
    known = with_facts(uow, ground, after)
    more = alongside(known, ground.freed, first, uow.now, most=policy.waitlist_batch - 1)
    asked = [each for each in more.asked if _ask(uow, kept, each)]
    rounds.add_passes(uow, round_id, more.passed)
    offers.note_asked_with(uow, round_id, 1 + len(asked))


def _ask(uow: UnitOfWork, kept: Any, candidate: Candidate) -> bool:  # noqa: ANN401 - a row of Core columns
    """Offer somebody what is kept in another's name; False when they consider another offer by now."""
    offer_id = uow.new_id()
    columns = {name: getattr(kept, name) for name in _OF_THE_FIRST} | {
        "id": offer_id,
        "entry_id": candidate.entry_id,
        "patient_id": candidate.patient_id,
        "priority": candidate.priority,
        "override_reason": "",
        "keeps": False,
    }
    if not offers.add(uow, columns):
        return False
    who = (candidate.entry_id, candidate.patient_id)
    uow.record(WaitlistOffered(*who, offer_id, kept.practitioner_id))
    return True


def be_first(uow: UnitOfWork, offer: Any) -> None:  # noqa: ANN401 - likewise
    """Let an offer be the one that is accepted: the others who were asked with it come too late.

    Raises OfferOver: whoever accepts has something else then.
    """
    others = [each for each in offers.open_of_round(uow, offer.round_id) if each.id != offer.id]
    for other in others:
        _close(uow, other, rules.ANOTHER_WAS_FIRST)
        if other.keeps:
            scheduling.let_kept_time_go(uow, other.id, silently=True)
    if not offer.keeps and not _keep_for(uow, offer):
        raise rules.OfferOver


def hand_on_what_is_kept(uow: UnitOfWork, closed: Any) -> bool:  # noqa: ANN401 - likewise
    """Let the time of an offer that has just been closed stay kept for those who were asked with it.

    False when there is nobody: then it is to be given back.
    """
    others = offers.open_of_round(uow, closed.round_id)
    if not closed.keeps:
        return bool(others)
    still = [each for each in others if each.expires_at > uow.now]
    if not still:
        return False
    scheduling.let_kept_time_go(uow, closed.id, silently=True)
    for other in still:
        if _keep_for(uow, other):
            return True
        _close(uow, other, _BUSY)
    uow.record(SlotFreed(closed.practitioner_id, closed.starts_at, closed.ends_at))
    return True


def _keep_for(uow: UnitOfWork, offer: Any) -> bool:  # noqa: ANN401 - likewise
    wish = SlotWish(
        practitioner_id=offer.practitioner_id,
        service_id=offer.service_id,
        starts_at=offer.starts_at,
    )
    until = offer.expires_at + rules.HOLD_OUTLIVES
    held = scheduling.keep_for_waiting(
        uow, wish=wish, patient_id=offer.patient_id, offer_id=offer.id, until=until
    )
    if held is not None:
        offers.let_keep(uow, offer.id, held.hold_id)
    return held is not None


def _close(uow: UnitOfWork, offer: Any, because: str) -> None:  # noqa: ANN401 - likewise
    offers.close(uow, offer.id, OfferState.WITHDRAWN, because=because)
    ids = (offer.entry_id, offer.patient_id, offer.id, offer.practitioner_id)
    uow.record(WaitlistOfferClosed(*ids, OfferState.WITHDRAWN.value))
