"""What becomes of an offer: accepted, declined, or taken back; and leaving the list."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from medibook.appointments import service as appointments
from medibook.appointments.events import AppointmentBooked
from medibook.kernel.actor import patient, staff, system_only
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.scheduling import service as scheduling
from medibook.scheduling.events import HoursChanged
from medibook.scheduling.rules import HoldGone
from medibook.waitlist import rules
from medibook.waitlist.access import entries, offers, rounds
from medibook.waitlist.events import WaitlistLeft, WaitlistOfferClosed
from medibook.waitlist.schemas import EntryState, OfferState, RoundState
from medibook.waitlist.service.batching import be_first
from medibook.waitlist.service.promoting import close_all, close_offer

_WESTERNMOST: Final = timedelta(hours=12)  # where a day ends last


@use_case(allow=patient | staff | system_only)
def accept_offer(uow: UnitOfWork, *, offer_id: UUID) -> UUID:
    """Book the offered time; a visit that it replaces goes in the same breath. Returns the visit.

    Accepting twice books once. The time that an exchange frees is offered on.

    Raises:
        OfferOver: it has run out, or was taken back. AnotherWasFirst: of some who were asked at
        once. OfferAnswered: it was declined before.
        NotFound: it is not theirs. NotBookable, ServiceNotOffered.
    """
    seen = offers.find(uow, offer_id)
    entry = entries.find(uow, seen.entry_id)
    if entry.replaces_id is not None:
        appointments.lock_visit(uow, entry.replaces_id)
    uow.lock(seen.patient_id)
    uow.lock(seen.practitioner_id)
    offer = offers.find(uow, offer_id, to_change=True)
    if offer.state is OfferState.ACCEPTED and offer.appointment_id is not None:
        return UUID(str(offer.appointment_id))
    _check_open(offer, now=uow.now)
    entry = entries.find(uow, seen.entry_id, to_change=True)
    booked_by = uow.actor.user_id or entry.created_by
    be_first(uow, offer)
    try:
        booked = appointments.book_kept_time(
            uow, offer_id=offer_id, booked_by=booked_by, instead_of=entry.replaces_id
        )
    except HoldGone as gone:
        raise rules.OfferOver from gone
    offers.close(uow, offer_id, OfferState.ACCEPTED, appointment_id=booked)
    entries.close(uow, entry, EntryState.BOOKED, appointment_id=booked)
    rounds.end(uow, offer.round_id, RoundState.REFILLED)
    uow.audit("appointment", booked, patient_id=offer.patient_id)
    ids = (offer.entry_id, offer.patient_id, offer_id, offer.practitioner_id)
    uow.record(WaitlistOfferClosed(*ids, OfferState.ACCEPTED.value))
    return booked


def _check_open(offer: Any, *, now: datetime) -> None:  # noqa: ANN401 - a row of Core columns
    """Raise when an offer cannot be taken, in words that say which of the reasons it is."""
    if offer.state is OfferState.DECLINED:
        raise rules.OfferAnswered
    if offer.closed_because == rules.ANOTHER_WAS_FIRST:
        raise rules.AnotherWasFirst
    if offer.state is not OfferState.OPEN or offer.expires_at <= now:
        raise rules.OfferOver  # the beat that lapses it has perhaps only not come round yet


@use_case(allow=patient | staff | system_only)
def decline_offer(uow: UnitOfWork, *, offer_id: UUID) -> None:
    """Do not want the offered time: whoever is next is asked at once, and the place in line is kept.

    Declining twice, or when the offer is over anyway, does no harm.

    Raises:
        OfferAnswered: it was accepted, and the visit is booked. NotFound: it is not theirs.
    """
    uow.lock(offers.find(uow, offer_id).practitioner_id)
    offer = offers.find(uow, offer_id, to_change=True)
    if offer.state is OfferState.ACCEPTED:
        raise rules.OfferAnswered
    if offer.state is OfferState.OPEN:
        uow.audit("waitlist_offer", offer_id, patient_id=offer.patient_id)
        close_offer(uow, offer, OfferState.DECLINED)


@use_case(allow=patient | staff | system_only)
def leave_waitlist(uow: UnitOfWork, *, entry_id: UUID) -> None:
    """Wait no longer; what is offered just then goes to the next. Leaving twice does no harm.

    Raises:
        NotFound: it is not theirs.
    """
    take_off(uow, entry_id, EntryState.LEFT)


def take_off(uow: UnitOfWork, entry_id: UUID, state: EntryState, *, reason: str = "") -> None:
    """Close an entry that comes to nothing, and take back what is offered to it."""
    considered = offers.open_of_entry(uow, entries.find(uow, entry_id).id)
    if considered is not None:
        uow.lock(considered.practitioner_id)
    entry = entries.find(uow, entry_id, to_change=True)
    if entry.state is not EntryState.WAITING:
        return
    entries.close(uow, entry, state, reason=reason)
    uow.audit("waitlist_entry", entry.id, patient_id=entry.patient_id, reason=reason)
    uow.record(WaitlistLeft(entry.id, entry.patient_id))
    considered = offers.open_of_entry(uow, entry_id)
    if considered is not None:
        close_offer(uow, considered, OfferState.WITHDRAWN, because=state.value)


@use_case(allow=system_only)
def withdraw_what_is_taken(uow: UnitOfWork, *, fact: AppointmentBooked | HoursChanged) -> None:
    """Take back offers whose time is filled in another way, or whose practitioner is away then."""
    for offer in offers.open_during(uow, fact.practitioner_id, None):
        if offer.keeps and not scheduling.is_kept_whole(uow, offer.id):
            uow.lock(offer.practitioner_id)
            close_all(uow, offer.round_id, OfferState.WITHDRAWN, because="taken")


@use_case(allow=system_only)
def end_past_entries(uow: UnitOfWork) -> int:
    """Close the entries whose last day is over, wherever they wait; returns how many."""
    yesterday = (uow.now - _WESTERNMOST).date()
    past = entries.past(uow, yesterday, limit=100)
    for entry in past:
        take_off(uow, entry.id, EntryState.ENDED)
    return len(past)
