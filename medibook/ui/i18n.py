"""The reader's language: words, dates, times and money as a patient would say them.

No Reflex in here, so that messages and documents speak with the same catalogue as the screens.
"""

import gettext
import io
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, format_timedelta
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from medibook.kernel.money import Money
from medibook.kernel.words import N_

__all__ = [
    "DEFAULT_LOCALE",
    "LANGUAGE_NAMES",
    "LOCALES",
    "N_",
    "Translator",
    "locale_of_path",
    "localised",
    "translator",
]

LOCALES = ("en", "de")
DEFAULT_LOCALE = "en"
LANGUAGE_NAMES = {"en": "English", "de": "Deutsch"}
# Inside Translator the name "date" is a method.
Day = date
CATALOGUES = Path(__file__).resolve().parents[2] / "assets" / "locales"


class _Patterns(NamedTuple):
    """How one language writes a day; CLDR letters."""

    babel: str
    day: str
    long_day: str
    full_day: str
    time: str


# en is read as British: 24 hours and the day before the month, as our clinics print it.
_PATTERNS = {
    "en": _Patterns("en_GB", "EEE d MMM", "EEEE d MMMM", "EEEE d MMMM y", "HH:mm"),
    "de": _Patterns("de", "EEE, d. MMM", "EEEE, d. MMMM", "EEEE, d. MMMM y", "HH:mm"),
}


class Translator:
    """One reader's language. Pages name it ``_``."""

    def __init__(self, locale: str) -> None:
        """Speak ``locale``, which must be one of ``LOCALES``."""
        self.locale = locale
        self._patterns = _PATTERNS[locale]
        self._babel = Locale.parse(self._patterns.babel)
        self._catalogue = _catalogue(locale)

    def __call__(self, text: str, **values: object) -> str:
        """The text in this language, ``{names}`` filled in after translating."""
        # gettext answers "" with the catalogue's header; nothing must stay nothing.
        said = self._catalogue.gettext(text) if text else ""
        return said.format(**values) if values else said

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """The form this language wants for ``count``; ``{count}`` is written in its digits."""
        said = self._catalogue.ngettext(one, many, count)
        return said.format(count=self.number(count), **values)

    def href(self, path: str) -> str:
        """The address of a page of ours in this language."""
        return localised(path, self.locale)

    def day(self, when: Day, zone: ZoneInfo | None = None) -> str:
        """Short day: "Tue 24 Nov". A moment needs the zone on whose wall the day is read."""
        return self._day(when, zone, self._patterns.day)

    def long_day(self, when: Day, zone: ZoneInfo | None = None) -> str:
        """Day to be read aloud: "Tuesday 24 November"."""
        return self._day(when, zone, self._patterns.long_day)

    def date(self, when: Day, zone: ZoneInfo | None = None) -> str:
        """Day with its year: "Tuesday 24 November 2026"."""
        return self._day(when, zone, self._patterns.full_day)

    def numeric_date(self, when: Day, zone: ZoneInfo | None = None) -> str:
        """Day in figures for tables and dates of birth: "24 Nov 2026"."""
        return format_date(_wall_day(when, zone), "medium", locale=self._babel)

    def weekday(self, when: Day, zone: ZoneInfo | None = None) -> str:
        """Name of the day: "Tuesday"."""
        return self._day(when, zone, "EEEE")

    def month(self, when: Day) -> str:
        """Month with its year: "November 2026"."""
        return self._day(when, None, "LLLL y")

    def time(self, when: datetime | time, zone: ZoneInfo | None = None) -> str:
        """Time on the wall: "10:30". A moment needs its zone, a wall time has none."""
        if isinstance(when, datetime):
            if zone is None:
                raise TypeError("a moment is shown in a zone")
            wall = when.astimezone(zone).time().replace(second=0, microsecond=0)
            return _in_letters(wall, self._patterns.time, self._patterns.babel)
        return format_time(when, self._patterns.time, locale=self._babel)

    def moment(self, when: datetime, zone: ZoneInfo) -> str:
        """Day and time: "Tue 24 Nov, 10:30"."""
        return f"{self.day(when, zone)}, {self.time(when, zone)}"

    def long_moment(self, when: datetime, zone: ZoneInfo) -> str:
        """Day and time to be read aloud: "Tuesday 24 November, 10:30"."""
        return f"{self.long_day(when, zone)}, {self.time(when, zone)}"

    def zone_city(self, zone: ZoneInfo) -> str:
        """The city a zone is named for: "London", "New York"."""
        return zone.key.rsplit("/", 1)[-1].replace("_", " ")

    def duration(self, length: timedelta) -> str:
        """A length: "20 minutes"; never rounded to a bigger unit below two hours."""
        minutes = round(length.total_seconds() / 60)
        if minutes < 120 or minutes % 60:
            return self.plural("{count} minute", "{count} minutes", minutes)
        return format_timedelta(length, threshold=1, locale=self._babel)

    def relative(self, when: datetime, now: datetime) -> str:
        """Distance from now: "in 3 days", "2 hours ago"."""
        return format_timedelta(when - now, add_direction=True, threshold=0.9, locale=self._babel)

    def money(self, amount: Money) -> str:
        """A fee: "€45.00", "45,00 €"."""
        # The units are the house's own: CLDR counts no cents in some currencies that have them.
        return format_currency(amount.amount, amount.currency, locale=self._babel)

    def number(self, figure: float) -> str:
        """A figure with this language's separators."""
        return format_decimal(figure, locale=self._babel)

    def listed(self, items: Iterable[str]) -> str:
        """Things in a row: "English, German and Urdu"."""
        return format_list(list(items), locale=self._babel)

    def language(self, code: str) -> str:
        """Name of a spoken language in this language: "de" is "German"; unknown stays as it is."""
        try:
            name = Locale.parse(code).get_display_name(self._babel)
        except (ValueError, UnknownLocaleError):  # no code at all, and one that nobody has named
            return code
        return name or code

    def _day(self, when: Day, zone: ZoneInfo | None, pattern: str) -> str:
        return _in_letters(_wall_day(when, zone), pattern, self._patterns.babel)


