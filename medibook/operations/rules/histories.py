"""How the demo's visits came to be what they are: one believable chain of steps per outcome."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from medibook.appointments import events
from medibook.appointments.schemas import AppointmentStatus as S
from medibook.operations.rules.seeds import StepSeed

if TYPE_CHECKING:
    from medibook.kernel.intervals import Interval
    from medibook.operations.rules.chance import Chance
    from medibook.operations.rules.seeds import PatientSeed, PractitionerSeed, VisitSeed


class Outcome(StrEnum):
    """What became of a visit."""

    PENDING = "pending"
    BOOKED = "booked"
    ACCEPTED = "accepted"
    MOVED = "moved"
    ARRIVED = "arrived"
    CHECKED_IN = "checked-in"
    FULFILLED = "fulfilled"
    NOSHOW = "noshow"
    CANCELLED = "cancelled"
    CANCELLED_BY_CLINIC = "cancelled-by-clinic"
    DECLINED = "declined"
    LAPSED = "lapsed"


_SHORT, _DAY = timedelta(minutes=1), timedelta(days=1)
_ARRIVES = timedelta(minutes=12)
_BY_PATIENT = ("", "Something came up at work", "I feel better", "My train is cancelled")
_BY_CLINIC = (
    "The practitioner is ill",
    "Power cut in the building",
    "We have to close earlier that day",
)
_DECLINES = ("Please see a specialist for this", "Please book a longer visit")
_PAST = [Outcome.FULFILLED] * 15 + [
    Outcome.NOSHOW,
    Outcome.NOSHOW,
    Outcome.CANCELLED,
    Outcome.CANCELLED,
    Outcome.CANCELLED_BY_CLINIC,
]
_PAST_REQUESTS = [*_PAST, Outcome.DECLINED, Outcome.LAPSED]
_COMING = [Outcome.BOOKED] * 15 + [Outcome.MOVED, Outcome.MOVED, Outcome.CANCELLED, Outcome.PENDING]
_COMING_REQUESTS = [
    *[Outcome.ACCEPTED] * 8,
    *[Outcome.PENDING] * 4,
    Outcome.CANCELLED,
    Outcome.DECLINED,
]


def likely_outcome(time: Interval, *, now: datetime, by_request: bool, drawn: Chance) -> Outcome:
    """What has become of a visit at this time, as seen from now."""
    if time.end <= now:
        return drawn.one_of(_PAST_REQUESTS if by_request else _PAST)
    if time.start <= now:
        return Outcome.CHECKED_IN
    if time.start <= now + _ARRIVES:
        return Outcome.ARRIVED
    return drawn.one_of(_COMING_REQUESTS if by_request else _COMING)


def steps_of(
    outcome: Outcome,
    time: Interval,
    patient: PatientSeed,
    practitioner: PractitionerSeed,
    *,
    now: datetime,
    drawn: Chance,
) -> tuple[StepSeed, ...]:
    """The history of a visit with this outcome; none of it lies in the future."""
    latest = min(time.start - _DAY, now - timedelta(hours=2))
    asked = latest - timedelta(
        minutes=drawn.between(60, 60 * (48 if outcome is Outcome.PENDING else 200))
    )
    chain = _Chain(patient, practitioner, asked)
    requested = practitioner.booking_mode.value == "request" or outcome in _ASKED_FOR
    chain.add(
        asked,
        events.AppointmentRequested if requested else events.AppointmentBooked,
        S.PENDING if requested else S.BOOKED,
        by_patient=True,
    )
    if outcome in _UNANSWERED:
        _unanswered(chain, outcome, drawn)
        return tuple(chain.steps)
    if requested:
        chain.add(chain.later(latest), events.AppointmentAccepted, S.BOOKED)
    _afterwards(chain, outcome, time, min(time.start, now), drawn)
    return tuple(chain.steps)


_UNANSWERED = {Outcome.PENDING, Outcome.DECLINED, Outcome.LAPSED}
_ASKED_FOR = {*_UNANSWERED, Outcome.ACCEPTED}


def _unanswered(chain: _Chain, outcome: Outcome, drawn: Chance) -> None:
    if outcome is Outcome.DECLINED:
        chain.add(
            chain.asked + _SHORT * 50,
            events.AppointmentDeclined,
            S.CANCELLED,
            reason=drawn.one_of(_DECLINES),
        )
    elif outcome is Outcome.LAPSED:
        chain.add(chain.asked + _SHORT * 55, events.AppointmentLapsed, S.CANCELLED)


def _afterwards(
    chain: _Chain, outcome: Outcome, time: Interval, latest: datetime, drawn: Chance
) -> None:
    """What happened to a visit after it was booked, until ``latest`` (or its own end)."""
    match outcome:
        case Outcome.MOVED:
            chain.add(
                chain.later(latest),
                events.AppointmentMoved,
                S.BOOKED,
                by_patient=True,
                from_start=time.start + 7 * _DAY,
            )
        case Outcome.CANCELLED:
            chain.add(
                chain.later(latest),
                events.AppointmentCancelled,
                S.CANCELLED,
                by_patient=True,
                reason=drawn.one_of(_BY_PATIENT),
            )
        case Outcome.CANCELLED_BY_CLINIC:
            chain.add(
                chain.later(latest),
                events.AppointmentCancelled,
                S.CANCELLED,
                reason=drawn.one_of(_BY_CLINIC),
            )
        case Outcome.NOSHOW:
            chain.add(time.end, events.VisitProgressed, S.NOSHOW)
        case Outcome.ARRIVED | Outcome.CHECKED_IN | Outcome.FULFILLED:
            _the_day_itself(chain, outcome, time, latest)
        case _:
            pass


def _the_day_itself(chain: _Chain, outcome: Outcome, time: Interval, latest: datetime) -> None:
    chain.add(latest - 3 * _SHORT, events.VisitProgressed, S.ARRIVED)
    if outcome is not Outcome.ARRIVED:
        chain.add(latest - _SHORT, events.VisitProgressed, S.CHECKED_IN)
    if outcome is Outcome.FULFILLED:
        chain.add(time.end, events.VisitProgressed, S.FULFILLED)


class _Chain:
    """Steps that follow from one another."""

    def __init__(
        self, patient: PatientSeed, practitioner: PractitionerSeed, asked: datetime
    ) -> None:
        self._patient, self._practitioner = patient.account, practitioner.account
        self.asked = asked
        self.steps: list[StepSeed] = []

    def later(self, latest: datetime) -> datetime:
        """Half way between the last step and ``latest``."""
        last = self.steps[-1].at
        return last + (latest - last) / 2

    def add(
        self,
        at: datetime,
        fact: type[events.AppointmentFact],
        to_status: S,
        *,
        by_patient: bool = False,
        from_start: datetime | None = None,
        reason: str = "",
    ) -> None:
        """Take the next step."""
        lapsed = fact is events.AppointmentLapsed
        by = self._patient if by_patient else self._practitioner
        self.steps.append(
            StepSeed(
                at=at.replace(microsecond=0),
                fact=fact,
                to_status=to_status,
                from_status=self.steps[-1].to_status if self.steps else None,
                from_start=from_start,
                by_user_id=None if lapsed else by.id,
                by_role="system" if lapsed else by.role.value,
                reason=reason,
            )
        )


def facts_of(visit: VisitSeed) -> list[events.AppointmentFact]:
    """The facts that these steps were, in order."""
    return [_fact(visit, step, version) for version, step in enumerate(visit.steps, start=1)]


def _fact(visit: VisitSeed, step: StepSeed, version: int) -> events.AppointmentFact:
    ids = (visit.id, visit.practitioner.id, visit.patient.id, version)
    by_patient = step.by_role == "patient"
    if step.fact is events.AppointmentMoved:
        return events.AppointmentMoved(*ids, step.from_start or visit.time.start, by_patient)
    if step.fact is events.AppointmentCancelled:
        return events.AppointmentCancelled(*ids, by_patient)
    return step.fact(*ids)
