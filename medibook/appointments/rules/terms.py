"""The terms of a visit: what a patient agrees to, how long a request waits, until when one may change."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from medibook.appointments.rules.refusals import (
    NotOpen,
    TermsChanged,
    TooLate,
    TooManyVisits,
    VisitBegun,
)
from medibook.appointments.rules.status import CHANGEABLE_BY_PATIENT
from medibook.appointments.schemas import AppointmentStatus as Status
from medibook.appointments.schemas import AppointmentTerms
from medibook.clinic.schemas import ClinicPolicy
from medibook.kernel.errors import Invalid
from medibook.kernel.money import Money
from medibook.kernel.words import N_

MOST_OFFERS: Final = 3


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


def offered_starts(times: Collection[datetime]) -> tuple[datetime, ...]:
    """The times that a practitioner offers, earliest first. Raises Invalid when none, or too many."""
    starts = tuple(sorted(set(times)))
    if not starts:
        raise Invalid({"times": N_("Please choose at least one time to offer.")})
    if len(starts) > MOST_OFFERS:
        raise Invalid({"times": N_("Please offer three times at most.")})
    return starts


def check_may_book(*, open_visits: int, policy: ClinicPolicy, phone: str) -> None:
    """Raise TooManyVisits when the patient has no visit left to book."""
    if open_visits >= policy.open_per_patient:
        raise TooManyVisits(count=policy.open_per_patient, phone=phone)


def check_may_confirm(*, status: Status, starts_at: datetime, now: datetime) -> None:
    """Raise NotOpen or VisitBegun when a patient can no longer say that they will come."""
    if status is not Status.BOOKED:
        raise NotOpen
    if now >= starts_at:
        raise VisitBegun


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
