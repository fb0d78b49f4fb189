"""How a search is understood, ordered and widened; values in, decisions out."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.clinic.schemas import SpecialtyCard
from medibook.directory.schemas import SearchWish, When
from medibook.kernel.intervals import Interval
from medibook.ui.i18n import LOCALES, translator

PER_PAGE = 10
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


def _words_of(specialty: SpecialtyCard) -> set[str]:
    """What a specialty is called in any of our languages: people do not say which one they use."""
    words = (specialty.name, *specialty.synonyms)
    spoken = {translator(locale)(word) for locale in LOCALES for word in words}
    return {word.casefold() for word in (specialty.code, *spoken)}


def window(when: When, *, now: datetime, horizon: timedelta, zone: ZoneInfo) -> Interval:
    """Return the time in which the wish wants to be seen, UTC; days end at midnight in ``zone``."""
    if when is When.ANY:
        return Interval(now, now + horizon)
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    days = 1 if when is When.TODAY else 7 - today.weekday()
    # Wall arithmetic in the zone: the day that a clock change shortens still ends at midnight.
    end = (today + timedelta(days=days)).astimezone(now.tzinfo)
    return Interval(now, max(end, now + timedelta(minutes=1)))


def pages(found: int) -> int:
    """Return how many pages ``found`` results fill; at least one."""
    return max(1, -(-found // PER_PAGE))


def on_page(cards: Sequence[UUID], page: int) -> Sequence[UUID]:
    """Return the results of one page; the last page when it is asked for one beyond."""
    start = (min(page, pages(len(cards))) - 1) * PER_PAGE
    return cards[start : start + PER_PAGE]


def without(wish: SearchWish) -> dict[str, SearchWish]:
    """Return the wish with each of its filters dropped in turn, as ways out of an empty result."""
    drops: dict[str, dict[str, object]] = {}
    if wish.when is not When.ANY:
        drops["when"] = {"when": When.ANY}
    for name in ("city", "language", "text", "specialty"):
        if getattr(wish, name):
            drops[name] = {name: ""}
    return {name: wish.model_copy(update=change) for name, change in drops.items()}
