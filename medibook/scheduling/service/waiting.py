"""Freed time for those who wait: what visits fit into it, and keeping it for one of them at a time.

The clinic offers it, so the time is the clinic's until the offer is taken: like other times that are
offered, it stands in everybody's way, also in the way of whom it is offered to.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.clinic.schemas import ClinicPolicy, ServiceCard
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people
from medibook.scheduling import access
from medibook.scheduling.events import SlotHeld
from medibook.scheduling.rules.openings import Openings
from medibook.scheduling.schemas import FreeTime, HeldSlot, SlotWish
from medibook.scheduling.service.choosing import chosen, clear_the_way, let_go, look
from medibook.scheduling.service.claims import as_held, stretches
from medibook.scheduling.service.free import as_free_times
from medibook.scheduling.service.openings import NOBODY, Offer, outlooks

_MINUTE = timedelta(minutes=1)


def times_within(
    uow: UnitOfWork,
    *,
    practitioner_id: UUID,
    services: Collection[ServiceCard],
    freed: Interval,
) -> dict[UUID, tuple[FreeTime, ...]]:
    """When visits of these types could be that use some of the freed time; who fits nowhere is absent.

    The beginning of the freed time comes first, on the grid or not, then the others, earliest first.
    The notice and the horizon of each visit type hold, as for everybody who books.
    """
    policies = clinic.policies_for(uow, [service.service_id for service in services])
    found = {
        service.service_id: _times(uow, practitioner_id, service, policies, freed)
        for service in services
    }
    return {service_id: times for service_id, times in found.items() if times}


def _times(
    uow: UnitOfWork,
    practitioner_id: UUID,
    service: ServiceCard,
    policies: Mapping[UUID, ClinicPolicy],
    freed: Interval,
) -> tuple[FreeTime, ...]:
    policy = policies[service.service_id]
    window = Interval(freed.start - service.length + _MINUTE, freed.end)
    outlook = outlooks(uow, {practitioner_id: service}, window, policy=policy)[practitioner_id]
    openings = outlook.openings
    at_once = off_the_grid(openings).at(freed.start, uow.now)
    first = (at_once[0],) if at_once else ()
    rest = (slot for slot in openings.free(window, uow.now) if slot.start != freed.start)
    return as_free_times(openings, (*first, *rest))


def off_the_grid(openings: Openings) -> Openings:
    """The same openings for a time that need not be on the grid: a visit stood there before."""
    plan = openings.plan
    return replace(openings, plan=replace(plan, policy=replace(plan.policy, grid=_MINUTE)))


def busy_then(
    uow: UnitOfWork, patient_ids: Collection[UUID], window: Interval
) -> dict[UUID, tuple[Interval, ...]]:
    """What these patients have in the window, visits and times that are kept for them; one query."""
    rows = access.taken(uow, resource_ids=list(patient_ids), window=window, patient_id=None)
    found: dict[UUID, list[Interval]] = {}
    for row in rows:
        if row.stands:
            found.setdefault(row.resource_id, []).append(row.time)
    return {patient_id: tuple(times) for patient_id, times in found.items()}


def keep_for_waiting(
    uow: UnitOfWork, *, wish: SlotWish, patient_id: UUID, offer_id: UUID, until: datetime
) -> HeldSlot | None:
    """Keep a time for an offer of the waiting list, until then; None when it cannot be had.

    The patient's own holds are left to them: who is about to book something else then is busy then.
    """
    offer = _offered(uow, wish)
    if offer is None:
        return None
    outlook = look(uow, wish, offer, NOBODY)
    openings = off_the_grid(outlook.openings)
    found = openings.at(wish.starts_at, uow.now)
    if found is None:
        return None
    kept = {"expires_at": until, "offer_of_waitlist_id": offer_id}
    held = chosen(uow, wish, openings, patient_id, found).model_copy(update=kept)
    visit = Interval(held.starts_at, held.ends_at)
    own = access.taken(uow, resource_ids=[patient_id], window=visit, patient_id=None)
    clear_the_way(uow, held, (*outlook.taken, *own), [])
    if not access.occupy(
        uow, source_id=held.hold_id, is_hold=True, stretches=list(stretches(held))
    ):
        return None
    access.add_hold(uow, held)
    uow.record(SlotHeld(held.practitioner_id, held.patient_id, held.starts_at, held.ends_at))
    return held


def _offered(uow: UnitOfWork, wish: SlotWish) -> Offer | None:
    if not people.is_bookable(uow, wish.practitioner_id):
        return None
    services = {wish.practitioner_id: wish.service_id}
    return clinic.services_and_policies(uow, services).get(wish.practitioner_id)


def take_kept_time(uow: UnitOfWork, *, offer_id: UUID, appointment_id: UUID) -> bool:
    """Let the time that is kept for an offer become the visit's own; False when it is not kept.

    The rows of busy time change hands: nothing is free in between.
    """
    hold = access.kept_for_waiting(uow, offer_id)
    if hold is None or not access.hand_over(uow, hold.id, appointment_id):
        return False
    access.end_hold(uow, hold.id)
    return True


def kept_time(uow: UnitOfWork, offer_id: UUID) -> HeldSlot | None:
    """The time that is kept for an offer of the waiting list; None when nothing is (any longer)."""
    hold = access.kept_for_waiting(uow, offer_id)
    if hold is None or hold.expires_at <= uow.now:
        return None
    place = clinic.locations_by_id(uow, [hold.location_id])[hold.location_id]
    return as_held(hold, zone=place.zone)


def is_kept_whole(uow: UnitOfWork, offer_id: UUID) -> bool:
    """Whether nobody else has taken the kept time meanwhile, and nobody is away then.

    The front desk may squeeze in a visit on purpose, and a practitioner may fall ill.
    """
    hold = access.kept_for_waiting(uow, offer_id)
    if hold is None:
        return False
    time, what = (
        Interval(hold.starts_at, hold.ends_at),
        {hold.practitioner_id, hold.room_id} - {None},
    )
    rows = access.taken(uow, resource_ids=what, window=time, patient_id=None)
    return not any(row.stands and row.source_id != hold.id for row in rows)


def let_kept_time_go(uow: UnitOfWork, offer_id: UUID, *, silently: bool = False) -> bool:
    """Give back the time of an offer; tells whether it still had any.

    ``silently``: it was taken in this very transaction, so nothing has become free.
    """
    hold = access.kept_for_waiting(uow, offer_id)
    if hold is None:
        return False
    if not silently:
        return let_go(uow, hold)
    access.end_hold(uow, hold.id)
    return access.vacate(uow, source_ids=[hold.id]) > 0
