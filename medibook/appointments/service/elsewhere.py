"""Visits whose practitioner is away: which they are, going to somebody else or later, or not at all.

A visit stays itself, with its number and its entry in calendars, for as long as it stands and its
visit type stays: it moves, also to a colleague, and the history says from whom. One that was already
cancelled, would become another visit type, or whose patient is here already, is booked anew on the
terms that were agreed.
"""

from collections.abc import Collection
from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.access import Action
from medibook.appointments.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
)
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.appointments.service.cards import cards
from medibook.appointments.service.changing import close, put
from medibook.appointments.tables import Appointment
from medibook.kernel.actor import Role
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.scheduling import service as scheduling
from medibook.scheduling.events import SlotFreed
from medibook.scheduling.schemas import HeldSlot

_OVER = frozenset(AppointmentStatus) - rules.ACTIVE
# Of these the terms and the person go along when a visit is booked anew.
_KEPT = ("patient_id", "reason", "fee_minor", "fee_currency", "late_cancel_allowed", "booked_by")


def visits_during(
    uow: UnitOfWork, practitioner_id: UUID, period: Interval
) -> tuple[AppointmentCard, ...]:
    """The open visits of a practitioner that reach into the period and have not begun, earliest first."""
    found = access.of_practitioner(uow, practitioner_id, period, besides=_OVER)
    return cards(uow, [visit for visit in found if visit.starts_at > uow.now])


def visits_by_id(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, AppointmentCard]:
    """These visits, as far as the actor may know of them, to be found by id."""
    return {card.appointment_id: card for card in cards(uow, access.these(uow, ids))}


def is_open_to_change(uow: UnitOfWork, appointment_id: UUID) -> bool:
    """Lock a visit before anything else is decided about it; whether it still stands. NotFound."""
    return access.find(uow, appointment_id, to=Action.GO_ELSEWHERE).status in rules.ACTIVE


def go_elsewhere(uow: UnitOfWork, *, appointment_id: UUID, held: HeldSlot) -> UUID:
    """Let a visit be at the kept time and with whom it is kept; returns the visit that it is then.

    The old time is given back and the new one taken in one transaction. Raises OfferGone.
    """
    visit = access.find(uow, appointment_id, to=Action.GO_ELSEWHERE)
    may_move = visit.status in rules.CHANGEABLE_BY_PATIENT
    if may_move and visit.service_id == held.service_id:
        _move(uow, visit, held)
        return visit.id
    if visit.status in rules.ACTIVE:
        _cancel(uow, visit, reason="")
    return _book_anew(uow, visit, held)


def cancel_while_away(uow: UnitOfWork, *, appointment_id: UUID, reason: str) -> bool:
    """Cancel a visit because its practitioner is away; False when it is over or cancelled already."""
    visit = access.find(uow, appointment_id, to=Action.GO_ELSEWHERE)
    if visit.status not in rules.ACTIVE:
        return False
    _cancel(uow, visit, reason=reason)
    return True


def _cancel(uow: UnitOfWork, visit: Appointment, *, reason: str) -> None:
    close(uow, visit, by_patient=False, reason=reason)
    ids = (visit.id, visit.practitioner_id, visit.patient_id, visit.version)
    uow.record(AppointmentCancelled(*ids, cancelled_by_patient=False, while_away=True))


def _move(uow: UnitOfWork, visit: Appointment, held: HeldSlot) -> None:
    old, whose = Interval(visit.starts_at, visit.ends_at), visit.practitioner_id
    before = visit.status
    scheduling.vacate(uow, visit.id)
    if before is AppointmentStatus.PROPOSED:
        scheduling.let_offers_go(uow, visit.id)
    _take(uow, held, visit.id)
    put(uow, visit, held)
    visit.practitioner_id, visit.status = held.practitioner_id, AppointmentStatus.BOOKED
    visit.lapses_at, visit.override_by = None, None
    goes = whose if whose != held.practitioner_id else None
    access.write_history(
        uow,
        visit,
        from_status=before.value,
        from_start=old.start,
        from_end=None if goes else old.end,  # back to somebody who is away nobody undoes it
        from_practitioner=goes,
    )
    uow.record(SlotFreed(whose, old.start, old.end))
    uow.record(
        AppointmentMoved(
            visit.id,
            visit.practitioner_id,
            visit.patient_id,
            visit.version,
            moved_from=old.start,
            moved_by_patient=uow.actor.role is Role.PATIENT,
            lasted_until=old.end,
            from_practitioner_id=goes,
        )
    )


def _book_anew(uow: UnitOfWork, old: Appointment, held: HeldSlot) -> UUID:
    columns = {name: getattr(old, name) for name in _KEPT} | {
        "practitioner_id": held.practitioner_id,
        "service_id": held.service_id,
        "location_id": held.location_id,
        "room_id": held.room_id,
        "status": AppointmentStatus.BOOKED,
        "starts_at": held.starts_at,
        "ends_at": held.ends_at,
        "wall_start": rules.wall_start(held.starts_at, held.zone),
        "zone": held.zone,
        "cancel_until": held.starts_at - (old.starts_at - old.cancel_until),
        "cancel_reason": "",
    }
    visit = access.add(uow, columns)
    _take(uow, held, visit.id)
    uow.record(AppointmentBooked(visit.id, visit.practitioner_id, visit.patient_id, visit.version))
    return visit.id


def _take(uow: UnitOfWork, held: HeldSlot, appointment_id: UUID) -> None:
    if not scheduling.take_for_absence(uow, held=held, appointment_id=appointment_id):
        raise rules.OfferGone
