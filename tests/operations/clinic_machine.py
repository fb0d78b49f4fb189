"""A clinic in which anybody does anything, in any order, while every invariant holds after every step.

The machine draws who does what; the clinic may refuse with a sentence, and nothing else. After each
step ``check_invariants`` is asked. Twins of the machine take a guard away: one of them must fail.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlmodel import Session

from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentStatus
from medibook.appointments.schemas.desk import DeskBooking, WalkIn
from medibook.appointments.schemas.series import (
    NewSeries,
    SeriesMode,
    SeriesRule,
    SeriesWish,
)
from medibook.kernel.actor import Actor, system
from medibook.kernel.errors import Refusal
from medibook.operations.service.check import check_invariants
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import BookingMode, NewTimeOff, SlotWish, TimeOffKind
from tests.support.clinic import Cast, build
from tests.support.visits import WORKING_WEEK, OpenClinic

PATIENTS = st.sampled_from(["Ada", "Ben"])
PRACTITIONERS = st.sampled_from(["Dr Cho", "Dr Diaz"])
# Few days and few readings: people must meet.
DAYS = st.integers(1, 12)
READINGS = st.sampled_from(["09:00", "09:10", "09:20", "09:30", "10:00", "11:40", "12:10", "13:00"])
WHICH = st.integers(0, 30)
WEEKS = st.sampled_from(
    [
        WORKING_WEEK,
        tuple((day, "09:00", "17:00") for day in range(7)),
        tuple((day, "09:10", "11:00") for day in (0, 2, 4)),
    ]
)


class ClinicMachine(RuleBasedStateMachine):
    """Everybody at once, one after the other."""

    fresh: ClassVar[Callable[[], contextlib.AbstractContextManager[OpenClinic]]]
    harm: ClassVar[Callable[[OpenClinic], None] | None] = None
    asks: ClassVar[Callable[[OpenClinic], list[str]]]

    def __init__(self) -> None:
        super().__init__()
        self._exit = contextlib.ExitStack()
        self.clinic = self._exit.enter_context(type(self).fresh())
        if self.harm is not None:
            type(self).harm(self.clinic)
        self.services = {who: self.clinic.service(who) for who in ("Dr Cho", "Dr Diaz")}
        self.holds: list[tuple[str, UUID]] = []
        self.keys = 0
        self.done = 0

    def teardown(self) -> None:
        self._exit.close()

    # ── the words of the rules ──────────────────────────────────────────────────────────────

    def _tries(self, actor: Actor, act: Callable[..., Any], **words: Any) -> Any:
        """Somebody does something; a refusal is an answer, anything else is a fault."""
        try:
            answer = self.clinic.perform(actor, act, **words)
        except Refusal:
            return None
        self.done += 1
        return answer

    def _start(self, day: int, reading: str) -> Any:
        on = (self.clinic.clock.time + timedelta(days=day)).date()
        return self.clinic.moment(f"{on} {reading}")

    def _wish(self, whose: str, day: int, reading: str) -> SlotWish:
        return SlotWish(
            practitioner_id=self.clinic.doctor(whose),
            service_id=self.services[whose],
            starts_at=self._start(day, reading),
        )

    def _key(self) -> str:
        self.keys += 1
        return f"machine-{self.keys}"

    def _visit(self, which: int) -> Any | None:
        found = self.clinic.rows(
            "SELECT id, patient_id, practitioner_id, version, status FROM appointment ORDER BY id"
        )
        return found[which % len(found)] if found else None

    def _owner(self, visit: Any) -> Actor:
        return next(
            actor
            for actor in (self.clinic.ada, self.clinic.ben)
            if actor.patient_id == _uuid(visit.patient_id)
        )

    def _practitioner(self, visit: Any) -> Actor:
        return next(
            actor
            for actor in (self.clinic.cho, self.clinic.diaz)
            if actor.practitioner_id == _uuid(visit.practitioner_id)
        )

    # ── what a patient does ─────────────────────────────────────────────────────────────────

    @rule(who=PATIENTS, whose=PRACTITIONERS, day=DAYS, reading=READINGS)
    def hold(self, who: str, whose: str, day: int, reading: str) -> None:
        held = self._tries(
            self.clinic.who(who), scheduling.hold_slot, wish=self._wish(whose, day, reading)
        )
        if held is not None:
            self.holds.append((who, held.hold_id))

    @rule(which=WHICH)
    def confirm(self, which: int) -> None:
        if self.holds:
            who, hold_id = self.holds[which % len(self.holds)]
            held = type("Held", (), {"hold_id": hold_id})
            with contextlib.suppress(Refusal):
                self.clinic.confirms(who, held, key=f"book-{hold_id}"[:64])
                self.done += 1

    @rule(which=WHICH)
    def let_go(self, which: int) -> None:
        if self.holds:
            who, hold_id = self.holds[which % len(self.holds)]
            self._tries(self.clinic.who(who), scheduling.release_hold, hold_id=hold_id)

    @rule(which=WHICH, day=DAYS, reading=READINGS)
    def move(self, which: int, day: int, reading: str) -> None:
        if (visit := self._visit(which)) is None:
            return
        owner, practitioner = self._owner(visit), self._practitioner(visit)
        whose = "Dr Cho" if practitioner == self.clinic.cho else "Dr Diaz"
        wish, visit_id = self._wish(whose, day, reading), _uuid(visit.id)
        held = self._tries(owner, scheduling.hold_slot, wish=wish, moves=visit_id)
        if held is not None:
            move = appointments.move_appointment
            self._tries(owner, move, appointment_id=visit_id, hold_id=held.hold_id)

    @rule(which=WHICH, by_patient=st.booleans())
    def cancel(self, which: int, by_patient: bool) -> None:
        if (visit := self._visit(which)) is not None:
            who = self._owner(visit) if by_patient else self._practitioner(visit)
            cancel = appointments.cancel_appointment
            self._tries(who, cancel, appointment_id=_uuid(visit.id), reason="it cannot be")

    @rule(
        who=PATIENTS, whose=PRACTITIONERS, day=DAYS, reading=READINGS,
        count=st.integers(2, 6), interval=st.integers(1, 2),
        mode=st.sampled_from([SeriesMode.SKIP, SeriesMode.ALL_OR_NOTHING]),
    )  # fmt: skip
    def book_a_series(
        self, who: str, whose: str, day: int, reading: str, count: int, interval: int, mode: Any
    ) -> None:
        rhythm = SeriesRule(interval=interval, count=count)
        wish = SeriesWish(first=self._wish(whose, day, reading), rule=rhythm)
        new = NewSeries(wish=wish, mode=mode, booking_key=self._key())
        self._tries(self.clinic.who(who), appointments.book_series, new=new)

    # ── what the clinic does ────────────────────────────────────────────────────────────────

    @rule(
        who=PATIENTS, whose=PRACTITIONERS, day=DAYS, reading=READINGS,
        why=st.sampled_from(["", "an emergency"]),
    )  # fmt: skip
    def book_at_the_desk(self, who: str, whose: str, day: int, reading: str, why: str) -> None:
        patient_id = self.clinic.who(who).patient_id
        assert patient_id
        new = DeskBooking(
            patient_id=patient_id, wish=self._wish(whose, day, reading), booking_key=self._key(),
            overbook_reason=why,
        )  # fmt: skip
        self._tries(self.clinic.gus, appointments.book_for_patient, new=new)

    @rule(who=PATIENTS, whose=PRACTITIONERS, why=st.sampled_from(["", "in pain"]))
    def walk_in(self, who: str, whose: str, why: str) -> None:
        patient_id = self.clinic.who(who).patient_id
        assert patient_id
        new = WalkIn(
            patient_id=patient_id, practitioner_id=self.clinic.doctor(whose),
            service_id=self.services[whose], booking_key=self._key(), overbook_reason=why,
        )  # fmt: skip
        self._tries(self.clinic.gus, appointments.add_walk_in, new=new)

    @rule(which=WHICH, day=DAYS, reading=READINGS, minutes=st.sampled_from([None, 10, 40]))
    def reschedule(self, which: int, day: int, reading: str, minutes: int | None) -> None:
        if (visit := self._visit(which)) is not None:
            self._tries(
                self._practitioner(visit),
                appointments.reschedule_appointment,
                appointment_id=_uuid(visit.id),
                starts_at=self._start(day, reading),
                version=visit.version,
                length=minutes and timedelta(minutes=minutes),
            )

    @rule(which=WHICH)
    def take_a_move_back(self, which: int) -> None:
        if (visit := self._visit(which)) is not None:
            undo, version = appointments.undo_reschedule, visit.version
            who = self._practitioner(visit)
            self._tries(who, undo, appointment_id=_uuid(visit.id), version=version)

    @rule(which=WHICH, status=st.sampled_from(AppointmentStatus))
    def step_on(self, which: int, status: AppointmentStatus) -> None:
        if (visit := self._visit(which)) is not None:
            self._tries(
                self.clinic.gus, appointments.advance, appointment_id=_uuid(visit.id), to=status,
                version=visit.version, reason="as it was",
            )  # fmt: skip

    @rule(which=WHICH, accepts=st.booleans())
    def answer(self, which: int, accepts: bool) -> None:
        if (visit := self._visit(which)) is not None:
            who, visit_id = self._practitioner(visit), _uuid(visit.id)
            if accepts:
                self._tries(who, appointments.accept_request, appointment_id=visit_id)
            else:
                decline = appointments.decline_request
                self._tries(who, decline, appointment_id=visit_id, reason="not here")

    @rule(whose=PRACTITIONERS, mode=st.sampled_from(BookingMode))
    def change_mode(self, whose: str, mode: BookingMode) -> None:
        self._tries(self.clinic.who(whose), scheduling.change_booking_mode, mode=mode)

    @rule(whose=PRACTITIONERS, week=WEEKS)
    def change_hours(self, whose: str, week: Any) -> None:
        with contextlib.suppress(Refusal):
            self.clinic.opens(whose, week)

    @rule(whose=PRACTITIONERS, day=DAYS)
    def block(self, whose: str, day: int) -> None:
        on = (self.clinic.clock.time + timedelta(days=day)).date()
        new = NewTimeOff(kind=TimeOffKind.DAY_OFF, first_day=on, last_day=on, zone="Europe/London")
        self._tries(self.clinic.who(whose), scheduling.add_time_off, new=new)

    @rule(whose=PRACTITIONERS, which=WHICH)
    def unblock(self, whose: str, which: int) -> None:
        who = self.clinic.who(whose)
        absences = self.clinic.perform(who, scheduling.my_schedule).time_off
        if absences:
            chosen = absences[which % len(absences)].time_off_id
            self._tries(who, scheduling.remove_time_off, time_off_id=chosen)

    # ── what time does ──────────────────────────────────────────────────────────────────────

    @rule(minutes=st.sampled_from([1, 11, 60, 60 * 20, 60 * 80]))
    def time_passes(self, minutes: int) -> None:
        self.clinic.later(minutes=minutes)
        robot = system("machine")
        self._tries(robot, scheduling.release_expired_holds)
        self._tries(robot, appointments.lapse_requests)

    @invariant()
    def everything_is_as_it_must_be(self) -> None:
        found = type(self).asks(self.clinic)
        assert not found, "; ".join(found)


def violations(clinic: OpenClinic) -> list[str]:
    """What is wrong with the clinic now."""
    with Session(clinic.medibook.engine) as session:
        found = check_invariants(session, clinic.clock.time)
    return [f"{each.invariant} {each.what}" for each in found]


def times_given_twice(clinic: OpenClinic) -> list[str]:
    """Overlaps alone, the slow and obvious way: quicker than every invariant, for the twins."""
    return [f"I1 {row_id} overlaps another" for (row_id,) in clinic.overlaps()]


@contextlib.contextmanager
def in_business(url: str, cast: Cast) -> Iterator[OpenClinic]:
    """A clinic that books, on a database with the cast in it."""
    medibook, clock = build(url)
    clinic = OpenClinic(medibook, clock, cast)
    clinic.offers("Dr Cho", minutes=20, called="Skin check")
    clinic.offers("Dr Diaz", minutes=30, called="Heart check")
    clinic.opens("Dr Cho")
    clinic.opens("Dr Diaz")
    clinic.policy(open_per_patient=1_000, cancel_cutoff_hours=0)
    yield clinic
    medibook.engine.dispose()


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


ClinicMachine.asks = staticmethod(violations)
