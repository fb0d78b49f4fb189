"""The words for every reason: in full for the clinic, and for a patient nothing about anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from medibook.clinic.schemas import ClinicPolicy, Closed
from medibook.kernel.intervals import Interval
from medibook.kernel.words import N_
from medibook.scheduling.schemas import Fact, Obstacle, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


NOT_FREE = N_("This time is not free.")

# Taken, held, away, no room and full must sound alike: none may tell of another's visit.
FOR_PATIENT: Mapping[Reason, str] = {
    Reason.PAST: N_("This time has passed."),
    Reason.TOO_SOON: N_("Online, a time is booked at least {notice} before it begins."),
    Reason.TOO_FAR: N_("Times can be booked up to {days} days ahead."),
    Reason.SKIPPED: N_("The clocks go forward on that day and skip this time."),
    Reason.CLOSED: N_("There are no opening hours for this visit then."),
    Reason.OTHER_HOURS: NOT_FREE,
    Reason.NOT_HERE: N_("This visit type is not offered at {place}."),
    Reason.HOLIDAY: N_("{place} is closed then: {name}."),
    Reason.OFF_GRID: N_("No visit begins at this minute. There is one every {grid}."),
    Reason.TIME_OFF: NOT_FREE,
    Reason.TAKEN: NOT_FREE,
    Reason.HELD: NOT_FREE,
    Reason.BUFFER: NOT_FREE,
    Reason.OWN_VISIT: N_("You have another visit at {visit}."),
    Reason.NO_ROOM: NOT_FREE,
    Reason.DAY_FULL: NOT_FREE,
    Reason.OFTEN_ENOUGH: N_("The limit of visits to one doctor on one day is {limit}."),
}
_FOR_STAFF: Mapping[Reason, str] = {
    Reason.PAST: N_("This time has passed."),
    Reason.TOO_SOON: N_("Within the notice of {notice}."),
    Reason.TOO_FAR: N_("Beyond the horizon of {days} days."),
    Reason.SKIPPED: N_("The clocks go forward on that day and skip this time."),
    Reason.CLOSED: N_("Outside the opening hours."),
    Reason.OTHER_HOURS: N_("The hours of this date are other than usual."),
    Reason.NOT_HERE: N_("This visit type is not offered at {place}."),
    Reason.HOLIDAY: N_("{place} is closed then: {name}."),
    Reason.OFF_GRID: N_("Off the grid of {grid}."),
    Reason.TAKEN: N_("Taken."),
    Reason.HELD: N_("Held for somebody."),
    Reason.BUFFER: N_("In the buffer of another visit."),
    Reason.OWN_VISIT: N_("The patient has another visit at {visit}."),
    Reason.NO_ROOM: N_("No room is free."),
    Reason.TIME_OFF: N_("Time off from {begins} until {ends}."),
    Reason.DAY_FULL: N_("The limit of {limit} visits a day is reached."),
    Reason.OFTEN_ENOUGH: N_("The patient has {limit} visits on that day, which is the limit."),
}
# Where no place and no visit are known: of one date among many.
_IN_SHORT: Mapping[Reason, tuple[str, str]] = {
    Reason.NOT_HERE: (
        N_("This visit type is not offered there."),
        N_("This visit type is not offered there."),
    ),
    Reason.HOLIDAY: (N_("The clinic is closed then."), N_("The clinic is closed then.")),
    Reason.OWN_VISIT: (
        N_("You have another visit then."),
        N_("The patient has another visit then."),
    ),
    Reason.TIME_OFF: (NOT_FREE, N_("Time off.")),
}
_CLOSED_FOR_GOOD = N_("{place} is closed then.")
_TAKEN = N_("Taken by the visit at {visit}.")
_HELD = N_("Held for somebody at {visit}.")
_THEIR_BUFFER = N_("In the buffer of the visit at {visit}.")
_OWN_BUFFER = N_("Its buffer would run into the visit at {visit}.")
_NO_SUCH_ROOM = N_("There is no such room at this location.")
_ROOMS_TAKEN = N_("No room is free. Taken: {taken}.")
_ROOMS_OUT = N_("No room is free. Out of order: {broken}.")
_ROOMS_TAKEN_AND_OUT = N_("No room is free. Taken: {taken}. Out of order: {broken}.")


class Commitment(NamedTuple):
    """A visit or a hold: what it takes with its buffers, and when the visit itself is."""

    time: Interval
    visit: Interval
    is_hold: bool


class RoomState(NamedTuple):
    """A room that could have been it, and whether it is out of order rather than taken."""

    name: str
    is_broken: bool


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the words need to know besides the reasons; ``place`` is where the visit would be."""

    time: Interval
    zone: str
    policy: ClinicPolicy
    place: str = ""
    buffers: tuple[timedelta, timedelta] = (timedelta(0), timedelta(0))
    daily_limit: int | None = None
    closed: tuple[Closed, ...] = ()
    time_off: tuple[Interval, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    own: tuple[Interval, ...] = ()
    rooms: tuple[RoomState, ...] = ()


def obstacles(
    reasons: Iterable[Reason], grounds: Grounds, *, in_full: bool
) -> tuple[Obstacle, ...]:
    """The reasons in words and in order; a patient hears each sentence once."""
    if in_full:
        return tuple(told for reason in reasons for told in _in_full(reason, grounds))
    said: dict[str, Obstacle] = {}
    for reason in reasons:
        told = Reason.TAKEN if FOR_PATIENT[reason] == NOT_FREE else reason
        facts = _facts(told, grounds)
        sentence = _sentence(told, FOR_PATIENT, facts)
        said.setdefault(sentence, _obstacle(told, sentence, "", grounds, facts))
    return tuple(said.values())


def _in_full(reason: Reason, grounds: Grounds) -> Iterator[Obstacle]:
    """One reason in the clinic's words: once for each visit that it is about."""
    facts: dict[str, Fact] = {**_facts(reason, grounds), **_private_facts(reason, grounds)}
    patients = _sentence(reason, FOR_PATIENT, facts)
    match reason:
        case Reason.TAKEN if grounds.commitments:
            for other in grounds.commitments:
                told, words = _of_commitment(other, grounds)
                start: dict[str, Fact] = {"visit": other.visit.start}
                yield _obstacle(told, patients, words, grounds, start)
        case Reason.NO_ROOM:
            yield _obstacle(reason, patients, _of_rooms(grounds.rooms), grounds, facts)
        case _:
            yield _obstacle(reason, patients, _sentence(reason, _FOR_STAFF, facts), grounds, facts)


def _sentence(reason: Reason, words: Mapping[Reason, str], facts: Mapping[str, Fact]) -> str:
    """The words that the facts can fill."""
    if reason is Reason.HOLIDAY and facts and not facts["name"]:
        return _CLOSED_FOR_GOOD
    if facts or reason not in _IN_SHORT:
        return words[reason]
    for_patient, for_staff = _IN_SHORT[reason]
    return for_staff if words is _FOR_STAFF else for_patient


def _of_commitment(other: Commitment, grounds: Grounds) -> tuple[Reason, str]:
    if other.is_hold:
        return Reason.HELD, _HELD
    if other.visit.overlaps(grounds.time):
        return Reason.TAKEN, _TAKEN
    before, after = grounds.buffers
    around = Interval(grounds.time.start - before, grounds.time.end + after)
    return Reason.BUFFER, _OWN_BUFFER if other.visit.overlaps(around) else _THEIR_BUFFER


def _of_rooms(rooms: Sequence[RoomState]) -> str:
    taken, broken = (any(room.is_broken is out for room in rooms) for out in (False, True))
    if taken and broken:
        return _ROOMS_TAKEN_AND_OUT
    if taken or broken:
        return _ROOMS_TAKEN if taken else _ROOMS_OUT
    return _NO_SUCH_ROOM


def _facts(reason: Reason, grounds: Grounds) -> dict[str, Fact]:
    """What fills the places of a sentence; nothing here is about another patient."""
    policy, place = grounds.policy, grounds.place
    match reason:
        case Reason.TOO_SOON:
            return {"notice": policy.minimum_notice}
        case Reason.TOO_FAR:
            return {"days": policy.horizon.days}
        case Reason.OFF_GRID:
            return {"grid": policy.grid}
        case Reason.NOT_HERE:
            return {"place": place} if place else {}
        case Reason.HOLIDAY:
            names = (closed.name for closed in grounds.closed if closed.time.overlaps(grounds.time))
            return {"place": place, "name": next(names, "")} if place else {}
        case Reason.OWN_VISIT:
            own = next((each for each in grounds.own if each.overlaps(grounds.time)), None)
            return {"visit": own.start} if own else {}
        case Reason.OFTEN_ENOUGH:
            return {"limit": policy.patient_daily_limit or 0}
        case _:
            return {}


def _private_facts(reason: Reason, grounds: Grounds) -> dict[str, Fact]:
    """What only the clinic may know."""
    match reason:
        case Reason.DAY_FULL:
            return {"limit": grounds.daily_limit or 0}
        case Reason.TIME_OFF:
            away = next(iter(grounds.time_off), None)
            return {"begins": away.start, "ends": away.end} if away else {}
        case Reason.NO_ROOM:
            return {
                "taken": tuple(room.name for room in grounds.rooms if not room.is_broken),
                "broken": tuple(room.name for room in grounds.rooms if room.is_broken),
            }
        case _:
            return {}


def _obstacle(
    reason: Reason,
    for_patient: str,
    for_staff: str,
    grounds: Grounds,
    facts: Mapping[str, Fact],
) -> Obstacle:
    return Obstacle(
        reason,
        for_patient,
        for_staff,
        asked=grounds.time.start,
        zone=grounds.zone,
        facts=MappingProxyType(dict(facts)),
    )
