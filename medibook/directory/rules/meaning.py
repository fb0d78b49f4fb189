"""How a search is understood, ordered and widened; values in, decisions out."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.clinic.schemas import SpecialtyCard
from medibook.directory.rules.names import errors_forgiven, nearest
from medibook.directory.schemas import PartOfDay, SearchWish, When
from medibook.kernel.intervals import Interval
from medibook.ui.i18n import LOCALES, translator

PER_PAGE = 10
FEES = (0, 50, 100, 200)
DISTANCES = (5, 10, 25, 50, 100)
CHIPS = 4


def specialties_meant(wish: SearchWish, known: Iterable[SpecialtyCard]) -> list[UUID] | None:
    """Return the specialties that the wish means, [] for none known, None when it names none.

    A plain word may stand for one: somebody who types "skin" means dermatology.
    """
    if wish.specialty:
        return [s.specialty_id for s in known if s.code == wish.specialty]
    word = wish.text.casefold()
    meant = [s.specialty_id for s in known if word and word in _words_of(s)]
    return meant or None


def specialties_hinted(wish: SearchWish, known: Iterable[SpecialtyCard]) -> list[UUID]:
    """Return the specialties one of whose words stands in the wish: "itchy skin", "skin doctor"."""
    said = f" {' '.join(wish.text.casefold().split())} "
    return [s.specialty_id for s in known if any(f" {word} " in said for word in _words_of(s))]


def specialty_misspelt(wish: SearchWish, known: Iterable[SpecialtyCard]) -> str:
    """The word for a specialty that somebody meant who typed "dermatolgy"; empty when none is near."""
    typed = wish.text.casefold()
    if errors_forgiven(typed) == 0:
        return ""
    words = {word for specialty in known for word in _words_of(specialty)}
    return next(iter(nearest(typed, words)), "")


def _words_of(specialty: SpecialtyCard) -> frozenset[str]:
    """What a specialty is called in any of our languages: people do not say which one they use."""
    return _spoken(specialty.code, (specialty.name, *specialty.synonyms))


# Bounded: a clinic has some dozens of specialties.
@lru_cache(maxsize=512)
def _spoken(code: str, words: tuple[str, ...]) -> frozenset[str]:
    spoken = {translator(locale)(word) for locale in LOCALES for word in words}
    return frozenset(word.casefold() for word in (code, *spoken))


def window(wish: SearchWish, *, now: datetime, horizon: timedelta, zone: ZoneInfo) -> Interval:
    """Return the time in which the wish wants to be seen, UTC; days end at midnight in ``zone``."""
    everything = Interval(now, now + horizon)
    if wish.when is When.ANY:
        return everything
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    start, days = now, 1 if wish.when is When.TODAY else 7 - today.weekday()
    if wish.when is When.DAYS:
        # Beyond the horizon nobody has time, and at the end of the calendar nothing can be reckoned.
        furthest = everything.end.astimezone(zone).date() + timedelta(days=1)
        first = min(max(wish.from_day or today.date(), today.date()), furthest)
        last = min(max(wish.to_day or wish.from_day or furthest, first), furthest)
        start = max(now, _midnight(first, zone))
        days = (last - today.date()).days + 1
    # Wall arithmetic in the zone: the day that a clock change shortens still ends at midnight.
    end = _midnight(today.date() + timedelta(days=days), zone)
    return Interval(start, max(end, start + timedelta(minutes=1)))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)


def is_in(parts: Sequence[PartOfDay], wall: datetime) -> bool:
    """Tell whether this reading of the clock is in one of the parts of the day; all are, of none."""
    if not parts:
        return True
    if wall.hour < 12:
        return PartOfDay.MORNING in parts
    return (PartOfDay.AFTERNOON if wall.hour < 17 else PartOfDay.EVENING) in parts


def without(wish: SearchWish) -> dict[str, SearchWish]:
    """Return the wish with each of its filters dropped in turn, as ways out of an empty result."""
    anew = wish.model_copy(update={"after": "", "page": 1})
    return {
        name: anew.model_copy(update=_unsaid(together))
        for name, together in FILTERS.items()
        if getattr(wish, name) != SearchWish.model_fields[name].default
    }


# What is dropped with a filter: the days mean nothing without "these days".
FILTERS: dict[str, tuple[str, ...]] = {
    "when": ("when", "from_day", "to_day"),
    "parts": ("parts",),
    "near": ("near", "within"),
    "city": ("city",),
    "fee": ("fee",),
    "language": ("language",),
    "video": ("video",),
    "accepts_new": ("accepts_new",),
    "rating": ("rating",),
    "text": ("text",),
    "specialty": ("specialty",),
}


def _unsaid(names: Iterable[str]) -> dict[str, object]:
    return {name: SearchWish.model_fields[name].default for name in names}
