"""The graph of a visit's status, and which of its places mean what."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from medibook.appointments.schemas import AppointmentStatus as Status

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

MOVABLE: Final = frozenset({Status.BOOKED})
"""The clinic may put a visit in one of these at another time; a request is answered instead."""

STRETCHABLE: Final = frozenset({Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN})
"""The clinic may give a visit in one of these another length: it may be under way."""


def mark_of(status: Status, starts_at: datetime, ends_at: datetime) -> str:
    """What a message about a visit says of it; another mark, and the message is no longer true."""
    minutes = (ends_at - starts_at) // timedelta(minutes=1)
    return f"{status.value}|{starts_at:%Y%m%dT%H%MZ}|{minutes}"
