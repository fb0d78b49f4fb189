"""What helps to answer a request: what stands beside its time, what came in its way, what became of it."""

from collections.abc import Iterable, Sequence
from typing import Final

from medibook.appointments.schemas import AppointmentStatus as Status
from medibook.appointments.schemas.inbox import Clash, Outcome, Stand
from medibook.kernel.intervals import Interval

BESIDE: Final = 2
"""So many stretches before the time, and so many after it, are enough to decide."""


def around(asked: Stand, day: Iterable[Stand]) -> tuple[Stand, ...]:
    """The asked time between its nearest neighbours of the day, in order."""
    others = sorted((one for one in day if one != asked), key=lambda one: one.starts_at)
    before = [one for one in others if one.starts_at < asked.starts_at]
    after = [one for one in others if one.starts_at >= asked.starts_at]
    return (*before[-BESIDE:], asked, *after[:BESIDE])


def clashes(
    time: Interval, *, away: Sequence[Interval], opened: Sequence[Interval]
) -> tuple[Clash, ...]:
    """What has come in the way of a time since it was asked for."""
    found = []
    if any(time.overlaps(other) for other in away):
        found.append(Clash.AWAY)
    if not any(span.contains(time) for span in opened):
        found.append(Clash.CLOSED)
    return tuple(found)


def outcome_of(*, was: str, status: Status, by_patient: bool | None, by_machine: bool) -> Outcome:
    """What became of a request or an offer, from the change that ended its waiting."""
    is_offer = was == Status.PROPOSED
    if status is not Status.CANCELLED:
        return Outcome.OFFER_TAKEN if is_offer else Outcome.ACCEPTED
    if by_machine:
        return Outcome.OFFER_LAPSED if is_offer else Outcome.LAPSED
    if by_patient:
        return Outcome.OFFER_DECLINED if is_offer else Outcome.WITHDRAWN
    return Outcome.DECLINED
