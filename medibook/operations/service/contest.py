"""One worker of the proof: patients, practitioners and the front desk at once, through the one door."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentStatus, NewAppointment
from medibook.appointments.schemas.desk import DeskBooking
from medibook.appointments.schemas.series import NewSeries, SeriesMode, SeriesRule, SeriesWish
from medibook.kernel.actor import Actor, Role
from medibook.kernel.application import MediBook
from medibook.kernel.errors import Refusal
from medibook.operations.rules.contest import DESK, Act, Attempt, Tally
from medibook.operations.rules.seeds import PatientSeed
from medibook.people import service as people
from medibook.people.schemas import NewDependant, Relation
from medibook.scheduling import service as scheduling

_WEEK = timedelta(days=7)
_APART = timedelta(hours=1)


@dataclass(slots=True)
class _Worker:
    """What one worker has booked so far, and for whose children."""

    medibook: MediBook
    number: int
    own: list[tuple[UUID, Actor]] = field(default_factory=list)
    children: dict[UUID, UUID] = field(default_factory=dict)

    def attempt(self, attempt: Attempt) -> None:
        """Do what was drawn, or book where there is nothing to do it with yet."""
        actor = as_patient(attempt.patient)
        match attempt.act:
            case Act.SERIES:
                self._book_series(actor, attempt)
            case Act.DEPENDANT:
                held = self._hold(actor, attempt, for_patient=self._child_of(actor))
                self.own.append((self._confirm(actor, held), actor))
            case Act.DESK | Act.OVERBOOK:
                self._book_at_desk(actor, attempt)
            case Act.MOVE | Act.CANCEL | Act.ANSWER if self.own:
                self._change(attempt, *self.own.pop(0))
            case _:
                self.own.append((book(self.medibook, actor, attempt), actor))

    def _change(self, attempt: Attempt, visit: UUID, actor: Actor) -> None:
        if attempt.act is Act.CANCEL:
            self.medibook.perform(actor, appointments.cancel_appointment, appointment_id=visit)
            return
        self.own.append((visit, actor))
        if attempt.act is Act.ANSWER:
            self._answer(attempt, visit, actor)
        else:
            self._move(attempt, visit, actor)

    def _hold(self, actor: Actor, attempt: Attempt, *, for_patient: UUID) -> UUID:
        held = self.medibook.perform(
            actor, scheduling.hold_slot, wish=attempt.wish, for_patient=for_patient
        )
        return held.hold_id

    def _confirm(self, actor: Actor, hold_id: UUID) -> UUID:
        new = NewAppointment(hold_id=hold_id, booking_key=str(hold_id))
        return self.medibook.perform(actor, appointments.book_appointment, new=new)

    def _move(self, attempt: Attempt, visit: UUID, actor: Actor) -> None:
        """Hold another time for the same visit and move there, with the same practitioner and type."""
        card = self.medibook.perform(actor, appointments.visit, appointment_id=visit)
        same = {"practitioner_id": card.practitioner_id, "service_id": card.service_id}
        wish = attempt.wish.model_copy(update=same)
        hold, move = scheduling.hold_slot, appointments.move_appointment
        held = self.medibook.perform(actor, hold, wish=wish, moves=visit)
        self.medibook.perform(actor, move, appointment_id=visit, hold_id=held.hold_id)

    def _child_of(self, actor: Actor) -> UUID:
        """A child of this person, of this worker's own: other workers add others."""
        if actor.user_id is None:
            raise AssertionError("patients have accounts here")
        if actor.user_id not in self.children:
            new = NewDependant(
                name=f"Child {self.number} of {actor.name}",
                birth_date="2020-01-01",
                relation=Relation.CHILD,
            )
            added = self.medibook.perform(actor, people.add_dependant, new=new)
            self.children[actor.user_id] = added
        return self.children[actor.user_id]

    def _book_series(self, actor: Actor, attempt: Attempt) -> None:
        rule = SeriesRule(interval=1, count=4)
        key = f"{self.number}-{self.medibook.ids.new_id()}"
        new = NewSeries(
            wish=SeriesWish(first=attempt.wish, rule=rule), mode=SeriesMode.SKIP, booking_key=key
        )
        booked = self.medibook.perform(actor, appointments.book_series, new=new)
        self.own += [(visit.appointment_id, actor) for visit in booked.visits]

    def _book_at_desk(self, actor: Actor, attempt: Attempt) -> None:
        why = "an emergency" if attempt.act is Act.OVERBOOK else ""
        new = DeskBooking(
            patient_id=attempt.patient.id, wish=attempt.wish, overbook_reason=why,
            booking_key=str(self.medibook.ids.new_id()),
        )  # fmt: skip
        booked = self.medibook.perform(_AT_DESK, appointments.book_for_patient, new=new)
        self.own.append((booked.appointment_id, actor))

    def _answer(self, attempt: Attempt, visit: UUID, actor: Actor) -> None:
        """The desk offers two other times for a request, and the patient takes one of the offered."""
        card = self.medibook.perform(actor, appointments.visit, appointment_id=visit)
        if card.status is AppointmentStatus.PROPOSED and card.offers:
            take, offer = appointments.take_offered_time, card.offers[-1]
            self.medibook.perform(actor, take, appointment_id=visit, offer_id=offer.offer_id)
            return
        first = attempt.wish.starts_at
        self.medibook.perform(
            _AT_DESK, appointments.offer_other_times, appointment_id=visit, version=card.version,
            times=[first, first + _APART, first + _WEEK],
        )  # fmt: skip


def contend(
    medibook: MediBook,
    attempts: Iterable[Attempt],
    *,
    worker: int,
    after_each: Callable[[], None],
) -> Tally:
    """Try one after the other; nothing that goes wrong ends the worker, everything is counted."""
    tally, who = Tally(), _Worker(medibook, worker)
    for attempt in attempts:
        tally.attempts += 1
        tally.wanted_by_all += attempt.wanted_by_all
        try:
            who.attempt(attempt)
            tally.wins += 1
            tally.won[attempt.act.value] += 1
        except Refusal as refusal:
            tally.refusals[refusal.code] += 1
        except Exception as error:  # noqa: BLE001 - the proof exists to find and show these
            tally.errors[f"{type(error).__name__}: {str(error)[:300]}"] += 1
        after_each()
    return tally


def book(medibook: MediBook, actor: Actor, attempt: Attempt) -> UUID:
    """Hold the time and book it, as the page does."""
    held = medibook.perform(actor, scheduling.hold_slot, wish=attempt.wish)
    new = NewAppointment(hold_id=held.hold_id, booking_key=str(held.hold_id))
    return medibook.perform(actor, appointments.book_appointment, new=new)


def as_patient(patient: PatientSeed) -> Actor:
    """The patient as the actor that a session would make of them."""
    return Actor(
        role=Role.PATIENT,
        user_id=patient.account.id,
        patient_id=patient.id,
        approved=True,
        name=patient.account.name,
    )


_AT_DESK = Actor(role=Role.STAFF, user_id=DESK.id, approved=True, name=DESK.name)
