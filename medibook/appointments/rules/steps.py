"""The steps of the day: which can be taken now, by whom, and which takes one back."""

from datetime import datetime
from zoneinfo import ZoneInfo

from medibook.appointments.rules.refusals import NoSuchStep, TooEarly
from medibook.appointments.rules.status import CORRECTIONS, GRAPH, STEPS_OF_THE_DAY
from medibook.appointments.schemas import AppointmentStatus as Status
from medibook.kernel.actor import Role
from medibook.kernel.errors import Invalid
from medibook.kernel.words import N_

_SEEN = frozenset({Status.ARRIVED, Status.CHECKED_IN, Status.FULFILLED})


def may_plan_next(status: Status, starts_at: datetime, now: datetime) -> bool:
    """Whether a visit goes on or is over, so that somebody can say when the next one should be."""
    return status in _SEEN or (status is Status.BOOKED and starts_at <= now)


def next_steps(
    *, status: Status, starts_at: datetime, zone: str, now: datetime, role: Role | None
) -> tuple[Status, ...]:
    """The steps of the day that can be taken now, forward ones first, a correction last."""
    forward = [to for to in GRAPH.get(status, ()) if to in STEPS_OF_THE_DAY]
    back = [CORRECTIONS[status]] if status in CORRECTIONS else []
    return tuple(
        to
        for to in [*forward, *back]
        if status in STEPS_OF_THE_DAY
        and not _too_early(status, to, starts_at=starts_at, zone=zone, now=now)
        and not _is_for_staff_alone(status, to, role)
    )


def check_step(
    *,
    status: Status,
    to: Status,
    starts_at: datetime,
    zone: str,
    now: datetime,
    role: Role | None,
    reason: str,
) -> None:
    """Raise NoSuchStep, TooEarly or Invalid when this step of the day cannot be taken."""
    allowed = (*GRAPH.get(status, ()), CORRECTIONS.get(status))
    if not {status, to} <= STEPS_OF_THE_DAY or to not in allowed:
        raise NoSuchStep
    if _is_for_staff_alone(status, to, role):
        raise NoSuchStep
    if _too_early(status, to, starts_at=starts_at, zone=zone, now=now):
        raise TooEarly
    if status is Status.NOSHOW and not reason:
        raise Invalid({"reason": N_("Please say why a missed visit is not one.")})


def _is_for_staff_alone(status: Status, to: Status, role: Role | None) -> bool:
    return status is Status.NOSHOW and to is Status.FULFILLED and role is not Role.STAFF


def _too_early(
    status: Status, to: Status, *, starts_at: datetime, zone: str, now: datetime
) -> bool:
    if CORRECTIONS.get(status) is to:
        return False
    if to is Status.NOSHOW:
        return now <= starts_at
    wall = ZoneInfo(zone)
    return now.astimezone(wall).date() < starts_at.astimezone(wall).date()
