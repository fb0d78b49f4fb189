"""Keeping a time for one person: hold it, keep it, let it go, and turn it into a visit.

Moving to a time that overlaps the visit's own: the hold takes only what the visit does not have
already, for the database knows nothing of "except my own". When the visit moves, both give their
time back and the whole new time is taken, in one transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.clinic.schemas import ClinicPolicy, ServiceCard
from medibook.kernel.actor import patient, system_only
from medibook.kernel.errors import Forbidden
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.people import service as people
from medibook.scheduling import access
from medibook.scheduling.access import Taken
from medibook.scheduling.events import SlotFreed, SlotHeld
from medibook.scheduling.rules.refusals import HoldGone, NotBookable, SlotTaken, refusal_for
from medibook.scheduling.schemas import FreeTime, HeldSlot, SlotWish
from medibook.scheduling.service.claims import as_held, kept_until, missing, stretches, wish_of
from medibook.scheduling.service.free import free_time, nearest_free_times
from medibook.scheduling.service.openings import Outlook, Viewer, outlooks

MOST_HOLDS = 3


@use_case(allow=patient)
def hold_slot(uow: UnitOfWork, *, wish: SlotWish, moves: UUID | None = None) -> HeldSlot:
    """Keep a time for the patient while they decide; the same time again keeps the same hold.

    A hold of theirs that overlaps the new one, and the oldest of more than three, is let go.
    ``moves`` is their visit that would move here. A time that they have kept from others for long
    enough is not kept any longer: the hold has ended already, and is good while the time is free.

    Raises:
        SlotTaken: with the three nearest free times (TooSoon, TooFar say which rule it was).
        NotBookable, ServiceNotOffered: nobody can book this practitioner, or this visit type.
    """
    viewer = Viewer(_own_id(uow), moves)
    _lock(uow, viewer, wish.practitioner_id)
    service, policy = _bookable(uow, wish)
    live = access.live_holds(uow, _own_id(uow))
    for hold in live:
        if _is_same(hold, wish, moves):
            return _kept_longer(uow, hold, service, policy)
    outlook = _look(uow, wish, service, policy, viewer)
    until = kept_until(uow, _own_id(uow), wish, service, policy)
    held = _chosen(uow, wish, outlook, viewer, expires_at=until)
    uow.audit("hold", held.hold_id, patient_id=held.patient_id)
    if until <= uow.now:
        access.add_hold(uow, held)
        return held
    _clear_the_way(uow, held, outlook.taken, live)
    for hold in live[: max(0, len(live) - MOST_HOLDS + 1)]:
        _let_go(uow, hold)
    access.add_hold(uow, held)
    if not access.occupy(
        uow, source_id=held.hold_id, is_hold=True, stretches=missing(held, outlook.taken)
    ):
        raise SlotTaken(nearest_free_times(uow, wish, viewer=viewer))
    uow.record(SlotHeld(held.practitioner_id, held.patient_id, held.starts_at, held.ends_at))
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
    return hold_slot(uow, wish=wish_of(hold), moves=hold.moves_appointment_id)


@use_case(allow=patient)
def release_hold(uow: UnitOfWork, *, hold_id: UUID) -> None:
    """Let a held time go; letting it go twice does no harm. Raises HoldGone when it never was."""
    hold = access.find_hold(uow, hold_id)
    if hold is None:
        raise HoldGone
    _let_go(uow, hold)
    uow.audit("hold", hold_id, patient_id=hold.patient_id)


@use_case(allow=system_only)
def release_expired_holds(uow: UnitOfWork) -> int:
    """Give back the time of holds that have ended; returns how many. Running it twice does no harm."""
    freed = 0
    for hold in access.ended_holds(uow, limit=200):
        freed += _let_go(uow, hold)
    access.forget_old_holds(uow)
    return freed


# ── for the appointments room: no doors, they run inside its use cases ──────────────────────────


def offered(uow: UnitOfWork, wish: SlotWish) -> FreeTime:
    """A time that somebody chose, if they could have it now.

    Raises:
        SlotTaken: it is not free. NotBookable, ServiceNotOffered.
    """
    viewer = Viewer(uow.actor.patient_id)
    service, policy = _bookable(uow, wish)
    openings = _look(uow, wish, service, policy, viewer).openings
    found = openings.at(wish.starts_at, uow.now)
    if found is None:
        alternatives = nearest_free_times(uow, wish, viewer=viewer)
        raise refusal_for(openings.why_not(wish.starts_at, uow.now), alternatives)
    return free_time(openings, found[0])


def held_slot(uow: UnitOfWork, hold_id: UUID) -> HeldSlot:
    """The patient's own hold, ended or not: ``expires_at`` says which. Raises HoldGone."""
    hold = access.find_hold(uow, hold_id)
    if hold is None:
        raise HoldGone
    place = clinic.locations_by_id(uow, [hold.location_id])[hold.location_id]
    return as_held(hold, zone=place.zone)


def take_hold(uow: UnitOfWork, hold_id: UUID) -> HeldSlot:
    """Turn a hold into time that a visit can take now: everything is judged again, and it is vacated.

    A hold that has ended is as good as a live one while its time is still free. Of a live one, the
    notice is reckoned from when it was held.

    Raises:
        HoldGone: there is no such hold of this patient. SlotTaken: its time is no longer free.
    """
    hold = access.find_hold(uow, hold_id)
    if hold is None:
        raise HoldGone
    wish = wish_of(hold)
    viewer = Viewer(hold.patient_id, hold.moves_appointment_id)
    _lock(uow, viewer, wish.practitioner_id)
    service, policy = _bookable(uow, wish)
    live = access.live_holds(uow, hold.patient_id)
    outlook = _look(uow, wish, service, policy, viewer)
    is_live = any(other.id == hold_id for other in live)
    asked_at = hold.created_at if is_live else uow.now
    held = _chosen(uow, wish, outlook, viewer, expires_at=hold.expires_at, asked_at=asked_at)
    # Its own rows go without a word: the time does not become free, it becomes a visit.
    access.vacate(uow, source_ids=[hold_id])
    access.end_hold(uow, hold_id)
    others = [row for row in outlook.taken if row.source_id != hold_id]
    _clear_the_way(uow, held, others, [other for other in live if other.id != hold_id])
    return held.model_copy(update={"hold_id": hold_id})


