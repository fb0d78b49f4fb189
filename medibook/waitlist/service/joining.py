"""Joining the list: what somebody waits for, from a full board, a search without a hit, or a visit."""

from uuid import UUID

from medibook.appointments import service as appointments
from medibook.clinic import service as clinic
from medibook.kernel.actor import Role, patient, staff
from medibook.kernel.errors import Forbidden, Invalid, NotFound
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.kernel.words import N_
from medibook.people import service as people
from medibook.people.rules.fields import one_line
from medibook.waitlist import rules
from medibook.waitlist.access import entries
from medibook.waitlist.events import WaitlistJoined
from medibook.waitlist.schemas import NewEntry


@use_case(allow=patient | staff)
def join_waitlist(uow: UnitOfWork, *, new: NewEntry) -> UUID:
    """Wait for a time; returns the entry. ``for_patient`` is somebody whom the actor acts for.

    Raises:
        AlreadyWaiting: the same person waits for the same. TooManyEntries: for as much as one may.
        NotFound: the actor does not act for this patient, or there is no such patient or visit.
        Invalid: field by field.
    """
    patient_id = _whom(uow, new.for_patient)
    uow.lock(patient_id)  # of two clicks, the second must see what the first has written
    policy = (
        clinic.policy_for(uow, new.service_id) if new.service_id is not None else clinic.policy(uow)
    )
    wish = rules.checked(new, today=uow.now.date(), horizon=policy.horizon)
    _check_is_there(uow, wish)
    if wish.replaces_id is not None:
        _check_can_be_replaced(uow, patient_id, wish.replaces_id)
    mine = entries.waiting_of(uow, patient_id)
    whom = tuple(sorted(set(wish.practitioner_ids)))
    if any(_is_same(uow, row, wish, whom) for row in mine):
        raise rules.AlreadyWaiting
    if len(mine) >= rules.MOST_ENTRIES:
        raise rules.TooManyEntries(count=rules.MOST_ENTRIES)
    entry_id = entries.add(uow, _columns(uow, patient_id, wish), whom)
    uow.audit("waitlist_entry", entry_id, patient_id=patient_id)
    uow.record(WaitlistJoined(entry_id, patient_id))
    return entry_id


def _whom(uow: UnitOfWork, for_patient: UUID | None) -> UUID:
    patient_id = for_patient or uow.actor.patient_id
    if patient_id is None:
        raise NotFound
    is_there = (
        people.contacts(uow, [patient_id])
        if uow.actor.role is Role.STAFF
        else people.patient_ids_of(uow)
    )
    if patient_id not in is_there:
        raise NotFound
    return patient_id


def _check_is_there(uow: UnitOfWork, wish: NewEntry) -> None:
    """Ids are claims: refuse what the clinic does not have, and whoever does not offer it."""
    problems = {}
    if wish.service_id is not None:
        found = clinic.visit_types_by_id(uow, [wish.service_id]).get(wish.service_id)
        if found is None or found.is_retired:
            problems["service_id"] = N_("Choose a visit type or a specialty.")
    if wish.specialty_id is not None and wish.specialty_id not in {
        card.specialty_id for card in clinic.specialties(uow)
    }:
        problems["service_id"] = N_("Choose a visit type or a specialty.")
    if wish.practitioner_ids:
        bookable = people.bookable(uow, wish.practitioner_ids)
        offers = clinic.services_by_practitioner(uow, bookable)
        able = {
            who
            for who, cards in offers.items()
            if wish.service_id in (None, *(card.service_id for card in cards))
        }
        if able != set(wish.practitioner_ids):
            problems["practitioner_ids"] = N_("Choose doctors who offer this visit.")
    if problems:
        raise Invalid(problems)


def _check_can_be_replaced(uow: UnitOfWork, patient_id: UUID, appointment_id: UUID) -> None:
    own = appointments.open_visits(uow, [patient_id]).get(patient_id, ())
    if not any(v.appointment_id == appointment_id and v.starts_at > uow.now for v in own):
        raise NotFound


def _is_same(uow: UnitOfWork, row: object, wish: NewEntry, whom: tuple[UUID, ...]) -> bool:
    same = ("service_id", "specialty_id", "replaces_id")
    if any(getattr(row, name) != getattr(wish, name) for name in same):
        return False
    entry_id: UUID = row.id  # type: ignore[attr-defined]  # a row of Core columns
    return entries.practitioners_of(uow, [entry_id]).get(entry_id, ()) == whom


def _columns(uow: UnitOfWork, patient_id: UUID, wish: NewEntry) -> dict[str, object]:
    if uow.actor.user_id is None:  # the guard lets nobody else in
        raise Forbidden
    return {
        "patient_id": patient_id,
        "service_id": wish.service_id,
        "specialty_id": wish.specialty_id,
        "city": one_line(wish.city),
        "weekdays": "".join(map(str, sorted(wish.weekdays))),
        "not_before": wish.not_before,
        "not_after": wish.not_after,
        "first_day": wish.first_day,
        "last_day": wish.last_day,
        "replaces_id": wish.replaces_id,
        "created_by": uow.actor.user_id,
    }
