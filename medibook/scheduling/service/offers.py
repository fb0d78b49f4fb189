"""Times that a practitioner offers instead of the one that was asked for.

Each is kept from everybody else until it is taken, declined, or its own term ends. They are holds
of the clinic: a patient's own holds never push them away, and the sweep of ended holds frees them.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling import access
from medibook.scheduling.events import SlotHeld
from medibook.scheduling.rules.refusals import SlotTaken, TooSoon
from medibook.scheduling.schemas import FreeTime, HeldSlot, Obstacle, Reason, SlotWish, StaffTerms
from medibook.scheduling.service.choosing import bookable, let_go, look
from medibook.scheduling.service.claims import as_held, stretches
from medibook.scheduling.service.free import as_free_times
from medibook.scheduling.service.openings import Viewer, outlooks
from medibook.scheduling.service.reasons import in_words
from medibook.scheduling.service.taking import take_time

_NOT_BINDING = {Reason.TOO_SOON, Reason.TOO_FAR, Reason.OFF_GRID}
_NO_NOTICE = {"minimum_notice": timedelta(0)}  # who offers a time knows how soon they can be there


def offerable_times(
    uow: UnitOfWork, *, asked: SlotWish, viewer: Viewer, window: Interval
) -> tuple[FreeTime, ...]:
    """The times that a practitioner can offer the viewer instead of the one that was asked for."""
    service, policy = bookable(uow, asked)
    policy = policy.model_copy(update=_NO_NOTICE)
    found = outlooks(uow, {asked.practitioner_id: service}, window, policy=policy, viewer=viewer)
    openings = found[asked.practitioner_id].openings
    return as_free_times(openings, openings.free(window, uow.now))


def against_offer(uow: UnitOfWork, *, wish: SlotWish, viewer: Viewer) -> tuple[Obstacle, ...]:
    """All that stands against offering this time; notice, horizon and grid do not."""
    outlook = look(uow, wish, bookable(uow, wish), viewer)
    reasons = outlook.openings.reasons_against(wish.starts_at, uow.now)
    binding = tuple(reason for reason in reasons if reason not in _NOT_BINDING)
    return in_words(uow, wish.starts_at, outlook, binding, viewer)


def judge_offer(uow: UnitOfWork, *, wish: SlotWish, patient_id: UUID) -> HeldSlot:
    """A time that the clinic can offer, ready to be kept or occupied. Raises SlotTaken, NotBookable.

    Neither notice nor horizon nor grid binds who offers, but the hours do, and what is taken.
    """
    if wish.starts_at <= uow.now:
        raise TooSoon
    return take_time(uow, wish=wish, patient_id=patient_id, terms=StaffTerms())


def keep_offer(
    uow: UnitOfWork, *, wish: SlotWish, patient_id: UUID, appointment_id: UUID, until: datetime
) -> HeldSlot:
    """Keep a time that is offered for a request, until then. Raises SlotTaken, NotBookable."""
    judged = judge_offer(uow, wish=wish, patient_id=patient_id)
    held = judged.model_copy(
        update={"offer_of_appointment_id": appointment_id, "expires_at": until}
    )
    access.add_hold(uow, held)
    if not access.occupy(
        uow, source_id=held.hold_id, is_hold=True, stretches=list(stretches(held))
    ):
        raise SlotTaken
    uow.record(SlotHeld(held.practitioner_id, held.patient_id, held.starts_at, held.ends_at))
    return held


def offers_of(
    uow: UnitOfWork, appointment_ids: Collection[UUID]
) -> dict[UUID, tuple[HeldSlot, ...]]:
    """The times that are kept for these requests and can still be taken, earliest first."""
    if not appointment_ids:
        return {}
    live = [
        hold for hold in access.offered_holds(uow, appointment_ids) if hold.expires_at > uow.now
    ]
    places = clinic.locations_by_id(uow, {hold.location_id for hold in live})
    found: dict[UUID, tuple[HeldSlot, ...]] = {}
    for hold in live:
        whose = hold.offer_of_appointment_id
        offer = as_held(hold, zone=places[hold.location_id].zone)
        found[whose] = (*found.get(whose, ()), offer)
    return found


def take_offer(uow: UnitOfWork, *, hold_id: UUID, appointment_id: UUID) -> HeldSlot | None:
    """Let a kept time become the visit's own; None when it is not kept (any longer).

    What the visit had taken before must have been given back. The rows of busy time change hands:
    nothing is free in between, and whatever buffers were kept stay kept.
    """
    offers = offers_of(uow, [appointment_id]).get(appointment_id, ())
    offer = next((offer for offer in offers if offer.hold_id == hold_id), None)
    if offer is None or not access.hand_over(uow, hold_id, appointment_id):
        return None
    access.end_hold(uow, hold_id)
    return offer


def was_offered_at(uow: UnitOfWork, offer_id: UUID, appointment_id: UUID, start: datetime) -> bool:
    """Whether this offer of a request was for a visit that starts then.

    A request that stood at one of its times has no hold for it: the offer bears the request's id.
    """
    starts = {hold.id: hold.starts_at for hold in access.offered_holds(uow, [appointment_id])}
    if offer_id == appointment_id:
        return start not in starts.values()
    return starts.get(offer_id) == start


def let_offers_go(uow: UnitOfWork, appointment_id: UUID) -> None:
    """Give back every time that is still kept for this request."""
    for hold in access.offered_holds(uow, [appointment_id]):
        let_go(uow, hold)
