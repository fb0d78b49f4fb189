"""What holding a time and taking it have in common: lock, look, judge, and clear the way."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.clinic.schemas import ServiceCard
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people
from medibook.scheduling import access
from medibook.scheduling.access import Taken
from medibook.scheduling.events import SlotFreed
from medibook.scheduling.rules import Slot
from medibook.scheduling.rules.openings import Openings
from medibook.scheduling.rules.refusals import NotBookable, refusal_for
from medibook.scheduling.schemas import HeldSlot, SlotWish
from medibook.scheduling.service.claims import stretches
from medibook.scheduling.service.free import nearest_free_times
from medibook.scheduling.service.openings import Offer, Outlook, Viewer, ground_of, outlooks_on

_SECOND = timedelta(seconds=1)


def lock(uow: UnitOfWork, viewer: Viewer, practitioner_id: UUID) -> None:
    """Let nobody else decide about these two meanwhile."""
    # Always the patient first and then the practitioner: two of them in turns would be a deadlock.
    if viewer.patient_id is not None:
        uow.lock(viewer.patient_id)
    uow.lock(practitioner_id)


def bookable(uow: UnitOfWork, wish: SlotWish) -> Offer:
    """The visit type that is wished for, and its rules. Raises NotBookable, ServiceNotOffered."""
    if not people.is_bookable(uow, wish.practitioner_id):
        raise NotBookable
    return clinic.service_and_policy(uow, wish.practitioner_id, wish.service_id)


def look(
    uow: UnitOfWork,
    wish: SlotWish,
    offer: Offer,
    viewer: Viewer,
    *,
    also_at: UUID | None = None,
) -> Outlook:
    """All that decides whether the wish can be had."""
    service, _ = offer
    window = Interval(
        wish.starts_at - service.buffer_before,
        wish.starts_at + service.length + service.buffer_after,
    )
    offers = {wish.practitioner_id: offer}
    ground = ground_of(uow, offers, window, also_at=also_at)
    found = outlooks_on(uow, ground, window, only=offers, viewer=viewer)
    return found[wish.practitioner_id]


def latest_begin(uow: UnitOfWork, service: ServiceCard) -> datetime:
    """For the clinic a visit may have begun while it is not over: since when it may have."""
    return uow.now - service.length + _SECOND


def found_at(
    uow: UnitOfWork, wish: SlotWish, openings: Openings, viewer: Viewer, *, asked_at: datetime
) -> tuple[Slot, UUID | None]:
    """The slot and the room for a wish that can be had; otherwise the refusal that says why not."""
    found = openings.at(wish.starts_at, asked_at)
    if found is None:
        alternatives = nearest_free_times(uow, wish, viewer=viewer)
        raise refusal_for(openings.reasons_against(wish.starts_at, asked_at), alternatives)
    return found


def chosen(
    uow: UnitOfWork,
    wish: SlotWish,
    openings: Openings,
    patient_id: UUID,
    found: tuple[Slot, UUID | None],
) -> HeldSlot:
    """The time as it is kept for this patient; it has no end yet, and moves nothing."""
    slot, room_id = found
    return HeldSlot(
        hold_id=uow.new_id(),
        practitioner_id=wish.practitioner_id,
        patient_id=patient_id,
        service_id=wish.service_id,
        location_id=slot.location_id,
        starts_at=slot.start,
        ends_at=slot.end,
        zone=slot.zone,
        expires_at=uow.now,
        room_id=room_id,
        buffer_before=openings.service.buffer_before,
        buffer_after=openings.service.buffer_after,
    )


def clear_the_way(uow: UnitOfWork, held: HeldSlot, taken: Sequence[Taken], live: list[Any]) -> None:
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
            let_go(uow, hold)
            live.remove(hold)
            old.discard(hold.id)
    access.vacate(uow, source_ids=old)


def let_go(uow: UnitOfWork, hold: Any) -> bool:  # noqa: ANN401 - a row of Core columns
    """Give a hold's time back; tells whether it still had any."""
    # The hold before its time, as whoever looks for live holds locks them: else two wait in a ring.
    access.end_hold(uow, hold.id)
    had = access.vacate(uow, source_ids=[hold.id]) > 0
    if had:
        uow.record(SlotFreed(hold.practitioner_id, hold.starts_at, hold.ends_at))
    return had
