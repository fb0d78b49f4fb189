"""What a hold or a visit takes: whose time, which room, from when until when."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from medibook.clinic.schemas import ClinicPolicy, ServiceCard
from medibook.kernel.intervals import Interval, subtracted
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling import access
from medibook.scheduling.access import Taken
from medibook.scheduling.schemas import HeldSlot, SlotWish
from medibook.scheduling.service.openings import is_whose
from medibook.scheduling.tables import ResourceKind

_TIMES_KEPT = 3  # a time cannot be kept from others for ever,
_LATELY = timedelta(hours=1)  # nor by letting it go and holding it again


def wish_of(hold: Any) -> SlotWish:  # noqa: ANN401 - a row, or a HeldSlot
    return SlotWish(
        practitioner_id=hold.practitioner_id,
        service_id=hold.service_id,
        starts_at=hold.starts_at,
    )


def as_held(hold: Any, *, zone: str) -> HeldSlot:  # noqa: ANN401 - a row of Core columns
    return HeldSlot(
        hold_id=hold.id,
        practitioner_id=hold.practitioner_id,
        patient_id=hold.patient_id,
        service_id=hold.service_id,
        location_id=hold.location_id,
        starts_at=hold.starts_at,
        ends_at=hold.ends_at,
        zone=zone,
        expires_at=hold.expires_at,
        moves_appointment_id=hold.moves_appointment_id,
        offer_of_appointment_id=hold.offer_of_appointment_id,
        offer_of_waitlist_id=hold.offer_of_waitlist_id,
        offer_of_absence_id=hold.offer_of_absence_id,
        room_id=hold.room_id,
    )


def stretches(held: HeldSlot) -> Iterator[tuple[ResourceKind, UUID, Interval]]:
    """Whom and what a visit takes: the buffers are the practitioner's and the room's, not the patient's."""
    visit = Interval(held.starts_at, held.ends_at)
    around = Interval(held.starts_at - held.buffer_before, held.ends_at + held.buffer_after)
    yield ResourceKind.PRACTITIONER, held.practitioner_id, around
    yield ResourceKind.PATIENT, held.patient_id, visit
    if held.room_id is not None:
        yield ResourceKind.ROOM, held.room_id, around


def takes(held: HeldSlot, own: Sequence[Taken]) -> bool:
    """Tell whether these rows are all that a visit at this time takes, to the second."""
    wanted = {(whose, time.start, time.end) for _, whose, time in stretches(held)}
    return len(own) == len(wanted) and wanted == {
        (row.resource_id, row.time.start, row.time.end) for row in own
    }


def missing(held: HeldSlot, taken: Sequence[Taken]) -> list[tuple[ResourceKind, UUID, Interval]]:
    """What a hold must take: all, or what the visit that would move here does not have already."""
    moves = held.moves_appointment_id
    if moves is None or not is_whose(taken, moves, held.patient_id):
        return list(stretches(held))
    return [
        (kind, whose, rest)
        for kind, whose, time in stretches(held)
        for rest in subtracted(
            [time],
            [row.time for row in taken if (row.source_id, row.resource_id) == (moves, whose)],
        )
    ]


def kept_until(
    uow: UnitOfWork,
    everybody: Collection[UUID],
    wish: SlotWish,
    service: ServiceCard,
    policy: ClinicPolicy,
) -> datetime:
    """Until when somebody may keep a time, reckoned from their first hold of it; may have passed.

    ``everybody`` they book for: a time is not kept longer by keeping it for one child after the other.
    """
    first = access.first_held_at(
        uow,
        everybody,
        wish.practitioner_id,
        Interval(wish.starts_at, wish.starts_at + service.length),
        since=uow.now - _LATELY,
    )
    until = min(uow.now, first or uow.now) + _TIMES_KEPT * policy.hold
    return max(uow.now, min(uow.now + policy.hold, until))
