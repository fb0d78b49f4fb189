"""One worker of the proof: it books, moves and cancels like any patient, through the one door."""

from collections.abc import Callable, Iterable
from uuid import UUID

from medibook.appointments import service as appointments
from medibook.appointments.schemas import NewAppointment
from medibook.kernel.actor import Actor, Role
from medibook.kernel.application import MediBook
from medibook.kernel.errors import Refusal
from medibook.operations.rules.contest import Act, Attempt, Tally
from medibook.operations.rules.seeds import PatientSeed
from medibook.scheduling import service as scheduling

_Own = list[tuple[UUID, Actor]]


def contend(
    medibook: MediBook, attempts: Iterable[Attempt], *, after_each: Callable[[], None]
) -> Tally:
    """Try one after the other; nothing that goes wrong ends the worker, everything is counted."""
    tally = Tally()
    own: _Own = []
    for attempt in attempts:
        tally.attempts += 1
        tally.wanted_by_all += attempt.wanted_by_all
        try:
            _try(medibook, attempt, own)
            tally.wins += 1
        except Refusal as refusal:
            tally.refusals[refusal.code] += 1
        except Exception as error:  # noqa: BLE001 - the proof exists to find and show these
            tally.errors[f"{type(error).__name__}: {str(error)[:300]}"] += 1
        after_each()
    return tally


def _try(medibook: MediBook, attempt: Attempt, own: _Own) -> None:
    if attempt.act is Act.BOOK or not own:
        actor = as_patient(attempt.patient)
        own.append((book(medibook, actor, attempt), actor))
        return
    visit, actor = own.pop(0)
    if attempt.act is Act.CANCEL:
        medibook.perform(actor, appointments.cancel_appointment, appointment_id=visit)
        return
    own.append((visit, actor))
    _move(medibook, actor, visit, attempt)


def book(medibook: MediBook, actor: Actor, attempt: Attempt) -> UUID:
    """Hold the time and book it, as the page does."""
    held = medibook.perform(actor, scheduling.hold_slot, wish=attempt.wish)
    new = NewAppointment(hold_id=held.hold_id, booking_key=str(held.hold_id))
    return medibook.perform(actor, appointments.book_appointment, new=new).appointment_id


def _move(medibook: MediBook, actor: Actor, visit: UUID, attempt: Attempt) -> None:
    """Hold another time for the same visit and move there; a move keeps practitioner and visit type."""
    card = medibook.perform(actor, appointments.visit, appointment_id=visit)
    same = {"practitioner_id": card.practitioner_id, "service_id": card.service_id}
    wish = attempt.wish.model_copy(update=same)
    held = medibook.perform(actor, scheduling.hold_slot, wish=wish, moves=visit)
    medibook.perform(
        actor, appointments.move_appointment, appointment_id=visit, hold_id=held.hold_id
    )


def as_patient(patient: PatientSeed) -> Actor:
    """The patient as the actor that a session would make of them."""
    return Actor(
        role=Role.PATIENT,
        user_id=patient.account.id,
        patient_id=patient.id,
        approved=True,
        name=patient.account.name,
    )
