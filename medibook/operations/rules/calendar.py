"""The demo's eight weeks: days off, full days, and visits on times that were free when they were taken."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.kernel.intervals import Interval
from medibook.operations.rules.chance import Chance, named_id, named_reference
from medibook.operations.rules.histories import Outcome, likely_outcome, steps_of
from medibook.operations.rules.places import FOLLOW_UP
from medibook.operations.rules.seeds import (
    PatientSeed,
    PolicySeed,
    TimeOffSeed,
    VisitSeed,
)
from medibook.scheduling.rules import BookingPolicy, Plan, Slot, free_slots
from medibook.scheduling.rules.seconds import spans_of
from medibook.scheduling.schemas import TimeOffKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medibook.operations.rules.seeds import (
        PlaceSeed,
        PractitionerSeed,
        ServiceSeed,
    )

PAST_DAYS, COMING_DAYS = 28, 28
_REQUEST_LAPSES, _NOTICE = timedelta(hours=72), timedelta(hours=2)
_SOON = 9
_USUALLY, _OFTEN = (1, 4), (4, 7)
# The account that a visitor signs in as to see a practitioner's day.
VISITORS_PRACTITIONER = "amina-rahman"
_FULL = {"isla-macleod": range(1, 5), "katharina-vogt": range(1, 4)}
_REASONS = (
    "",
    "",
    "",
    "Cough that does not go away",
    "Follow-up of last month",
    "Check of blood values",
    "Back pain after moving house",
    "Travel advice",
    "It itches",
    "Sleeping badly",
    "My employer needs a certificate",
    "Second opinion",
    "Headaches since spring",
)


def with_time_off(practitioner: PractitionerSeed, today: date) -> PractitionerSeed:
    """Give a practitioner days off before and after today, and a blocked time; some go on holiday."""
    if not practitioner.hours:
        return practitioner
    drawn = Chance(f"time off of {practitioner.slug}")
    days = 5 if drawn.between(1, 5) == 1 else 1
    ahead = today + timedelta(days=drawn.between(8, 23))
    behind = today - timedelta(days=drawn.between(5, 24))
    blocked = today + timedelta(days=drawn.between(2, 6))
    zone = practitioner.place.zone
    spans = (
        (
            TimeOffKind.DAY_OFF,
            Interval(_midnight(ahead, zone), _midnight(ahead, zone, after=days)),
            "Holiday",
        ),
        (
            TimeOffKind.DAY_OFF,
            Interval(_midnight(behind, zone), _midnight(behind, zone, after=1)),
            "Training",
        ),
        (
            TimeOffKind.BLOCKED,
            Interval(_at(blocked, time(11), zone), _at(blocked, time(12), zone)),
            "Team meeting",
        ),
    )
    off = tuple(
        TimeOffSeed(id=named_id("time off", practitioner.slug, n), kind=kind, time=span, reason=why)
        for n, (kind, span, why) in enumerate(spans)
    )
    return replace(practitioner, time_off=off)


def visits(
    practitioners: Iterable[PractitionerSeed],
    patients: Iterable[PatientSeed],
    policy: PolicySeed,
    now: datetime,
) -> tuple[VisitSeed, ...]:
    """All visits of eight weeks; no practitioner, patient or room is in two at once."""
    book = _Book(tuple(patients), policy, now)
    working = [p for p in practitioners if p.hours]
    for practitioner in working:
        book.write_for_the_visitor(practitioner)
    for practitioner in working:
        book.fill_to_the_brim(practitioner)
    for ahead in range(-PAST_DAYS, COMING_DAYS):
        for practitioner in working:
            book.fill(practitioner, ahead)
    return tuple(sorted(book.visits, key=lambda visit: visit.time))


@dataclass(slots=True)
class _Book:
    """The appointment book while it is being filled."""

    patients: tuple[PatientSeed, ...]
    policy: PolicySeed
    now: datetime
    visits: list[VisitSeed] = field(default_factory=list)
    _busy: defaultdict[UUID, list[Interval]] = field(default_factory=lambda: defaultdict(list))
    _open: Counter[UUID] = field(default_factory=Counter)

    def fill_to_the_brim(self, practitioner: PractitionerSeed) -> None:
        """Leave no time on those days on which the practitioner is sought after."""
        drawn = Chance(f"full days of {practitioner.slug}")
        for ahead in _FULL.get(practitioner.slug, ()):
            day = self._day(practitioner.place, ahead)
            while self._write(practitioner, day, drawn, service=FOLLOW_UP, earliest=True):
                pass

    def fill(self, practitioner: PractitionerSeed, ahead: int) -> None:
        """Write a day's ordinary visits into the book; fewer, the further ahead it is."""
        if ahead in _FULL.get(practitioner.slug, ()):
            return
        drawn = Chance(f"visits of {practitioner.slug} on {ahead}")
        few, many = _OFTEN if practitioner.slug == VISITORS_PRACTITIONER else _USUALLY
        if ahead > _SOON:
            few, many = few // 2, many // 2
        for _ in range(drawn.between(few, many)):
            self._write(practitioner, self._day(practitioner.place, ahead), drawn)

    def write_for_the_visitor(self, practitioner: PractitionerSeed) -> None:
        """Give the patient whom a visitor signs in as a visit of each kind."""
        visitor = self.patients[0]
        drawn = Chance(f"the visitor's visits with {practitioner.slug}")
        for slug, ahead, outcome in (
            (VISITORS_PRACTITIONER, 3, Outcome.BOOKED), (VISITORS_PRACTITIONER, -12, Outcome.FULFILLED),
            ("owen-pritchard", 8, Outcome.PENDING), ("isla-macleod", 13, Outcome.MOVED),
            ("tan-wei-lin", -20, Outcome.CANCELLED_BY_CLINIC), ("isla-macleod", -6, Outcome.NOSHOW),
        ):  # fmt: skip
            if slug != practitioner.slug:
                continue
            for day in (self._day(practitioner.place, ahead + later) for later in range(5)):
                if self._write(practitioner, day, drawn, patient=visitor, outcome=outcome):
                    break

    def _day(self, place: PlaceSeed, ahead: int) -> date:
        return self.now.astimezone(ZoneInfo(place.zone)).date() + timedelta(days=ahead)

    def _write(
        self,
        practitioner: PractitionerSeed,
        day: date,
        drawn: Chance,
        *,
        service: ServiceSeed | None = None,
        earliest: bool = False,
        patient: PatientSeed | None = None,
        outcome: Outcome | None = None,
    ) -> bool:
        """Write one visit into the book; False when nothing fits on that day any more."""
        wanted = service or drawn.one_of(practitioner.offers)[0]
        free = self._free(practitioner, wanted, day)
        if not free:
            return False
        slot = free[0] if earliest else drawn.one_of(free)
        taken = _with_buffers(slot, wanted)
        patient = patient or self._somebody(practitioner, taken, drawn)
        room = self._room(practitioner.place, taken) if wanted.needs_room else None
        if patient is None or (wanted.needs_room and room is None):
            return False
        by_request = practitioner.booking_mode.value == "request"
        ended = outcome or likely_outcome(
            Interval(slot.start, slot.end), now=self.now, by_request=by_request, drawn=drawn
        )
        self._note(practitioner, wanted, patient, room, slot, ended, drawn)
        return True

    def _free(self, practitioner: PractitionerSeed, service: ServiceSeed, day: date) -> list[Slot]:
        zone = practitioner.place.zone
        window = Interval(_midnight(day, zone), _midnight(day, zone, after=1))
        policy = BookingPolicy(
            timedelta(0), timedelta(days=60), timedelta(minutes=self.policy.grid_minutes)
        )
        plan = Plan(
            practitioner.hours,
            spans_of(off.time for off in practitioner.time_off),
            spans_of(t for t in self._busy[practitioner.id] if t.overlaps(window)),
            policy,
        )
        return free_slots(
            plan,
            window,
            length=timedelta(minutes=service.minutes),
            buffer_before=timedelta(minutes=service.buffer_before_minutes),
            buffer_after=timedelta(minutes=service.buffer_after_minutes),
            now=window.start - timedelta(days=1),
        )

    def _somebody(
        self, practitioner: PractitionerSeed, taken: Interval, drawn: Chance
    ) -> PatientSeed | None:
        there = [
            p
            for p in self.patients[1:]
            if p.place is practitioner.place
            and self._open[p.id] < self.policy.open_per_patient - 1
            and not self._is_busy(p.id, taken)
        ]
        return drawn.one_of(there) if there else None

    def _room(self, place: PlaceSeed, taken: Interval) -> UUID | None:
        return next((room for room, _ in place.rooms if not self._is_busy(room, taken)), None)

    def _is_busy(self, resource: UUID, taken: Interval) -> bool:
        return any(other.overlaps(taken) for other in self._busy[resource])

    def _note(
        self,
        practitioner: PractitionerSeed,
        service: ServiceSeed,
        patient: PatientSeed,
        room: UUID | None,
        slot: Slot,
        outcome: Outcome,
        drawn: Chance,
    ) -> None:
        key = (practitioner.slug, slot.start.isoformat(), len(self.visits))
        time_of_visit = Interval(slot.start, slot.end)
        steps = steps_of(outcome, time_of_visit, patient, practitioner, now=self.now, drawn=drawn)
        visit = VisitSeed(
            id=named_id("visit", *key),
            reference=named_reference(*key),
            patient=patient,
            practitioner=practitioner,
            service=service,
            fee_minor=dict(practitioner.offers)[service],
            room_id=room,
            time=time_of_visit,
            reason=drawn.one_of(_REASONS),
            steps=steps,
            lapses_at=min(steps[0].at + _REQUEST_LAPSES, slot.start - _NOTICE)
            if outcome is Outcome.PENDING
            else None,
        )
        self.visits.append(visit)
        if visit.keeps_its_time:
            for resource in filter(None, (practitioner.id, patient.id, room)):
                self._busy[resource].append(_with_buffers(slot, service))
        if visit.is_active:
            self._open[patient.id] += 1


def _with_buffers(slot: Slot, service: ServiceSeed) -> Interval:
    before = timedelta(minutes=service.buffer_before_minutes)
    after = timedelta(minutes=service.buffer_after_minutes)
    return Interval(slot.start - before, slot.end + after)


def _midnight(day: date, zone: str, *, after: int = 0) -> datetime:
    return _at(day + timedelta(days=after), time(0), zone)


def _at(day: date, reading: time, zone: str) -> datetime:
    return datetime.combine(day, reading, tzinfo=ZoneInfo(zone)).astimezone(UTC)
