"""What a search means: words to specialties or names, a postcode to a place, days to instants."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.clinic import service as clinic
from medibook.clinic.schemas import SpecialtyCard
from medibook.directory.access import candidates
from medibook.directory.access import names as spelt
from medibook.directory.access.criteria import Criteria
from medibook.directory.rules import meaning, names, places
from medibook.directory.schemas import SearchWish, Sort, When
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork

_MOST_WORDS = 6
# Where "any time" ends: each visit type has a horizon of its own, which is nearer.
FURTHEST = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A wish in terms of rows and instants. ``meant`` is what was looked for instead of what was typed."""

    wish: SearchWish
    criteria: Criteria
    window: Interval
    known: Sequence[SpecialtyCard]
    meant: str = ""
    place_unknown: bool = False
    has_points: bool = False
    kilometres: dict[UUID, float] = field(default_factory=dict)

    @property
    def is_windowed(self) -> bool:
        """Whether who has no time then is left out."""
        return self.wish.when is not When.ANY or bool(self.wish.parts)

    @property
    def sort(self) -> Sort:
        """By distance only when there is a place to reckon from."""
        is_lost = self.wish.sort is Sort.NEAREST and not self.kilometres
        return Sort.SOONEST if is_lost else self.wish.sort


def understood(uow: UnitOfWork, wish: SearchWish) -> Understood:
    """Say what somebody is looking for; who errs by a letter is understood all the same."""
    known = clinic.specialties(uow)
    specialty_ids, called, meant = _said(uow, wish, known)
    kilometres, within, is_lost, has_points = _places(uow, wish)
    window = _window(uow, wish)
    criteria = Criteria(
        specialty_ids=specialty_ids,
        names=called,
        city=wish.city,
        language=wish.language,
        fee=wish.fee,
        video=wish.video,
        accepts_new=wish.accepts_new,
        rating=wish.rating,
        location_ids=within,
        free_before=window.end if wish.when is not When.ANY else None,
    )
    return Understood(
        wish=wish,
        criteria=criteria,
        window=window,
        known=known,
        meant=meant,
        place_unknown=is_lost,
        has_points=has_points,
        kilometres=kilometres,
    )


def _said(
    uow: UnitOfWork, wish: SearchWish, known: Sequence[SpecialtyCard]
) -> tuple[tuple[UUID, ...] | None, tuple[tuple[str, ...], ...], str]:
    """The specialties and the words of names that are meant, and what to tell the reader of it."""
    meant = meaning.specialties_meant(wish, known)
    chosen = None if meant is None else tuple(meant)
    if not wish.text or (chosen is not None and not wish.specialty):
        return chosen, (), ""
    typed = names.folded(wish.text).split()[:_MOST_WORDS]
    if not typed:
        return (), (), ""  # only signs: nobody is called that
    begins = spelt.begins_a_name(uow, typed)
    if all(begins):
        return chosen, tuple((word,) for word in typed), ""
    if chosen is None:
        if hinted := meaning.specialties_hinted(wish, known):
            return tuple(hinted), (), ""
        if word := meaning.specialty_misspelt(wish, known):
            corrected = wish.model_copy(update={"text": word})
            return tuple(meaning.specialties_meant(corrected, known) or ()), (), word
    return chosen, *_respelt(uow, typed, begins)


def _respelt(
    uow: UnitOfWork, typed: Sequence[str], begins: Sequence[bool]
) -> tuple[tuple[tuple[str, ...], ...], str]:
    """The words of names that somebody meant who erred in some of them."""
    wrong = [word for word, fits in zip(typed, begins, strict=True) if not fits]
    like = spelt.words_spelt_like(uow, wrong)
    called = []
    for word, fits in zip(typed, begins, strict=True):
        meant = (word,) if fits else names.nearest(word, like)
        if not meant:
            return tuple((word,) for word in typed), ""  # nobody is called anything like it
        called.append(meant)
    return tuple(called), " ".join(names.said(called))


def _places(
    uow: UnitOfWork, wish: SearchWish
) -> tuple[dict[UUID, float], tuple[UUID, ...] | None, bool, bool]:
    """How far each place is, which are near enough, and whether the place that was named is unknown."""
    if not wish.near:
        return {}, None, False, False
    spots = candidates.spots(uow)
    point = places.found_at(wish.near, spots)
    has_points = any(spot.latitude is not None for spot in spots)
    if point is None:
        return {}, None, True, has_points
    far = places.distances(point, spots)
    near = tuple(i for i, km in far.items() if km <= wish.within) if wish.within else None
    return far, near, False, has_points


def _window(uow: UnitOfWork, wish: SearchWish) -> Interval:
    # A city's days end at its own midnight; without one, at the midnight of the first location.
    zone = candidates.zone(uow, wish.city) if wish.when is not When.ANY else "UTC"
    return meaning.window(wish, now=uow.now, horizon=FURTHEST, zone=ZoneInfo(zone))
