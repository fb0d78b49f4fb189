"""What may happen to a visit: its terms, the graph of its status, and how the clinic says no."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from medibook.appointments.schemas import AppointmentStatus as Status
from medibook.appointments.schemas import AppointmentTerms
from medibook.clinic.schemas import ClinicPolicy
from medibook.kernel.actor import Role
from medibook.kernel.errors import Conflict, Invalid, Refusal
from medibook.kernel.money import Money
from medibook.kernel.words import N_

ACTIVE: Final = frozenset(
    {Status.PENDING, Status.PROPOSED, Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN}
)
"""A visit in one of these occupies its time (I1)."""

CHANGEABLE_BY_PATIENT: Final = frozenset({Status.PENDING, Status.PROPOSED, Status.BOOKED})
"""A patient may move or cancel a visit in one of these, until it begins."""

GRAPH: Final[Mapping[Status, tuple[Status, ...]]] = {
    Status.PENDING: (Status.BOOKED, Status.PROPOSED, Status.CANCELLED),
    Status.PROPOSED: (Status.BOOKED, Status.CANCELLED),
    Status.BOOKED: (
        Status.ARRIVED,
        Status.CHECKED_IN,
        Status.FULFILLED,
        Status.NOSHOW,
        Status.CANCELLED,
    ),
    Status.ARRIVED: (Status.CHECKED_IN, Status.FULFILLED, Status.CANCELLED),
    Status.CHECKED_IN: (Status.FULFILLED, Status.CANCELLED),
    Status.NOSHOW: (Status.FULFILLED,),
}
"""Forward moves of status (I3); small clinics skip the middle steps of the day."""

CORRECTIONS: Final[Mapping[Status, Status]] = {
    Status.ARRIVED: Status.BOOKED,
    Status.CHECKED_IN: Status.ARRIVED,
    Status.NOSHOW: Status.BOOKED,
}
"""One step back, when somebody pressed the wrong button; the history keeps both."""

STEPS_OF_THE_DAY: Final = frozenset(
    {Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN, Status.FULFILLED, Status.NOSHOW}
)
LONGEST_REASON: Final = 300


class TooLate(Refusal):
    """The clinic's cut-off for moving and cancelling has passed."""

    code = "too_late"
    sentence = N_(
        "Visits can be moved or cancelled online until {hours} hours before. "
        "Please call us: {phone}."
    )
    status = 409


class VisitBegun(Conflict):
    """The visit has begun or is over."""

    code = "visit_begun"
    sentence = N_("This visit has already begun or is over. It can no longer be changed.")


class TooManyVisits(Conflict):
    """The patient has as many open visits as the clinic's policy allows."""

    code = "too_many_visits"
    sentence = N_(
        "You already have {count} visits to come, which is as many as can be booked online. "
        "Cancel one you do not need, or call us: {phone}."
    )


class TermsChanged(Conflict):
    """What the patient has read before the click is not what would be booked now."""

    code = "terms_changed"
    sentence = N_(
        "The fee or the terms have just changed, so nothing is booked yet. Please read it again."
    )


class NotOpen(Conflict):
    """The visit is cancelled or over, so that nothing of this kind can happen to it."""

    code = "not_open"
    sentence = N_("This visit is no longer open, so it cannot be changed. Please look again.")


class AlreadyAnswered(Conflict):
    """The request was answered, withdrawn or has lapsed."""

    code = "already_answered"
    sentence = N_("This request is no longer open: it was answered, withdrawn or has run out.")


class NoSuchStep(Conflict):
    """Status moves only along the graph."""

    code = "no_such_step"
    sentence = N_("A visit cannot go from this step to that one.")


class TooEarly(Conflict):
    """A step of the day before its day, or a no-show before the start."""

    code = "too_early"
    sentence = N_("It is too early for this step. Please wait until the visit is due.")


def terms_of(
    *, starts_at: datetime, fee: Money, by_request: bool, policy: ClinicPolicy
) -> AppointmentTerms:
    """What a patient agrees to who books this time now."""
    return AppointmentTerms(
        by_request=by_request,
        fee=fee,
        cancel_until=starts_at - policy.cancel_cutoff,
        late_cancel_allowed=policy.late_cancel_allowed,
    )


def check_agreed(terms: AppointmentTerms, agreed: AppointmentTerms | None) -> None:
    """Raise TermsChanged when the patient has read other terms than these."""
    if agreed not in (None, terms):
        raise TermsChanged


def wall_start(starts_at: datetime, zone: str) -> str:
    """What the location's wall clock will say when the visit starts: ``2026-11-24T10:30``."""
    return f"{starts_at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def lapses_at(*, starts_at: datetime, now: datetime, policy: ClinicPolicy) -> datetime:
    """Until when a request can be answered: the clinic's term, but before the notice of the visit."""
    latest = starts_at - policy.minimum_notice
    if latest <= now:  # held just before the notice began: half of what is left
        latest = now + (starts_at - now) / 2
    return min(now + policy.request_lapses, latest)


def check_may_book(*, open_visits: int, policy: ClinicPolicy, phone: str) -> None:
    """Raise TooManyVisits when the patient has no visit left to book."""
    if open_visits >= policy.open_per_patient:
        raise TooManyVisits(count=policy.open_per_patient, phone=phone)


def check_patient_may_change(
    *,
    status: Status,
    starts_at: datetime,
    cancel_until: datetime,
    late_allowed: bool,
    now: datetime,
    phone: str,
) -> None:
    """Raise NotOpen, VisitBegun or TooLate when a patient may not move or cancel (any more).

    A request that nobody has answered can be withdrawn or moved until the visit would begin.
    """
    if status not in CHANGEABLE_BY_PATIENT:
        raise NotOpen
    if now >= starts_at:
        raise VisitBegun
    if status is Status.BOOKED and not late_allowed and now > cancel_until:
        cutoff = starts_at - cancel_until
        raise TooLate(hours=round(cutoff / timedelta(hours=1)), phone=phone)


def needed_reason(reason: str) -> str:
    """The reason that the clinic owes a patient. Raises Invalid when there is none, or too long a one."""
    said = tidy_reason(reason)
    if not said:
        raise Invalid({"reason": N_("Please give the patient a reason.")})
    return said


def tidy_reason(reason: str) -> str:
    """A reason as it is kept. Raises Invalid when it is too long."""
    said = reason.strip()
    if len(said) > LONGEST_REASON:
        raise Invalid({"reason": N_("Please shorten the reason to 300 characters.")})
    return said


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
