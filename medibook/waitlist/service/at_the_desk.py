"""What the front desk may do with the list: another priority, take somebody off, give out of turn."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from medibook.kernel.actor import staff
from medibook.kernel.errors import Invalid
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.kernel.words import N_
from medibook.people.rules.fields import one_line
from medibook.waitlist import rules
from medibook.waitlist.access import entries, offers, rounds
from medibook.waitlist.events import WaitlistReordered
from medibook.waitlist.schemas import EntryState, OfferState, Priority
from medibook.waitlist.service.answering import take_off
from medibook.waitlist.service.ground import ground_of
from medibook.waitlist.service.promoting import close_all, make_offer

_LONGEST_REASON: Final = 200


@use_case(allow=staff)
def change_priority(
    uow: UnitOfWork, *, entry_id: UUID, priority: Priority | int, reason: str
) -> None:
    """Let somebody go before others, or no longer; what is offered already stays offered.

    Raises:
        NotWaiting: the entry is closed. NotFound. Invalid: no reason, or none of the three priorities.
    """
    because = _needed_reason(reason)
    try:
        chosen = Priority(priority)
    except ValueError:
        raise Invalid({"priority": N_("Choose one of the three priorities.")}) from None
    entry = entries.find(uow, entry_id, to_change=True)
    if entry.state is not EntryState.WAITING:
        raise rules.NotWaiting
    entries.reorder(uow, entry, priority=chosen, reason=because)
    uow.audit("waitlist_entry", entry.id, patient_id=entry.patient_id, reason=because)
    uow.record(WaitlistReordered(entry.id, entry.patient_id))


@use_case(allow=staff)
def remove_from_waitlist(uow: UnitOfWork, *, entry_id: UUID, reason: str) -> None:
    """Take somebody off the list, for a reason; twice does no harm. Raises NotFound, Invalid."""
    take_off(uow, entry_id, EntryState.REMOVED, reason=_needed_reason(reason))


@use_case(allow=staff)
def give_out_of_turn(uow: UnitOfWork, *, offer_id: UUID, entry_id: UUID, reason: str) -> None:
    """Offer the time that somebody considers to another in line instead, for a reason.

    The other still answers, or the front desk answers for them; whoever had it keeps their place. The
    days and hours that the other has wished for do not bind: the front desk has asked.

    Raises:
        OfferOver: the offer is no longer open. NotWaiting: the other waits no longer.
        DoesNotFit: their visit cannot be there. NotFound. Invalid: no reason.
    """
    because = _needed_reason(reason)
    uow.lock(offers.find(uow, offer_id).practitioner_id)
    offer = offers.find(uow, offer_id, to_change=True)
    if offer.state is not OfferState.OPEN or offer.expires_at <= uow.now:
        raise rules.OfferOver
    entry = entries.find(uow, entry_id, to_change=True)
    if entry.state is not EntryState.WAITING or entry.id == offer.entry_id:
        raise rules.NotWaiting
    close_all(uow, offer.round_id, OfferState.OVERRIDDEN, because=because)
    row = rounds.find(uow, offer.round_id, to_change=True)
    ground = ground_of(uow, row.practitioner_id, Interval(row.starts_at, row.ends_at))
    candidate = next((c for c in ground.candidates if c.entry_id == entry.id), None)
    openings = ground.freed.openings.get(candidate.service_id, ()) if candidate else ()
    for opening in sorted(openings, key=lambda o: abs(o.starts_at - offer.starts_at)):
        stop = rules.stops_at(opening.starts_at, timedelta(0))
        until = rules.expires_at(uow.now, stop=stop)
        if candidate and until and make_offer(
            uow, row.id, row.practitioner_id, candidate, opening, until=until,
            override_reason=because,
        ):  # fmt: skip
            uow.audit("waitlist_entry", entry.id, patient_id=entry.patient_id, reason=because)
            return
    raise rules.DoesNotFit


def _needed_reason(text: str) -> str:
    tidy = one_line(text)
    if not tidy or len(tidy) > _LONGEST_REASON:
        raise Invalid({"reason": N_("Give a reason of up to 200 characters.")})
    return tidy
