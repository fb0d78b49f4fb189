"""Looking far ahead for many dates at once, and taking them: what a series of visits asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from medibook.clinic.schemas import ClinicPolicy, ServiceCard
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling import access
from medibook.scheduling.access import Taken
from medibook.scheduling.rules import Reason
from medibook.scheduling.rules.ahead import Ahead
from medibook.scheduling.schemas import BookingMode, HeldSlot, SlotWish
from medibook.scheduling.service.choosing import chosen, clear_the_way
from medibook.scheduling.service.openings import Viewer, outlooks


@dataclass(slots=True)
class Sight:
    """What one look has seen of several practitioners, for one patient."""

    ahead: dict[UUID, Ahead]
    in_the_way: tuple[Taken, ...]

    def take(self, uow: UnitOfWork, wish: SlotWish, patient_id: UUID) -> HeldSlot | Reason:
        """Judge one time; what can be had is an obstacle for those that are asked about later."""
        ahead = self.ahead[wish.practitioner_id]
        found = ahead.at(wish.starts_at, uow.now)
        if isinstance(found, Reason):
            return found
        ahead.take(found[0])
        for other in self.ahead.values():
            other.take_patient(found[0])
        return chosen(uow, wish, ahead.openings, patient_id, found)


def look_ahead(
    uow: UnitOfWork,
    services: Mapping[UUID, ServiceCard],
    window: Interval,
    *,
    policy: ClinicPolicy,
    viewer: Viewer,
) -> Sight:
    """Load what decides the time of these practitioners, once for the whole window."""
    around = Interval(window.start - timedelta(days=1), window.end + timedelta(days=1))
    found = outlooks(uow, services, around, policy=policy, viewer=viewer)
    rows = next(iter(found.values())).taken if found else ()
    return Sight(
        ahead={key: Ahead(outlook.openings) for key, outlook in found.items()},
        in_the_way=tuple(row for row in rows if not row.stands and row.source_id),
    )


def lock_all(uow: UnitOfWork, patient_id: UUID, practitioner_ids: Sequence[UUID]) -> None:
    """Let nobody else decide about these meanwhile: the patient first, then the practitioners in order."""
    uow.lock(patient_id)
    for practitioner_id in sorted(practitioner_ids, key=lambda key: key.int & (2**63 - 1)):
        uow.lock(practitioner_id)


def clear_for_all(uow: UnitOfWork, in_the_way: Sequence[Taken], taken: Sequence[HeldSlot]) -> None:
    """End the patient's own holds, and those that have ended, where these visits go."""
    if not in_the_way or not taken:
        return
    live = access.live_holds(uow, taken[0].patient_id)
    for held in taken:
        clear_the_way(uow, held, in_the_way, live)


def booking_modes(uow: UnitOfWork, practitioner_ids: Sequence[UUID]) -> dict[UUID, BookingMode]:
    """How each of these practitioners wants to be booked, in one look."""
    known = access.booking_modes(uow, practitioner_ids)
    return {key: known.get(key, BookingMode.INSTANT) for key in practitioner_ids}


__all__ = ["Ahead", "Sight", "Taken", "booking_modes", "clear_for_all", "lock_all", "look_ahead"]
