"""What happens to visits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from medibook.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class AppointmentFact(Fact):
    """Something happened to a visit; ``version`` tells which of its changes."""

    appointment_id: UUID
    practitioner_id: UUID
    patient_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class AppointmentBooked(AppointmentFact):
    """A visit is booked at once, with a practitioner who need not be asked."""


@dataclass(frozen=True, slots=True)
class AppointmentRequested(AppointmentFact):
    """A patient has asked for a time; the practitioner has yet to answer."""


@dataclass(frozen=True, slots=True)
class AppointmentAccepted(AppointmentFact):
    """The practitioner has accepted a request."""


@dataclass(frozen=True, slots=True)
class AppointmentDeclined(AppointmentFact):
    """The practitioner has declined a request, with a reason."""


@dataclass(frozen=True, slots=True)
class AppointmentLapsed(AppointmentFact):
    """Nobody answered a request in time."""


@dataclass(frozen=True, slots=True)
class TimesOffered(AppointmentFact):
    """The practitioner has offered other times than the one that was asked for."""


@dataclass(frozen=True, slots=True)
class OfferTaken(AppointmentFact):
    """The patient has taken one of the offered times: the visit is booked."""


@dataclass(frozen=True, slots=True)
class OffersDeclined(AppointmentFact):
    """The patient wants none of the offered times."""


@dataclass(frozen=True, slots=True)
class OffersLapsed(AppointmentFact):
    """The patient has chosen none of the offered times in time."""


@dataclass(frozen=True, slots=True)
class AppointmentConfirmed(AppointmentFact):
    """The patient has said that they will come; the visit itself is as it was, and so its version."""


@dataclass(frozen=True, slots=True)
class AppointmentKept(AppointmentFact):
    """Somebody answers for a visit that lies outside the hours; nothing changes for the patient."""


@dataclass(frozen=True, slots=True)
class AppointmentMoved(AppointmentFact):
    """A visit has another time, or another length.

    ``lasted_until`` is its end before. ``is_undone``: the clinic has taken its own move back.
    ``is_told`` is False when the clinic tells the patient itself. ``from_practitioner_id`` is with
    whom it was before, when a colleague has taken it over.
    """

    moved_from: datetime
    moved_by_patient: bool
    lasted_until: datetime | None = None
    is_undone: bool = False
    is_told: bool = True
    from_practitioner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AppointmentCancelled(AppointmentFact):
    """A visit was cancelled; ``while_away``: because its practitioner is, who need not be told."""

    cancelled_by_patient: bool
    while_away: bool = False


@dataclass(frozen=True, slots=True)
class VisitProgressed(AppointmentFact):
    """The day went on: arrived, checked in, done, missed, or a step corrected."""


@dataclass(frozen=True, slots=True)
class SeriesVisitBooked(AppointmentFact):
    """A visit is booked as one of a series; a message tells of the series, not of each visit."""


@dataclass(frozen=True, slots=True)
class SeriesVisitMoved(AppointmentFact):
    """A visit has moved along with others of its series."""

    moved_from: datetime


@dataclass(frozen=True, slots=True)
class SeriesVisitCancelled(AppointmentFact):
    """A visit was cancelled along with others of its series."""

    cancelled_by_patient: bool


@dataclass(frozen=True, slots=True)
class SeriesFact(Fact):
    """Something happened to visits of a series together; ``version`` tells which of its changes."""

    series_id: UUID
    practitioner_id: UUID
    patient_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class SeriesBooked(SeriesFact):
    """A series of visits is booked."""


@dataclass(frozen=True, slots=True)
class SeriesChanged(SeriesFact):
    """Several visits of a series have moved."""


@dataclass(frozen=True, slots=True)
class SeriesCancelled(SeriesFact):
    """Several visits of a series are cancelled."""

    cancelled_by_patient: bool
