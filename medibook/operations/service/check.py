"""Is everything in the database as it must be? One function asks for every invariant that exists so far.

Not decidable, and so not asked: I2 of a visit whose practitioner has changed hours since (the old
hours are not kept), and I4, which only a crash test can show.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from zoneinfo import ZoneInfo

from medibook.directory import service as directory
from medibook.kernel.actor import system
from medibook.kernel.audit import chain_faults
from medibook.kernel.ids import RandomIds
from medibook.kernel.intervals import Interval
from medibook.kernel.settings import Env, Settings
from medibook.kernel.throttle import Throttle
from medibook.kernel.use_case import UnitOfWork
from medibook.operations.access import (
    Session,
    foundations,
    histories,
    messages,
    overlaps,
    series,
    waitlist,
)
from medibook.operations.access.histories import Promise, Step
from medibook.operations.rules.series import fault_of_place, faults_of_changes
from medibook.operations.rules.status_graph import may_begin_as, may_follow
from medibook.operations.rules.waitlist import skipped_without_reason
from medibook.operations.schemas import Violation
from medibook.scheduling.rules import open_time

# A time is held before it is booked: hours that changed in between do not make the booking wrong.
_HELD_BEFORE = timedelta(hours=1)
_SAMPLE = 500  # of the search's bounds; `check --search` asks for all


def check_invariants(session: Session, now: datetime) -> tuple[Violation, ...]:
    """Ask for everything; empty when all is well. Only reads; ``now`` tells which holds are alive."""
    promises = histories.promises(session)
    found = (
        _never_twice(session, now),
        _time_is_accounted_for(session),
        _inside_hours(session, promises),
        _along_the_graph(session),
        _one_key_one_visit(session),
        _waiting_list(session, now),
        _told_once(session),
        _in_time(session),
        _every_change_is_told(session),
        (Violation(invariant="I10", what=fault) for fault in chain_faults(session)),
        (Violation(invariant="I13", what=fault) for fault in foundations.impossible_money(session)),
        _people(session),
        _foundations(session),
        _series(session),
        _wall_times(promises),
        late_for_the_search(session, now, sample=_SAMPLE),
    )
    return tuple(violation for violations in found for violation in violations)


def _never_twice(session: Session, now: datetime) -> Iterator[Violation]:
    for source, pairs in (
        ("busy time", overlaps.overlapping_busy_time(session)),
        ("visits and holds", overlaps.overlapping_visits(session, now)),
    ):
        for one, other in pairs:
            words = (
                f"{source}: {one.resource_id} is taken twice at {other.starts_at.isoformat()}: "
                f"{one.what} {one.source_id}, {other.what} {other.source_id}"
            )
            yield Violation(invariant="I1", what=words)
    for guard in foundations.missing_guards(session):
        words = f"the guard {guard} is missing or switched off"
        yield Violation(invariant="I1" if guard.startswith("busy") else "I10", what=words)


def _time_is_accounted_for(session: Session) -> Iterator[Violation]:
    for visit, kind, number in overlaps.visits_without_their_time(session):
        words = f"appointment {visit} has {number} rows of busy time for its {kind}, not one"
        yield Violation(invariant="I1", what=words)
    for row, kind, source in overlaps.time_taken_by_nobody(session):
        words = f"busy time {row} is taken by {kind} {source}, which has no claim to it"
        yield Violation(invariant="I1", what=words)


def _inside_hours(session: Session, promises: list[Promise]) -> Iterator[Violation]:
    hours = histories.hours_by_practitioner(session)
    changed = histories.last_change_of_hours(session)
    for visit in promises:
        since = changed.get(visit.practitioner_id)
        if visit.is_overridden or (since and since > visit.taken_at - _HELD_BEFORE):
            continue
        time = Interval(visit.starts_at, visit.ends_at)
        open_then = open_time(hours.get(visit.practitioner_id, ()), _around(time))
        if not any(
            place == visit.location_id and span.contains(time) for span, place, _ in open_then
        ):
            words = f"appointment {visit.appointment_id} lies outside the opening hours"
            yield Violation(invariant="I2", what=words)


def _around(time: Interval) -> Interval:
    return Interval(time.start - timedelta(days=1), time.end + timedelta(days=1))


def _along_the_graph(session: Session) -> Iterator[Violation]:
    for visit in histories.visits_without_history(session):
        yield Violation(invariant="I3", what=f"appointment {visit} has no history")
    for visit, group in groupby(histories.steps(session), attrgetter("appointment_id")):
        if words := _fault_of_history(list(group)):
            yield Violation(invariant="I3", what=f"appointment {visit}: {words}")


def _fault_of_history(steps: list[Step]) -> str:
    first, last = steps[0], steps[-1]
    if [step.version for step in steps] != list(range(1, len(steps) + 1)):
        return "its history has gaps"
    if first.from_status or not may_begin_as(first.to_status):
        return f"it cannot have begun as {first.to_status}"
    for before, step in pairwise(steps):
        if step.from_status != before.to_status:
            return f"version {step.version} does not follow from the one before"
        if not may_follow(step.from_status, step.to_status, by_role=step.by_role):
            return f"{step.from_status} cannot become {step.to_status} (by {step.by_role})"
    told = (last.to_status, last.to_start, last.version)
    if told != (last.status_now, last.start_now, last.version_now):
        return "its history ends elsewhere than where it stands"
    return ""


def _one_key_one_visit(session: Session) -> Iterator[Violation]:
    for words, which in histories.keys_with_two_effects(session):
        yield Violation(invariant="I5", what=f"a booking key is {words} {which}")


def _waiting_list(session: Session, now: datetime) -> Iterator[Violation]:
    for one, other in waitlist.offers_at_once(session):
        words = f"offers {one} and {other} are open for one time, or ask one person for two"
        yield Violation(invariant="I6", what=words)
    for words in waitlist.asked_too_many(session):
        yield Violation(invariant="I6", what=words)
    for words in waitlist.overdue(session, now):
        yield Violation(invariant="I6", what=words)
    for words in waitlist.offers_that_keep_nothing(session, now):
        yield Violation(invariant="I6", what=words)
    queue = waitlist.queue(session)
    for offer in waitlist.offers_in_turn(session):
        for entry_id in skipped_without_reason(offer, queue):
            words = (
                f"offer {offer.offer_id} went out before entry {entry_id}, which ranks before it"
            )
            yield Violation(invariant="I6", what=words)


def _every_change_is_told(session: Session) -> Iterator[Violation]:
    for visit, version in histories.changes_without_fact(session):
        words = f"appointment {visit}, version {version}: no fact in the outbox tells of it"
        yield Violation(invariant="I9", what=words)


def _told_once(session: Session) -> Iterator[Violation]:
    for words in (*messages.told_twice(session), *messages.reminded_twice(session)):
        yield Violation(invariant="I7", what=words)


def _in_time(session: Session) -> Iterator[Violation]:
    for words in messages.late_reminders(session):
        yield Violation(invariant="I8", what=words)


def _people(session: Session) -> Iterator[Violation]:
    if foundations.is_without_admin(session):
        yield Violation(invariant="I16", what="there is no active admin")
    for visit, practitioner in foundations.visits_with_unapproved(session):
        words = f"appointment {visit} is with practitioner {practitioner}, who is not approved"
        yield Violation(invariant="I16", what=words)


def _foundations(session: Session) -> Iterator[Violation]:
    for words in (*foundations.broken_references(session), *foundations.engine_faults(session)):
        yield Violation(invariant="I17", what=words)


def _series(session: Session) -> Iterator[Violation]:
    """What was moved alone is compared byte by byte in the tests; here, what a series says of itself."""
    for series_id, group in groupby(series.placed(session), attrgetter("series_id")):
        moved: dict[int, list[str]] = {}
        for one in group:
            words = (
                "" if one.is_ones_own else "is not of its series' patient, visit type or changes"
            )
            if one.version == 1:
                words = words or fault_of_place(one.rule, one.first_wall, one.place, one.wall_start)
            elif not one.is_cancelled:
                moved.setdefault(one.version, []).append(one.wall_start)
            if words:
                yield Violation(invariant="I14", what=f"appointment {one.appointment_id} {words}")
        for words in faults_of_changes(moved):
            yield Violation(invariant="I14", what=f"series {series_id}: {words}")


def _wall_times(promises: list[Promise]) -> Iterator[Violation]:
    for visit in promises:
        wall = visit.starts_at.astimezone(ZoneInfo(visit.zone)).strftime("%Y-%m-%dT%H:%M")
        if visit.zone != visit.zone_of_location:
            words = f"was promised in {visit.zone}, but its location is in {visit.zone_of_location}"
        elif wall != visit.wall_start:
            words = f"was promised for {visit.wall_start} on the wall, which will say {wall}"
        else:
            continue
        yield Violation(invariant="WALL", what=f"appointment {visit.appointment_id} {words}")


def late_for_the_search(
    session: Session, now: datetime, *, sample: int | None = None
) -> Iterator[Violation]:
    """Compare what the search believes with what is free: every bound, or so many from everywhere."""
    uow = UnitOfWork(system("check"), now, session, RandomIds(), Settings(env=Env.TEST), Throttle())
    for late in directory.late_bounds(uow, sample=sample):
        words = (
            f"practitioner {late.practitioner_id} is free at {late.truth.isoformat()} for visit type "
            f"{late.service_id}, but the search believes: not before {late.stored.isoformat()}"
        )
        yield Violation(invariant="SEARCH", what=words)
