"""What one may wait for, and which times are meant by it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from medibook.kernel.errors import Invalid
from medibook.kernel.words import N_
from medibook.waitlist.schemas import NewEntry

if TYPE_CHECKING:
    from medibook.waitlist.rules.choosing import Opening

MOST_ENTRIES: Final = 5
_MOST_PRACTITIONERS: Final = 10
_LONGEST: Final = timedelta(days=366)
_DAYS: Final = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Wish:
    """When and where somebody wants to be seen; no weekdays: any. Both dates are included."""

    first_day: date
    last_day: date
    weekdays: frozenset[int] = frozenset()
    not_before: time | None = None
    not_after: time | None = None
    city: str = ""

    def fits(self, opening: "Opening") -> bool:
        """Whether a visit at this time is wished for."""
        if self.city and self.city.casefold() != opening.city.casefold():
            return False
        return self.fits_on_the_wall(opening.starts_at, opening.ends_at, opening.zone)

    def fits_on_the_wall(self, start: datetime, end: datetime, zone: str) -> bool:
        """Whether the whole visit lies in the days and hours wished for, on the wall where it is."""
        starts, ends = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
        if not self.first_day <= starts.date() <= self.last_day:
            return False
        if self.weekdays and starts.weekday() not in self.weekdays:
            return False
        if self.not_before is not None and starts.time() < self.not_before:
            return False
        # A visit that ends at midnight, or after it, is over too late for any hour of its day.
        return self.not_after is None or (
            ends.date() == starts.date() and ends.time() <= self.not_after
        )


def checked(new: NewEntry, *, today: date, horizon: timedelta) -> NewEntry:
    """A wish with both of its dates; raises Invalid with every field's sentence."""
    first = max(new.first_day or today, today)
    last = new.last_day or max(today + horizon, first)
    problems = {}
    if (new.service_id is None) is (new.specialty_id is None):
        problems["service_id"] = N_("Choose a visit type or a specialty.")
    if len(new.practitioner_ids) > _MOST_PRACTITIONERS:
        problems["practitioner_ids"] = N_("Choose ten doctors at most, or any.")
    if not new.weekdays <= _DAYS:
        problems["weekdays"] = N_("Choose days of the week.")
    if new.not_before is not None and new.not_after is not None and new.not_after <= new.not_before:
        problems["not_after"] = N_("Choose a time of day that is later than the first.")
    if last < first:
        problems["last_day"] = N_("Choose a last day that is not before the first, nor past.")
    elif last > today + _LONGEST or first > today + _LONGEST:
        problems["last_day"] = N_("Choose a last day within a year.")
    if problems:
        raise Invalid(problems)
    weekdays = frozenset() if new.weekdays == _DAYS else new.weekdays
    return new.model_copy(update={"first_day": first, "last_day": last, "weekdays": weekdays})
