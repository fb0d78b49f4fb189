"""The ways that a visit's status may go, written down a second time.

The appointments room decides by its own table. A check that asked that table could never find a
mistake in it, so this one stands apart, as the domain's document says it.
"""

from __future__ import annotations

from medibook.appointments.schemas import AppointmentStatus as S

_FORWARD = {
    (S.PENDING, S.BOOKED), (S.PENDING, S.PROPOSED), (S.PENDING, S.CANCELLED),
    (S.PROPOSED, S.BOOKED), (S.PROPOSED, S.CANCELLED),
    (S.BOOKED, S.ARRIVED), (S.BOOKED, S.CHECKED_IN), (S.BOOKED, S.FULFILLED),
    (S.ARRIVED, S.CHECKED_IN), (S.ARRIVED, S.FULFILLED), (S.CHECKED_IN, S.FULFILLED),
    (S.BOOKED, S.CANCELLED), (S.ARRIVED, S.CANCELLED), (S.CHECKED_IN, S.CANCELLED),
    (S.BOOKED, S.NOSHOW), (S.NOSHOW, S.FULFILLED),
}  # fmt: skip
# One step back is a correction by those who run the day.
_BACK = {
    (S.ARRIVED, S.BOOKED),
    (S.CHECKED_IN, S.ARRIVED),
    (S.NOSHOW, S.BOOKED),
}
_FIRST = {S.PENDING, S.BOOKED, S.WAITLIST}
_ENDS = {S.FULFILLED, S.CANCELLED, S.ENTERED_IN_ERROR}


def may_begin_as(status: str) -> bool:
    """Tell whether a visit may come into being with this status."""
    return status in _FIRST


def may_follow(before: str, after: str, *, by_role: str) -> bool:
    """Tell whether a visit may go from one status to the other; staying is moving to another time."""
    if before == after:
        return before in {S.PENDING, S.PROPOSED, S.BOOKED}
    step = (S(before), S(after))
    if step in _BACK:
        return by_role in {"staff", "practitioner"}
    return step in _FORWARD or (after == S.ENTERED_IN_ERROR and before not in _ENDS)
