"""The shapes that enter and leave the room of absences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from medibook.appointments.schemas import AppointmentStatus
from medibook.kernel.intervals import Interval


class PlanState(StrEnum):
    """Whether a plan stands."""

    RUNNING = "running"
    UNDONE = "undone"


class CaseState(StrEnum):
    """How far it has come with one patient's visit.

    ``waiting``: other times are kept, the patient has yet to choose. ``call``: none is kept (any
    longer), so somebody has to ring. ``settled``: the visit was moved or cancelled in another way.
    """

    WAITING = "waiting"
    CALL = "call"
    TAKEN = "taken"
    DECLINED = "declined"
    SETTLED = "settled"
    UNDONE = "undone"


class AlternativeKind(StrEnum):
    """What another time is: with a colleague, with the same practitioner, or by video."""

    COLLEAGUE = "colleague"
    SAME_PRACTITIONER = "same-practitioner"
    VIDEO = "video"


class Told(StrEnum):
    """Whether a patient knows: on its way, told for sure, or there is no way but the telephone."""

    ON_ITS_WAY = "on-its-way"
    TOLD = "told"
    FAILED = "failed"
    NO_WAY = "no-way"


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class NewAbsence(_Shape):
    """Who is away and when: whole days, or from–until on one day or over several, on their own wall.

    ``video_instead`` says by which video visit type a visit type may be replaced.
    """

    practitioner_id: UUID
    first_day: date | None = Field(default=None, description="None: today, on their wall")
    last_day: date | None = Field(default=None, description="inclusive; None: the first day")
    starts: time | None = None
    ends: time | None = None
    reason: str = Field(default="", description="private to the practitioner, as with any day off")
    video_instead: Mapping[UUID, UUID] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A free time that could be offered instead; ``around`` is what it takes of the practitioner."""

    kind: AlternativeKind
    practitioner_id: UUID
    service_id: UUID
    location_id: UUID
    zone: str
    time: Interval
    around: Interval
    day: date


@dataclass(frozen=True, slots=True)
class Wanting:
    """A visit that cannot be, with what could be offered for it, the nearest first."""

    appointment_id: UUID
    patient_id: UUID
    starts_at: datetime
    candidates: tuple[Candidate, ...] = ()


class Alternative(_Shape):
    """Another time for a visit; ``is_open`` while it is kept and can be taken."""

    alternative_id: UUID
    kind: AlternativeKind
    practitioner_id: UUID
    practitioner_name: str
    service_id: UUID
    service_name: str
    is_video: bool
    location_name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    expires_at: datetime
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the preview says of one visit: how its patient is reached, and what would be offered."""

    appointment_id: UUID
    patient_name: str
    service_id: UUID
    service_name: str
    starts_at: datetime
    zone: str
    status: AppointmentStatus
    phone: str
    by_email: bool
    by_sms: bool
    is_here: bool
    alternatives: tuple[Candidate, ...]

    @property
    def is_reachable(self) -> bool:
        """Whether a message reaches them; else they are called."""
        return (self.by_email or self.by_sms) and not self.is_here


@dataclass(frozen=True, slots=True)
class Preview:
    """The plan before it is started: nothing is written, nobody is told.

    ``may_be_video`` are the visit types that are not by video yet, and ``videos`` those that are.
    """

    practitioner_id: UUID
    practitioner_name: str
    period: Interval
    zone: str
    first_day: date
    last_day: date
    proposals: tuple[Proposal, ...]
    names: Mapping[UUID, str] = field(default_factory=dict)
    may_be_video: Mapping[UUID, str] = field(default_factory=dict)
    videos: Mapping[UUID, str] = field(default_factory=dict)
    running_id: UUID | None = None


class CaseCard(_Shape):
    """One patient's visit in a plan, as its patient sees it."""

    case_id: UUID
    plan_id: UUID
    appointment_id: UUID
    patient_id: UUID
    patient_name: str
    service_name: str
    practitioner_name: str
    was_at: datetime
    zone: str
    state: CaseState
    is_cancelled: bool = Field(description="the old visit is off; a time can still be taken")
    alternatives: tuple[Alternative, ...]
    taken_id: UUID | None = None
    now_at: datetime | None = None
    visit_id: UUID
    lapses_at: datetime | None = None


class BoardLine(_Shape):
    """One patient's visit in a plan, as the front desk sees it."""

    case: CaseCard
    phone: str
    reached_through: str
    told: Told
    is_here: bool
    reached_at: datetime | None
    reached_by: str = Field(description="who has spoken to the patient; empty: nobody yet")
    answered_at: datetime | None
    by_phone: bool
    must_call: bool
    is_urgent: bool = Field(description="the visit is near or past, and its patient knows nothing")


class Board(_Shape):
    """A plan with all of its cases: those to be called first, then by time."""

    plan_id: UUID
    practitioner_id: UUID
    practitioner_name: str
    period: Interval
    zone: str
    state: PlanState
    started_at: datetime
    undone_at: datetime | None
    may_undo: bool
    lines: tuple[BoardLine, ...]


class PlanLine(_Shape):
    """A plan in the list of those that are running."""

    plan_id: UUID
    practitioner_name: str
    period: Interval
    zone: str
    patients: int
    still_open: int
