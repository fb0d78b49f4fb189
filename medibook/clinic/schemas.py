"""The shapes that enter and leave the clinic room."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from medibook.kernel.intervals import Interval
from medibook.kernel.money import Money


class PoolKind(StrEnum):
    """What a pool holds."""

    ROOM = "room"
    EQUIPMENT = "equipment"


class LateCancel(StrEnum):
    """What happens when a patient cancels or moves after the cut-off."""

    ASK_CLINIC = "ask-clinic"
    ALLOWED = "allowed"


class VisitKind(StrEnum):
    """For whom a visit type is meant: a mark for the clinic to go by, which keeps nobody from booking."""

    ANY = "any"
    FIRST = "first"
    FOLLOW_UP = "follow-up"


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class SpecialtyCard(_Shape):
    """A specialty; ``name`` is English and a msgid of the catalogue."""

    specialty_id: UUID
    code: str
    name: str
    synonyms: tuple[str, ...] = ()


class LocationCard(_Shape):
    """A place where people are seen."""

    location_id: UUID
    name: str
    address: str
    city: str
    postcode: str
    country: str
    zone: str
    phone: str
    latitude: float | None = None
    longitude: float | None = None
    is_retired: bool = False

    @property
    def street_and_town(self) -> str:
        """The address as somebody needs it who wants to go there."""
        return ", ".join(
            part for part in (self.address, f"{self.postcode} {self.city}".strip()) if part
        )


class RoomCard(_Shape):
    """A room, or a piece of equipment, at a location; one of its pool, if it is in any."""

    room_id: UUID
    location_id: UUID
    name: str
    pool_id: UUID | None = None


class Closed(_Shape):
    """A time in which a location is closed to everybody; ``name`` says why: a holiday, mostly."""

    time: Interval
    name: str


class VisitType(_Shape):
    """A visit type of the clinic; ``name`` is English and a msgid of the catalogue."""

    service_id: UUID
    name: str
    length: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    pool_id: UUID | None = None
    is_video: bool = False
    visit_kind: VisitKind = VisitKind.ANY
    is_retired: bool = False

    @property
    def needs_room(self) -> bool:
        """Whether a room, or a piece of equipment, of its pool has to be free as well."""
        return self.pool_id is not None


class ServiceCard(VisitType):
    """A visit type as one practitioner offers it: at these locations, or wherever they work."""

    fee: Money
    location_ids: frozenset[UUID] | None = None


class ClinicPolicy(_Shape):
    """The rules for booking, of the clinic or for one visit type.

    ``daily_limit`` counts the visits of a practitioner on a day, ``patient_daily_limit`` those of a
    patient; None is no limit. ``reminder_hours``: how long before a visit its patient is reminded,
    the longest first. ``change_grace``: so long the clinic can take a change back before it is told.
    ``waitlist_batch``: so many are asked at once for a freed time; 1 is one after the other.
    """

    minimum_notice: timedelta
    horizon: timedelta
    cancel_cutoff: timedelta
    late_cancel_allowed: bool
    daily_limit: int | None
    open_per_patient: int
    request_lapses: timedelta
    hold: timedelta
    grid: timedelta
    patient_daily_limit: int | None = None
    reminder_hours: tuple[int, ...] = (24, 2)
    change_grace: timedelta = timedelta(minutes=10)
    waitlist_batch: int = 1


# ── what the front desk sees and admins change ──────────────────────────────────────────────────


class PoolCard(_Shape):
    """Rooms, or pieces of equipment, that do for each other; ``name`` may be a msgid."""

    pool_id: UUID
    name: str
    kind: PoolKind


class OutageCard(_Shape):
    """A time in which a room cannot be used, and why."""

    outage_id: UUID
    time: Interval
    reason: str


class NewOutage(_Shape):
    """From when until when, on the location's wall (without a zone), a room cannot be used."""

    starts: datetime
    ends: datetime
    reason: str = ""


class RoomSheet(RoomCard):
    """A room with all that is said about it."""

    is_retired: bool
    outages: tuple[OutageCard, ...] = ()


class NewClosure(_Shape):
    """Whole days, the last included, on which a location is closed."""

    first_day: date
    last_day: date
    name: str


class ClosureCard(NewClosure):
    """Days on which a location is closed."""

    closure_id: UUID


class Holiday(_Shape):
    """A public holiday where a location is; whether the location is closed on it already."""

    day: date
    name: str
    is_closed: bool


class NewPlace(_Shape):
    """A location as it was typed."""

    name: str
    address: str
    city: str
    postcode: str
    country: str
    region: str = ""
    zone: str
    phone: str
    latitude: float | None = None
    longitude: float | None = None


class PlaceSheet(LocationCard):
    """A location with all that is said about it: closures from today on, rooms and their outages."""

    region: str
    version: int
    closures: tuple[ClosureCard, ...] = ()
    rooms: tuple[RoomSheet, ...] = ()


class BookingRules(_Shape):
    """The rules for booking as they are kept: the clinic's, or where a visit type differs from them.

    None is "as in the clinic" for a visit type. For the two daily limits 0 is "no limit";
    ``reminder_hours`` are hours before the visit, separated by commas, and "0" is none.
    """

    minimum_notice_minutes: int | None = None
    horizon_days: int | None = None
    cancel_cutoff_hours: int | None = None
    late_cancel: LateCancel | None = None
    daily_limit: int | None = None
    patient_daily_limit: int | None = None
    open_per_patient: int | None = None
    request_lapses_hours: int | None = None
    hold_minutes: int | None = None
    grid_minutes: int | None = None
    reminder_hours: str | None = None
    change_grace_minutes: int | None = None
    waitlist_batch: int | None = None


class RulesSheet(_Shape):
    """The clinic's rules, all of them said, and the version that an admin has read."""

    rules: BookingRules
    version: int


class NewVisitType(_Shape):
    """A visit type as it was typed, with the rules in which it differs from the clinic's."""

    name: str
    minutes: int
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    is_video: bool = False
    pool_id: UUID | None = None
    visit_kind: VisitKind = VisitKind.ANY
    rules: BookingRules = BookingRules()


class OfferSheet(_Shape):
    """Who offers a visit type, at which fee, and where; None is wherever they work."""

    practitioner_id: UUID
    fee: Money
    location_ids: frozenset[UUID] | None = None


class VisitTypeSheet(VisitType):
    """A visit type with all that is said about it."""

    version: int
    rules: BookingRules
    offers: tuple[OfferSheet, ...] = ()


class SpecialtySheet(SpecialtyCard):
    """A specialty with what an admin needs to change it."""

    version: int
    is_retired: bool
