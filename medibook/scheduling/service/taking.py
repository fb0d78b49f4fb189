"""Turning time into a visit: a hold that its patient confirms, or a time that the clinic takes itself."""

from datetime import timedelta
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.kernel.actor import Role
from medibook.kernel.errors import Forbidden, Invalid, NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.kernel.words import N_
from medibook.scheduling import access
from medibook.scheduling.rules.openings import Openings
from medibook.scheduling.rules.refusals import HoldGone, SlotTaken
from medibook.scheduling.rules.terms import on_terms, overrides, usual_place
from medibook.scheduling.schemas import HeldSlot, SlotWish, StaffTerms
from medibook.scheduling.service.choosing import (
    bookable,
    chosen,
    clear_the_way,
    found_at,
    latest_begin,
    lock,
    look,
)
from medibook.scheduling.service.claims import stretches, takes, wish_of
from medibook.scheduling.service.free import nearest_free_times
from medibook.scheduling.service.openings import Offer, Outlook, Viewer

_MINUTE = timedelta(minutes=1)
_SHORTEST, _LONGEST = timedelta(minutes=5), timedelta(hours=8)


def take_hold(uow: UnitOfWork, hold_id: UUID) -> tuple[HeldSlot, Offer]:
    """Turn a hold into time that :func:`occupy` can give a visit now; everything is judged again.

    A hold that has ended is as good as a live one while its time is still free. Of a live one, the
    notice is reckoned from when it was held. With it comes what it was judged by.

    Raises:
        HoldGone: there is no such hold of this patient. SlotTaken: its time is no longer free.
    """
    hold = access.find_hold(uow, hold_id)
    if hold is None:
        raise HoldGone
    wish = wish_of(hold)
    viewer = Viewer(hold.patient_id, hold.moves_appointment_id)
    lock(uow, viewer, wish.practitioner_id)
    service, policy = bookable(uow, wish)
    live = access.live_holds(uow, hold.patient_id)
    outlook = look(uow, wish, (service, policy), viewer)
    is_live = any(other.id == hold_id for other in live)
    asked_at = hold.created_at if is_live else uow.now
    found = found_at(uow, wish, outlook.openings, viewer, asked_at=asked_at)
    held = chosen(uow, wish, outlook.openings, hold.patient_id, found)
    own = [row for row in outlook.taken if row.is_of(hold_id)]
    others = [row for row in outlook.taken if not row.is_of(hold_id)]
    # A room that the visit type no longer needs is not looked at, so it must be asked for by name.
    is_same = (hold.moves_appointment_id, hold.room_id) == (None, held.room_id)
    is_taken = is_same and takes(held, own)
    # Its own rows go without a word: the time does not become free, it becomes a visit.
    if not is_taken:
        access.vacate(uow, source_ids=[hold_id])
    access.end_hold(uow, hold_id)
    clear_the_way(uow, held, others, [other for other in live if other.id != hold_id])
    taken = {
        "hold_id": hold_id,
        "expires_at": hold.expires_at,
        "moves_appointment_id": hold.moves_appointment_id,
        "is_taken": is_taken,
    }
    return held.model_copy(update=taken), (service, policy)


def take_time(
    uow: UnitOfWork, *, wish: SlotWish, patient_id: UUID, terms: StaffTerms | None = None
) -> HeldSlot:
    """A time for a patient without a hold, ready for :func:`occupy`; nothing is written yet.

    With ``terms`` it is the clinic that takes it: notice, horizon and grid do not bind, and a visit
    may have begun while it is not over. Without, the time is judged as if the patient had chosen it.
    What the terms allow to override is overridden only where that is needed; the result says what.

    Raises:
        Forbidden: the actor is neither the front desk nor this practitioner.
        SlotTaken: it cannot be had on these terms. NotBookable, ServiceNotOffered.
        Invalid: the length is none that a visit can have.
    """
    viewer = Viewer(patient_id, terms.moves if terms else None)
    if terms is not None:
        _check_may_decide(uow, wish.practitioner_id)
        _check_length(terms)
    lock(uow, viewer, wish.practitioner_id)
    service, policy = bookable(uow, wish)
    if terms is not None and terms.length is not None:
        service = service.model_copy(update={"length": terms.length})
    live = access.live_holds(uow, patient_id)
    elsewhere = terms.location_id if terms else None
    outlook = look(uow, wish, (service, policy), viewer, also_at=elsewhere)
    if terms is None:
        found = found_at(uow, wish, outlook.openings, viewer, asked_at=uow.now)
        held = chosen(uow, wish, outlook.openings, patient_id, found)
    else:
        held = _on_terms(uow, wish, outlook, viewer, terms)
    clear_the_way(uow, held, outlook.taken, live)
    return held


