"""Times of others, or later ones, for patients whose practitioner is away: found, kept, taken, let go.

They are holds of the clinic, like other times that it offers. The patient still has the old visit: a
kept time takes only what that visit does not have already, so it may be the very same hour with
somebody else.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.clinic.schemas import ServiceCard
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people
from medibook.scheduling import access
from medibook.scheduling.events import SlotHeld
from medibook.scheduling.schemas import FreeTime, HeldSlot, SlotWish
from medibook.scheduling.service.choosing import chosen, clear_the_way, let_go, look
from medibook.scheduling.service.claims import as_held, missing, stretches
from medibook.scheduling.service.first_times import policies_of
from medibook.scheduling.service.free import as_free_times
from medibook.scheduling.service.openings import Viewer, ground_of, outlooks_on
from medibook.scheduling.tables import ResourceKind

_AHEAD = timedelta(days=400)
# Whoever is ill is not to blame for the notice; how soon a patient can be asked to come is judged by
# whoever offers the time.
_OPEN_TO_THE_CLINIC = {"minimum_notice": timedelta(0), "horizon": _AHEAD}


def free_instead(
    uow: UnitOfWork, services: Mapping[UUID, ServiceCard], window: Interval
) -> dict[UUID, tuple[FreeTime, ...]]:
    """The free times of these practitioners, each for one visit type, as the clinic can give them away."""
    policies = policies_of(uow, services)
    offers = {
        who: (card, policies[card.service_id].model_copy(update=_OPEN_TO_THE_CLINIC))
        for who, card in services.items()
    }
    ground = ground_of(uow, offers, window)
    found = outlooks_on(uow, ground, window, only=offers)
    return {
        who: as_free_times(outlook.openings, outlook.openings.free(window, uow.now))
        for who, outlook in found.items()
    }


def taken_besides(
    uow: UnitOfWork, patient_ids: Collection[UUID], window: Interval, *, besides: Collection[UUID]
) -> dict[UUID, tuple[Interval, ...]]:
    """When these patients cannot come: their visits and holds in the window, without these visits."""
    rows = access.taken(uow, resource_ids=patient_ids, window=window, patient_id=None)
    found: dict[UUID, list[Interval]] = {}
    for row in rows:
        if row.stands and row.source_id not in besides:
            found.setdefault(row.resource_id, []).append(row.time)
    return {patient_id: tuple(times) for patient_id, times in found.items()}


def keep_for_absence(
    uow: UnitOfWork,
    *,
    wish: SlotWish,
    patient_id: UUID,
    case_id: UUID,
    moves: UUID,
    until: datetime,
) -> HeldSlot | None:
    """Keep a time for a case until then; None when it cannot be had (any longer).

    ``moves`` is the visit that would go there. What the patient holds themselves is left to them.
    """
    if not people.is_bookable(uow, wish.practitioner_id):
        return None
    services = {wish.practitioner_id: wish.service_id}
    offer = clinic.services_and_policies(uow, services).get(wish.practitioner_id)
    if offer is None:
        return None
    service, policy = offer
    open_policy = policy.model_copy(update=_OPEN_TO_THE_CLINIC)
    outlook = look(uow, wish, (service, open_policy), Viewer(patient_id, moves))
    found = outlook.openings.at(wish.starts_at, uow.now)
    if found is None:
        return None
    kept = {"expires_at": until, "offer_of_absence_id": case_id, "moves_appointment_id": moves}
    held = chosen(uow, wish, outlook.openings, patient_id, found).model_copy(update=kept)
    time = Interval(held.starts_at, held.ends_at)
    own = access.live_holds(uow, patient_id)
    if any(time.overlaps(Interval(hold.starts_at, hold.ends_at)) for hold in own):
        return None
    clear_the_way(uow, held, outlook.taken, [])
    wanted = missing(held, outlook.taken)
    if not access.occupy(uow, source_id=held.hold_id, is_hold=True, stretches=wanted):
        return None
    access.add_hold(uow, held)
    uow.record(SlotHeld(held.practitioner_id, held.patient_id, held.starts_at, held.ends_at))
    return held


def kept_for_absences(
    uow: UnitOfWork, case_ids: Collection[UUID]
) -> dict[UUID, tuple[HeldSlot, ...]]:
    """The times that are kept for these cases and can still be taken, earliest first."""
    if not case_ids:
        return {}
    live = [h for h in access.held_for_absences(uow, case_ids) if h.expires_at > uow.now]
    places = clinic.locations_by_id(uow, {hold.location_id for hold in live})
    found: dict[UUID, tuple[HeldSlot, ...]] = {}
    for hold in live:
        case_id = hold.offer_of_absence_id
        kept = as_held(hold, zone=places[hold.location_id].zone)
        found[case_id] = (*found.get(case_id, ()), kept)
    return found


def take_for_absence(uow: UnitOfWork, *, held: HeldSlot, appointment_id: UUID) -> bool:
    """Let a kept time become this visit's; False when somebody has it after all.

    What the old visit took must have been given back: the hold itself may lack that part.
    """
    whole = _whole(uow, held)
    access.end_hold(uow, held.hold_id)
    access.vacate(uow, source_ids=[held.hold_id])
    return access.occupy(uow, source_id=appointment_id, is_hold=False, stretches=whole)


def keep_whole(uow: UnitOfWork, case_id: UUID) -> None:
    """Let what is kept for a case take all of its time: the visit that had a part of it is gone."""
    for held in kept_for_absences(uow, [case_id]).get(case_id, ()):
        access.vacate(uow, source_ids=[held.hold_id])
        whole = _whole(uow, held)
        if not access.occupy(uow, source_id=held.hold_id, is_hold=True, stretches=whole):
            access.end_hold(uow, held.hold_id)


def let_absence_go(uow: UnitOfWork, case_id: UUID) -> None:
    """Give back every time that is still kept for this case."""
    for hold in access.held_for_absences(uow, [case_id]):
        let_go(uow, hold)


def take_back_offers(uow: UnitOfWork, practitioner_id: UUID, time: Interval) -> frozenset[UUID]:
    """Give back what the clinic offers of this practitioner's time then; returns the cases it was for."""
    cases = set()
    for hold in access.offered_in(uow, practitioner_id, time):
        let_go(uow, hold)
        if hold.offer_of_absence_id is not None:
            cases.add(hold.offer_of_absence_id)
    return frozenset(cases)


def _whole(uow: UnitOfWork, held: HeldSlot) -> list[tuple[ResourceKind, UUID, Interval]]:
    kind = clinic.visit_types_by_id(uow, [held.service_id])[held.service_id]
    buffers = {"buffer_before": kind.buffer_before, "buffer_after": kind.buffer_after}
    return list(stretches(held.model_copy(update=buffers)))
