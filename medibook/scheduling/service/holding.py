"""Keeping a time for one person: hold it, keep it, let it go.

Moving to a time that overlaps the visit's own: the hold takes only what the visit does not have
already, for the database knows nothing of "except my own". When the visit moves, both give their
time back and the whole new time is taken, in one transaction.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.clinic.schemas import ServiceCard
from medibook.kernel.actor import patient, system_only
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.people import service as people
from medibook.scheduling import access
from medibook.scheduling.events import SlotHeld
from medibook.scheduling.rules.refusals import HoldGone, SlotTaken
from medibook.scheduling.schemas import FreeTime, HeldSlot, SlotWish
from medibook.scheduling.service.choosing import (
    bookable,
    chosen,
    clear_the_way,
    found_at,
    let_go,
    lock,
    look,
)
from medibook.scheduling.service.claims import as_held, kept_until, missing, wish_of
from medibook.scheduling.service.free import free_time, nearest_free_times
from medibook.scheduling.service.openings import Outlook, Viewer

MOST_HOLDS = 3


@use_case(allow=patient)
def hold_slot(
    uow: UnitOfWork, *, wish: SlotWish, moves: UUID | None = None, for_patient: UUID | None = None
) -> HeldSlot:
    """Keep a time for a patient while they decide; the same time again keeps the same hold.

    ``for_patient`` is oneself, or somebody one books for; the same time kept for another of them is
    handed over. A hold of theirs that overlaps the new one, and the oldest of more than three, is let
    go. ``moves`` is their visit that would move here. A time that was kept from others for long enough
    is not kept any longer: the hold has ended already, and is good while the time is free.

    Raises:
        NotFound: the actor does not act for this patient.
        SlotTaken: with the three nearest free times (TooSoon, TooFar say which rule it was).
        NotBookable, ServiceNotOffered: nobody can book this practitioner, or this visit type.
    """
    patient_id, everybody = _whom(uow, for_patient)
    viewer = Viewer(patient_id, moves)
    lock(uow, viewer, wish.practitioner_id)
    service, policy = bookable(uow, wish)
    until = kept_until(uow, everybody, wish, service, policy)
    live = access.live_holds(uow, *everybody)
    for hold in [hold for hold in live if wish_of(hold) == wish]:
        if hold.patient_id != patient_id:
            let_go(uow, hold)
            live.remove(hold)
        elif hold.moves_appointment_id == moves:
            return _kept_longer(uow, hold, service, until)
    outlook = look(uow, wish, (service, policy), viewer)
    found = found_at(uow, wish, outlook.openings, viewer, asked_at=uow.now)
    held = chosen(uow, wish, outlook.openings, patient_id, found).model_copy(
        update={"expires_at": until, "moves_appointment_id": moves}
    )
    uow.audit("hold", held.hold_id, patient_id=held.patient_id)
    if until > uow.now:
        _take(uow, held, outlook, live)
    else:
        access.add_hold(uow, held)
    return held


@use_case(allow=patient)
def keep_hold(uow: UnitOfWork, *, hold_id: UUID) -> HeldSlot:
    """Keep a held time longer; one that has ended is held anew, if it is still free.

    Raises:
        HoldGone: there is no such hold. SlotTaken: it had ended and somebody else was faster.
    """
    hold = access.find_hold(uow, hold_id)
    if hold is None:
        raise HoldGone
    moves = hold.moves_appointment_id
    return hold_slot(uow, wish=wish_of(hold), moves=moves, for_patient=hold.patient_id)


@use_case(allow=patient)
def release_hold(uow: UnitOfWork, *, hold_id: UUID) -> None:
    """Let a held time go; letting it go twice does no harm. Raises HoldGone when it never was."""
    hold = access.find_hold(uow, hold_id)
    if hold is None:
        raise HoldGone
    let_go(uow, hold)
    uow.audit("hold", hold_id, patient_id=hold.patient_id)


@use_case(allow=system_only)
def release_expired_holds(uow: UnitOfWork) -> int:
    """Give back the time of holds that have ended; returns how many. Running it twice does no harm."""
    freed = 0
    for hold in access.ended_holds(uow, limit=200):
        freed += let_go(uow, hold)
    access.forget_old_holds(uow)
    return freed


# ── for the appointments room: no doors, they run inside its use cases ──────────────────────────


def offered(uow: UnitOfWork, wish: SlotWish, for_patient: UUID | None = None) -> FreeTime:
    """A time that somebody chose, if they, or whom they book for, could have it now.

    Raises:
        SlotTaken: it is not free. NotBookable, ServiceNotOffered.
    """
    viewer = Viewer(_whom(uow, for_patient)[0] if for_patient else uow.actor.patient_id)
    service, policy = bookable(uow, wish)
    openings = look(uow, wish, (service, policy), viewer).openings
    slot, _ = found_at(uow, wish, openings, viewer, asked_at=uow.now)
    return free_time(openings, slot)


def held_slot(uow: UnitOfWork, hold_id: UUID) -> HeldSlot:
    """The patient's own hold, ended or not: ``expires_at`` says which. Raises HoldGone."""
    hold = access.find_hold(uow, hold_id)
    if hold is None:
        raise HoldGone
    place = clinic.locations_by_id(uow, [hold.location_id])[hold.location_id]
    return as_held(hold, zone=place.zone)


def _whom(uow: UnitOfWork, for_patient: UUID | None) -> tuple[UUID, frozenset[UUID]]:
    """Whom a time is for, and everybody whom the actor books for at this instant."""
    everybody = people.patient_ids_of(uow)
    patient_id = for_patient or uow.actor.patient_id
    if patient_id is None or patient_id not in everybody:
        raise NotFound
    return patient_id, everybody


def _take(uow: UnitOfWork, held: HeldSlot, outlook: Outlook, live: list[Any]) -> None:
    """Keep the time from others; whatever of the patient's own is in the way is let go."""
    clear_the_way(uow, held, outlook.taken, live)
    for hold in live[: max(0, len(live) - MOST_HOLDS + 1)]:
        let_go(uow, hold)
    access.add_hold(uow, held)
    if not access.occupy(
        uow, source_id=held.hold_id, is_hold=True, stretches=missing(held, outlook.taken)
    ):
        viewer = Viewer(held.patient_id, held.moves_appointment_id)
        raise SlotTaken(nearest_free_times(uow, wish_of(held), viewer=viewer))
    uow.record(SlotHeld(held.practitioner_id, held.patient_id, held.starts_at, held.ends_at))


def _kept_longer(
    uow: UnitOfWork,
    hold: Any,  # noqa: ANN401 - a row of Core columns
    service: ServiceCard,
    until: datetime,
) -> HeldSlot:
    access.extend_hold(uow, hold.id, until=max(until, hold.expires_at))
    held = held_slot(uow, hold.id)
    buffers = {"buffer_before": service.buffer_before, "buffer_after": service.buffer_after}
    return held.model_copy(update=buffers)
