"""Series of visits: a rule, its dates before anything is written, and what became of them."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from medibook.appointments.schemas import AppointmentCard
from medibook.kernel.money import Money
from medibook.scheduling.schemas import FreeTime, Obstacle, SlotWish


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Rhythm(StrEnum):
    """How a series repeats; the weekday is that of its first visit."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    MONTHLY_LAST = "monthly-last"


class SeriesRule(_Shape):
    """How often, and how long: ``count`` visits, or until a last day; one of the two."""

    rhythm: Rhythm = Rhythm.WEEKLY
    interval: int = Field(default=1, description="every so many weeks or months")
    count: int | None = None
    until: date | None = Field(default=None, description="the last day on the wall, inclusive")


class SeriesWish(_Shape):
    """The first visit of a series, and how it repeats; ``patient_id`` is whom the clinic books for."""

    first: SlotWish
    rule: SeriesRule
    patient_id: UUID | None = None


class OtherTime(_Shape):
    """A free time that could take the place of a date that cannot be had."""

    time: FreeTime
    practitioner_name: str
    fee: Money
    same_practitioner: bool


class SeriesDate(_Shape):
    """One date of a series: it can be had, or something stands against it."""

    place: int
    day: date
    starts_at: datetime | None = Field(description="None: the clocks leave that wall time out")
    ends_at: datetime | None = None
    location_id: UUID | None = None
    location_name: str = ""
    obstacle: Obstacle | None = Field(default=None, description="None: it can be had")
    others: tuple[OtherTime, ...] = ()


class SeriesPreview(_Shape):
    """Every date of a series before anything is written."""

    patient_name: str
    practitioner_id: UUID
    practitioner_name: str
    practitioner_slug: str
    service_id: UUID
    service_name: str
    length: timedelta
    zone: str
    location_name: str
    location_address: str
    is_video: bool
    fee: Money
    cancel_cutoff: timedelta
    late_cancel_allowed: bool
    rule: SeriesRule
    dates: tuple[SeriesDate, ...]


class SeriesMode(StrEnum):
    """What becomes of the dates that cannot be had."""

    ALL_OR_NOTHING = "all"
    SKIP = "skip"
    REPLACE = "replace"


class SeriesChoice(_Shape):
    """Another time for one date of a series."""

    place: int
    time: SlotWish


class NewSeries(_Shape):
    """A series as it is confirmed. ``left_out``: the dates that are known to be left out, if shown."""

    wish: SeriesWish
    mode: SeriesMode
    choices: tuple[SeriesChoice, ...] = ()
    left_out: frozenset[int] | None = None
    reason: str = Field(default="", max_length=500)
    agreed_fee: Money | None = Field(default=None, description="as read; None: on no page")
    booking_key: str = Field(max_length=64, description="the same key books at most once (I5)")


class SeriesCard(_Shape):
    """A series as its patient, its practitioner and the clinic see it."""

    series_id: UUID
    practitioner_name: str
    service_name: str
    rule: SeriesRule
    first_day: date
    wall_time: time
    zone: str
    version: int
    visits: tuple[AppointmentCard, ...] = Field(description="in the order of their times")
    moved_alone: frozenset[UUID] = Field(description="visits that are not where the series says")
    left_out: tuple[date, ...] = Field(
        description="dates of the rule for which no visit was booked"
    )


class SeriesPlace(_Shape):
    """Where a visit stands in its series: the ``number``-th of ``total`` visits, as they are by now."""

    series_id: UUID
    version: int
    number: int
    total: int
    to_come: int
    following: int = Field(description="visits to come from this one on, this one too")
    rule: SeriesRule
    day: date = Field(description="when the series says this visit is, on the wall")
    wall_time: time
    moved_alone: bool


class Scope(StrEnum):
    """Which visits of a series a change is meant for."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class SeriesMove(_Shape):
    """Move a visit of a series to another time, and others of the series by the same shift."""

    appointment_id: UUID
    scope: Scope
    to_time: datetime = Field(description="where the visit itself goes; UTC")


class SeriesStep(_Shape):
    """What a change does with one visit: from when to when, or what keeps it where it is."""

    visit: AppointmentCard
    new_start: datetime | None = Field(default=None, description="of a visit that moves")
    obstacle: Obstacle | None = Field(default=None, description="None: it is changed")


class SeriesPlan(_Shape):
    """Everything that a change would do, before anything is written."""

    series_id: UUID
    version: int
    steps: tuple[SeriesStep, ...]

    @property
    def staying(self) -> frozenset[UUID]:
        """The visits that would stay as they are."""
        return frozenset(s.visit.appointment_id for s in self.steps if s.obstacle is not None)


class ReadPlan(_Shape):
    """A plan as somebody has read it: only this is done, or nothing; the same key does it once."""

    version: int
    staying: frozenset[UUID]
    key: str = Field(max_length=64)
