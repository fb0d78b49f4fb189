"""How a visit stands for whoever has a link to it, and what can be done about it now."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from medibook.answers.schemas import Stand
from medibook.appointments.rules import check_patient_may_change
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.kernel.errors import Refusal
from medibook.notifications.schemas.links import Action
from medibook.waitlist.schemas import EntryCard, EntryState, OfferCard, OfferState

_STANDS: Final = {
    AppointmentStatus.BOOKED: Stand.BOOKED,
    AppointmentStatus.PENDING: Stand.REQUESTED,
    AppointmentStatus.PROPOSED: Stand.OFFERED,
}
_FITTING: Final = {
    Stand.BOOKED: (Action.CONFIRM, Action.MOVE, Action.CANCEL),
    Stand.CONFIRMED: (Action.MOVE, Action.CANCEL),
    Stand.REQUESTED: (Action.MOVE, Action.CANCEL),
    Stand.OFFERED: (Action.TAKE, Action.DECLINE, Action.CANCEL),
}
_BOUND_BY_THE_CUT_OFF: Final = {Action.MOVE, Action.CANCEL}


def stand_of(visit: AppointmentCard, now: datetime) -> Stand:
    """How a visit stands for its patient at this instant."""
    if visit.status is AppointmentStatus.CANCELLED:
        return Stand.CANCELLED if visit.cancelled_by_patient else Stand.CANCELLED_BY_CLINIC
    stand = _STANDS.get(visit.status)
    if stand is None or visit.starts_at <= now:
        return Stand.OVER
    is_confirmed = stand is Stand.BOOKED and visit.confirmed_at is not None
    return Stand.CONFIRMED if is_confirmed else stand


def possible(
    visit: AppointmentCard, allowed: Collection[str], now: datetime
) -> tuple[tuple[Action, ...], bool]:
    """What a link that allows this much can do now, and whether the cut-off has taken something away."""
    stand = stand_of(visit, now)
    fitting = [action for action in _FITTING.get(stand, ()) if action.value in allowed]
    if stand is Stand.OFFERED:
        # Declining and cancelling say the same of a visit that is only offered.
        fitting = [a for a in fitting if a is not Action.CANCEL or Action.DECLINE not in fitting]
        if not visit.offers:
            fitting = [a for a in fitting if a is not Action.TAKE]
    in_time = _is_in_time(visit, now)
    left = tuple(a for a in fitting if in_time or a not in _BOUND_BY_THE_CUT_OFF)
    return left, len(left) < len(fitting)


def offer_stands(
    offer: OfferCard, entry: EntryCard | None, allowed: Collection[str], now: datetime
) -> tuple[Stand, tuple[Action, ...]]:
    """How an offer of the waiting list stands, and what its link can do now; ``entry`` is its wish."""
    if offer.state is OfferState.ACCEPTED:
        return Stand.ACCEPTED, ()
    if entry is None or entry.state is not EntryState.WAITING:
        return Stand.LEFT, ()
    leave = (Action.LEAVE,) if Action.LEAVE.value in allowed else ()
    if offer.state is OfferState.DECLINED:
        return Stand.DECLINED, leave
    if offer.another_was_first:
        return Stand.TAKEN, leave
    if offer.state is not OfferState.OPEN or offer.expires_at <= now:
        return Stand.GONE, leave
    fitting = (Action.TAKE, Action.DECLINE, Action.LEAVE)
    return Stand.WAITLIST_OFFERED, tuple(a for a in fitting if a.value in allowed)


def _is_in_time(visit: AppointmentCard, now: datetime) -> bool:
    try:
        check_patient_may_change(
            status=visit.status,
            starts_at=visit.starts_at,
            cancel_until=visit.cancel_until,
            late_allowed=visit.late_cancel_allowed,
            now=now,
            phone="",
        )
    except Refusal:
        return False
    return True


def first_name(name: str) -> str:
    """The first word of somebody's name: enough to know whose visit it is, for who knows them."""
    return name.split()[0] if name.split() else ""
