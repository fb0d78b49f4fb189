"""Whom a freed time is offered to: priority, then who waits longest; and why the others are not asked.

Pure: who waits, the times that a visit could have, and what stands against each go in; one choice
with the reason for everybody who was passed over comes out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from medibook.kernel.intervals import Interval
from medibook.waitlist.rules.hours import expires_at, quiet_until, stops_at
from medibook.waitlist.rules.wishes import Wish
from medibook.waitlist.schemas import PassReason


class Opening(NamedTuple):
    """A time that a visit could have, and where."""

    starts_at: datetime
    ends_at: datetime
    location_id: UUID
    zone: str
    city: str = ""

    @property
    def time(self) -> Interval:
        """From when until when."""
        return Interval(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who waits for a practitioner's visit of this type.

    ``hindrance`` is what stands against asking them at all. ``busy`` is when they have something else,
    ``refused`` the times of this practitioner that they did not want before. ``before`` is the start of
    the visit that they have already and would give up for an earlier one.
    """

    entry_id: UUID
    patient_id: UUID
    service_id: UUID
    priority: int
    since: datetime
    wish: Wish
    hindrance: PassReason | None = None
    busy: tuple[Interval, ...] = ()
    refused: tuple[Interval, ...] = ()
    before: datetime | None = None


class Passed(NamedTuple):
    """Somebody who was passed over, and why."""

    candidate: Candidate
    reason: PassReason


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is asked, for which time, until when; or nobody.

    ``passed`` are all who rank before them, or all when nobody can be asked. ``rests_until``: somebody
    could be asked, but it is night.
    """

    candidate: Candidate | None = None
    opening: Opening | None = None
    until: datetime | None = None
    passed: tuple[Passed, ...] = ()
    rests_until: datetime | None = None


def rank(candidate: Candidate) -> tuple[int, datetime, UUID]:
    """Where somebody stands: the front desk's priority, then since when, then the entry's id."""
    return (-candidate.priority, candidate.since, candidate.entry_id)


@dataclass(frozen=True, slots=True)
class Freed:
    """What a freed time can be used for: each visit type's possible times, the best first."""

    openings: Mapping[UUID, Sequence[Opening]]
    notice: Mapping[UUID, timedelta] = field(default_factory=dict)

    def stop(self, service_id: UUID, opening: Opening) -> datetime:
        """Until when this time can be offered."""
        return stops_at(opening.starts_at, self.notice.get(service_id, timedelta(0)))


def choose(candidates: Iterable[Candidate], freed: Freed, now: datetime) -> Choice:
    """Go down the list until somebody can be asked; remember why the others could not."""
    passed: list[Passed] = []
    for candidate in sorted(candidates, key=rank):
        found = _best(candidate, freed, now)
        if isinstance(found, PassReason):
            passed.append(Passed(candidate, found))
            continue
        if (morning := quiet_until(now, found.zone)) is not None:
            return Choice(passed=tuple(passed), rests_until=morning)
        until = expires_at(now, stop=freed.stop(candidate.service_id, found))
        return Choice(candidate, found, until, tuple(passed))
    return Choice(passed=tuple(passed))


@dataclass(frozen=True, slots=True)
class Alongside:
    """Who is asked at the same time for the same, in their order, and who before the last of them is not."""

    asked: tuple[Candidate, ...] = ()
    passed: tuple[Passed, ...] = ()


def alongside(
    candidates: Iterable[Candidate], freed: Freed, first: Choice, now: datetime, *, most: int
) -> Alongside:
    """Go on down the list behind the first, for ``most`` others who can take the very same time.

    Whoever could take another part of the freed time ends it: nobody is left out for being different.
    """
    if first.candidate is None or first.opening is None:
        return Alongside()
    same = Freed({first.candidate.service_id: (first.opening,)}, freed.notice)
    patients = {first.candidate.patient_id}
    asked: list[Candidate] = []
    seen: list[Passed] = []
    passed: list[Passed] = []
    for candidate in sorted(candidates, key=rank):
        if len(asked) == most:
            break
        could = _best(candidate, freed, now)
        if candidate.patient_id in patients:
            seen.append(Passed(candidate, PassReason.OTHER_OFFER))
        elif isinstance(could, PassReason):
            seen.append(Passed(candidate, could))
        elif isinstance(_best(candidate, same, now), PassReason):
            break
        else:
            asked.append(candidate)
            patients.add(candidate.patient_id)
            passed = list(seen)
    return Alongside(tuple(asked), tuple(passed))


def suits(candidate: Candidate, freed: Freed, now: datetime) -> bool:
    """Whether any of the times is one that this person wishes for, as far as is known of them."""
    return not isinstance(_best(candidate, freed, now), PassReason)


def _best(candidate: Candidate, freed: Freed, now: datetime) -> Opening | PassReason:
    """The best of the times that this person could take, or the reason why there is none."""
    left: Collection[Opening] = freed.openings.get(candidate.service_id, ())
    if not left:
        return PassReason.TOO_SHORT
    questions = (
        (PassReason.OTHER_TIME, candidate.wish.fits),
        (PassReason.NOT_EARLIER, lambda o: _is_earlier(candidate, o)),
        (PassReason.TOO_NEAR, lambda o: _is_in_time(candidate, o, freed, now)),
        (PassReason.ASKED_BEFORE, lambda o: not _meets(candidate.refused, o)),
        (candidate.hindrance or PassReason.OUT_OF_REACH, lambda _: candidate.hindrance is None),
        (PassReason.BUSY_THEN, lambda o: not _meets(candidate.busy, o)),
    )
    for reason, passes in questions:
        left = [opening for opening in left if passes(opening)]
        if not left:
            return reason
    return next(iter(left))


def _is_in_time(candidate: Candidate, opening: Opening, freed: Freed, now: datetime) -> bool:
    """Whether somebody can be asked now, or in the morning, and has time to answer then."""
    asked_at = quiet_until(now, opening.zone) or now
    return expires_at(asked_at, stop=freed.stop(candidate.service_id, opening)) is not None


def _is_earlier(candidate: Candidate, opening: Opening) -> bool:
    return candidate.before is None or opening.starts_at < candidate.before


def _meets(times: Iterable[Interval], opening: Opening) -> bool:
    return any(time.overlaps(opening.time) for time in times)