def occupy(uow: UnitOfWork, *, appointment_id: UUID, held: HeldSlot) -> None:
    """Take the time of a visit: practitioner with buffers, patient, room. Raises SlotTaken.

    The database is the last judge: whatever the rules missed, it refuses.
    """
    if not access.occupy(
        uow, source_id=appointment_id, is_hold=False, stretches=list(stretches(held))
    ):
        viewer = Viewer(held.patient_id, held.moves_appointment_id)
        raise SlotTaken(nearest_free_times(uow, wish_of(held), viewer=viewer))


def vacate(uow: UnitOfWork, source_id: UUID) -> None:
    """Give back the time that a visit has taken."""
    access.vacate(uow, source_ids=[source_id])


def _own_id(uow: UnitOfWork) -> UUID:
    if uow.actor.patient_id is None:  # the guard lets nobody else in
        raise Forbidden
    return uow.actor.patient_id


def _lock(uow: UnitOfWork, viewer: Viewer, practitioner_id: UUID) -> None:
    # Always the patient first and then the practitioner: two of them in turns would be a deadlock.
    if viewer.patient_id is not None:
        uow.lock(viewer.patient_id)
    uow.lock(practitioner_id)


def _bookable(uow: UnitOfWork, wish: SlotWish) -> tuple[ServiceCard, ClinicPolicy]:
    if not people.is_bookable(uow, wish.practitioner_id):
        raise NotBookable
    return clinic.service_and_policy(uow, wish.practitioner_id, wish.service_id)


def _look(
    uow: UnitOfWork, wish: SlotWish, service: ServiceCard, policy: ClinicPolicy, viewer: Viewer
) -> Outlook:
    window = Interval(
        wish.starts_at - service.buffer_before,
        wish.starts_at + service.length + service.buffer_after,
    )
    found = outlooks(uow, {wish.practitioner_id: service}, window, policy=policy, viewer=viewer)
    return found[wish.practitioner_id]


def _chosen(
    uow: UnitOfWork,
    wish: SlotWish,
    outlook: Outlook,
    viewer: Viewer,
    *,
    expires_at: datetime,
    asked_at: datetime | None = None,
) -> HeldSlot:
    """The held slot for a wish that can be had; otherwise the refusal that says why not."""
    openings, asked_at = outlook.openings, asked_at or uow.now
    found = openings.at(wish.starts_at, asked_at)
    if found is None or viewer.patient_id is None:
        alternatives = nearest_free_times(uow, wish, viewer=viewer)
        raise refusal_for(openings.why_not(wish.starts_at, asked_at), alternatives)
    slot, room_id = found
    return HeldSlot(
        hold_id=uow.new_id(),
        practitioner_id=wish.practitioner_id,
        patient_id=viewer.patient_id,
        service_id=wish.service_id,
        location_id=slot.location_id,
        starts_at=slot.start,
        ends_at=slot.end,
        zone=slot.zone,
        expires_at=expires_at,
        moves_appointment_id=viewer.moves,
        room_id=room_id,
        buffer_before=openings.service.buffer_before,
        buffer_after=openings.service.buffer_after,
    )


def _clear_the_way(
    uow: UnitOfWork, held: HeldSlot, taken: Sequence[Taken], live: list[Any]
) -> None:
    """End the holds whose rows stand where the new ones go, though they are nobody's obstacle."""
    wanted = list(stretches(held))
    old = {
        row.source_id
        for row in taken
        if not row.stands
        and row.source_id is not None
        and any(row.resource_id == whose and row.time.overlaps(t) for _, whose, t in wanted)
    }
    if not old:
        return
    for hold in live[:]:
        if hold.id in old:
            _let_go(uow, hold)
            live.remove(hold)
            old.discard(hold.id)
    access.vacate(uow, source_ids=old)


def _let_go(uow: UnitOfWork, hold: Any) -> bool:  # noqa: ANN401 - a row of Core columns
    """Give a hold's time back; tells whether it still had any."""
    had = access.vacate(uow, source_ids=[hold.id]) > 0
    access.end_hold(uow, hold.id)
    if had:
        uow.record(SlotFreed(hold.practitioner_id, hold.starts_at, hold.ends_at))
    return had


def _kept_longer(
    uow: UnitOfWork,
    hold: Any,  # noqa: ANN401 - a row of Core columns
    service: ServiceCard,
    policy: ClinicPolicy,
) -> HeldSlot:
    until = max(kept_until(uow, _own_id(uow), wish_of(hold), service, policy), hold.expires_at)
    access.extend_hold(uow, hold.id, until=until)
    held = held_slot(uow, hold.id)
    buffers = {"buffer_before": service.buffer_before, "buffer_after": service.buffer_after}
    return held.model_copy(update=buffers)


def _is_same(hold: Any, wish: SlotWish, moves: UUID | None) -> bool:  # noqa: ANN401 - likewise
    return bool(wish_of(hold) == wish and hold.moves_appointment_id == moves)
