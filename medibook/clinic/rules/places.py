"""What may be said about a place: the location itself, its rooms, and when it is closed."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale

from medibook.clinic.rules.holidays import regions
from medibook.clinic.schemas import NewClosure, NewOutage, NewPlace
from medibook.kernel.intervals import Interval
from medibook.kernel.words import N_
from medibook.people.rules.fields import Fields, one_line

LONGEST_ROOM = 60
_LONGEST_CLOSURE = timedelta(days=366)


@cache
def countries() -> frozenset[str]:
    """Every country of ISO 3166, as two letters."""
    known = {str(code) for code in Locale.parse("en").territories}
    return frozenset(code for code in known if len(code) == 2 and code.isalpha() and code != "ZZ")


@cache
def zones() -> frozenset[str]:
    """Every time zone that a wall can have: an area and a city, none of the abbreviations."""
    other = ("Etc/", "SystemV/", "US/", "posix/", "right/")
    return frozenset(z for z in available_timezones() if "/" in z and not z.startswith(other))


def checked_place(new: NewPlace) -> NewPlace:
    """The location in its written form; raises Invalid with every field's sentence."""
    fields = Fields()
    country = new.country.strip().upper()
    knows_country = country in countries()
    if not knows_country:
        fields.wrong("country", N_("Choose a country."))
    region = new.region.strip()
    if knows_country and region and region not in regions(country):
        fields.wrong("region", N_("Choose a region of this country, or none."))
    if new.zone not in zones():
        fields.wrong("zone", N_("Choose a time zone of the list, such as Europe/London."))
    _check_position(fields, new.latitude, new.longitude)
    checked = NewPlace(
        name=_line(fields, "name", new.name, 80, N_("Give the location a name.")),
        address=_line(fields, "address", new.address, 200, N_("Enter the street and number.")),
        city=_line(fields, "city", new.city, 80, N_("Enter the town.")),
        postcode=_line(fields, "postcode", new.postcode, 12),
        country=country,
        region=region,
        zone=new.zone,
        phone=fields.phone(new.phone, country) if knows_country and new.phone.strip() else "",
        latitude=new.latitude,
        longitude=new.longitude,
    )
    fields.raise_if_any()
    return checked


def checked_closure(new: NewClosure, *, today: date) -> NewClosure:
    """The closure in its written form; ``today`` is the date on the location's wall. Raises Invalid."""
    fields = Fields()
    name = _line(fields, "closure_name", new.name, 80, N_("Say why, such as: Christmas Day."))
    if new.last_day < new.first_day:
        fields.wrong("last_day", N_("The last day cannot be before the first."))
    elif new.last_day < today:
        fields.wrong("last_day", N_("These days are over."))
    elif new.last_day - new.first_day > _LONGEST_CLOSURE:
        fields.wrong("last_day", N_("Close for a year at most, or retire the location."))
    fields.raise_if_any()
    return NewClosure(first_day=new.first_day, last_day=new.last_day, name=name)


def checked_outage(new: NewOutage, *, zone: str, now: datetime) -> tuple[Interval, str]:
    """When the room cannot be used, in UTC, and why. Raises Invalid."""
    fields = Fields()
    reason = _line(fields, "outage_reason", new.reason, 120)
    wall = ZoneInfo(zone)
    starts, ends = (t.replace(tzinfo=wall).astimezone(UTC) for t in (new.starts, new.ends))
    if ends <= starts:
        fields.wrong("outage_ends", N_("The end must be after the start."))
    elif ends <= now:
        fields.wrong("outage_ends", N_("This time is over."))
    fields.raise_if_any()
    return Interval(starts, ends), reason


def checked_room(name: str, *, field: str = "room_name") -> str:
    """The name of a room or a pool in its written form. Raises Invalid."""
    fields = Fields()
    tidy = _line(fields, field, name, LONGEST_ROOM, N_("Give it a name, such as: Room 1."))
    fields.raise_if_any()
    return tidy


def _line(fields: Fields, field: str, text: str, longest: int, needed: str = "") -> str:
    tidy = one_line(text)
    if needed and not tidy:
        fields.wrong(field, needed)
    elif len(tidy) > longest:
        fields.wrong(field, N_("This is too long. Please shorten it."))
    return tidy


def _check_position(fields: Fields, latitude: float | None, longitude: float | None) -> None:
    if (latitude is None) != (longitude is None):
        fields.wrong("latitude", N_("Enter both latitude and longitude, or neither."))
    if latitude is not None and not -90 <= latitude <= 90:
        fields.wrong("latitude", N_("Latitude is a number from -90 to 90."))
    if longitude is not None and not -180 <= longitude <= 180:
        fields.wrong("longitude", N_("Longitude is a number from -180 to 180."))