# A board says the same seven days and the same hours at each of its hundreds of times.
@lru_cache(maxsize=8_192)
def _in_letters(what: Day | time, pattern: str, babel: str) -> str:
    if isinstance(what, time):
        return format_time(what, pattern, locale=babel)
    return format_date(what, pattern, locale=babel)


def _wall_day(when: Day, zone: ZoneInfo | None) -> Day:
    if not isinstance(when, datetime):
        return when
    if zone is None:
        raise TypeError("a moment falls on a day only in a zone")
    return when.astimezone(zone).date()


@lru_cache
def translator(locale: str) -> Translator:
    """The Translator of a locale; an unknown one is answered in the default language."""
    return Translator(locale if locale in LOCALES else DEFAULT_LOCALE)


@lru_cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    """Compiled in memory, so that a fresh clone needs no build step for its words."""
    source = CATALOGUES / locale / "LC_MESSAGES" / "medibook.po"
    if not source.exists():
        return gettext.NullTranslations()
    with source.open("rb") as text:
        catalogue = read_po(text, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def locale_of_path(path: str) -> str:
    """The language a page's address speaks: "/de/find/" is German, "/find/" the default."""
    first = path.lstrip("/").split("/", 1)[0].split("?", 1)[0]
    return first if first in LOCALES else DEFAULT_LOCALE


def localised(path: str, locale: str) -> str:
    """The same page in another language; addresses of other hosts and fragments stay."""
    if not path.startswith("/") or path.startswith("//"):
        return path
    bare = _without_locale(path)
    return bare if locale == DEFAULT_LOCALE else f"/{locale}{bare}"


def _without_locale(path: str) -> str:
    for locale in LOCALES:
        prefix = f"/{locale}"
        if path == prefix:
            return "/"
        if path.startswith((f"{prefix}/", f"{prefix}?")):
            return "/" + path[len(prefix) :].lstrip("/")
    return path