def _on_terms(
    uow: UnitOfWork, wish: SlotWish, outlook: Outlook, viewer: Viewer, terms: StaffTerms
) -> HeldSlot:
    """The time on the clinic's terms, overriding as little as possible; SlotTaken when that fails."""
    openings, place = outlook.openings, _place(uow, wish, outlook.openings, terms)
    for override in overrides(terms):
        allowed = on_terms(openings, terms, override, place)
        found = allowed.at(wish.starts_at, latest_begin(uow, allowed.service))
        if found is not None and viewer.patient_id is not None:
            held = chosen(uow, wish, allowed, viewer.patient_id, found)
            overbooked = _others_in_the_way(held, outlook) if override.busy else ()
            return held.model_copy(
                update={
                    "moves_appointment_id": terms.moves,
                    "outside_hours": override.hours,
                    "overbooks": overbooked,
                }
            )
    alternatives = nearest_free_times(uow, wish, viewer=viewer)
    raise SlotTaken(alternatives)


def _others_in_the_way(held: HeldSlot, outlook: Outlook) -> tuple[UUID, ...]:
    """The practitioner and the room, as far as somebody else has them at that time."""
    return tuple(
        whose
        for _, whose, time in stretches(held)
        if whose != held.patient_id
        and any(
            row.resource_id == whose
            and row.source_id is not None
            and row.source_id != held.moves_appointment_id
            and row.stands
            and row.time.overlaps(time)
            for row in outlook.taken
        )
    )


def _place(
    uow: UnitOfWork, wish: SlotWish, openings: Openings, terms: StaffTerms
) -> tuple[UUID, str] | None:
    """Where the visit is when nothing is open: as the clinic says, or where the practitioner works."""
    if terms.location_id is not None:
        found = clinic.locations_by_id(uow, [terms.location_id])
        if terms.location_id not in found:
            raise NotFound
        return terms.location_id, found[terms.location_id].zone
    usual = usual_place(openings.plan.hours, wish.starts_at)
    return (usual.location_id, usual.zone) if usual else None


def _check_may_decide(uow: UnitOfWork, practitioner_id: UUID) -> None:
    """The clinic's freedom is the front desk's and the practitioner's own, whoever calls this."""
    if uow.actor.role not in (Role.STAFF, Role.SYSTEM) and (
        uow.actor.role is not Role.PRACTITIONER or uow.actor.practitioner_id != practitioner_id
    ):
        raise Forbidden


def _check_length(terms: StaffTerms) -> None:
    length = terms.length
    if length is not None and (not _SHORTEST <= length <= _LONGEST or length % _MINUTE):
        raise Invalid({"length": N_("Choose a length of 5 minutes to 8 hours.")})


def occupy(
    uow: UnitOfWork, *, appointment_id: UUID, held: HeldSlot, overbooked_by: UUID | None = None
) -> None:
    """Take the time of a visit: practitioner with buffers, patient, room. Raises SlotTaken.

    The database is the last judge: whatever the rules missed, it refuses. Only what ``held`` says
    it overbooks, and only when somebody answers for it, stands outside its guard. What the visit's
    own hold has taken is handed over: nobody can come between.
    """
    if held.is_taken and access.hand_over(uow, held.hold_id, appointment_id):
        return
    if not access.occupy(
        uow,
        source_id=appointment_id,
        is_hold=False,
        stretches=list(stretches(held)),
        overbooked=dict.fromkeys(held.overbooks, overbooked_by),
    ):
        viewer = Viewer(held.patient_id, held.moves_appointment_id)
        raise SlotTaken(nearest_free_times(uow, wish_of(held), viewer=viewer))


def vacate(uow: UnitOfWork, source_id: UUID) -> None:
    """Give back the time that a visit has taken."""
    access.vacate(uow, source_ids=[source_id])
