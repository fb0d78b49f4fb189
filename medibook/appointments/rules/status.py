"""The graph of a visit's status, and which of its places mean what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from medibook.appointments.schemas import AppointmentStatus as Status

_START: Final = "%Y%m%dT%H%MZ"

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


@dataclass(frozen=True, slots=True)
class Mark:
    """What a message about a visit says of it: how it stands, when, where, with whom.

    Written as text beside the message; another text, and the message is no longer true.
    """

    status: Status
    starts_at: datetime
    ends_at: datetime
    location_id: UUID
    practitioner_id: UUID

    def __str__(self) -> str:
        return f"{self.status.value}|{self._when_and_where}"

    @property
    def in_series(self) -> str:
        """What the message about a whole series says of one of its visits: that it is on, or off.

        Whether it has begun, or is over, makes the others no less true.
        """
        is_off = self.status is Status.CANCELLED
        return f"{'off' if is_off else 'on'}|{self._when_and_where}"

    @property
    def _when_and_where(self) -> str:
        minutes = (self.ends_at - self.starts_at) // timedelta(minutes=1)
        # Some figures of an id tell it from any other of the same clinic.
        where, whom = self.location_id.hex[-8:], self.practitioner_id.hex[-8:]
        return f"{self.starts_at:{_START}}|{minutes}|{where}|{whom}"


def is_as_said(said: str, now: str) -> bool:
    """Whether a visit is still as a mark says; marks of before say nothing of place and practitioner."""
    return bool(said) and (now == said or now.startswith(f"{said}|"))


def said_by(mark: str) -> tuple[Status, datetime]:
    """What the text of a mark says: how the visit stands, and when it begins, UTC."""
    status, start, *_ = mark.split("|")
    return Status(status), datetime.strptime(start, _START).replace(tzinfo=UTC)
