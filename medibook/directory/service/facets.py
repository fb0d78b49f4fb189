"""What can be chosen from, and how many each choice would leave."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from medibook.clinic import service as clinic
from medibook.directory.access import candidates as access
from medibook.directory.access import profiles
from medibook.directory.rules import meaning
from medibook.directory.schemas import Facets, Filters, SearchWish, When
from medibook.directory.service.understanding import Understood, understood
from medibook.kernel.actor import anyone
from medibook.kernel.use_case import UnitOfWork, query

_COUNTED = ("specialty_ids", "city", "language", "fee", "video", "accepts_new", "free_before")
_FEES = meaning.FEES
_TODAY, _WEEK, _CHOSEN = 0, 1, 2  # which instant is which
_ANY = timedelta(days=1)  # neither today nor this week end with the horizon


@query(allow=anyone)
def filters(uow: UnitOfWork) -> Filters:
    """Say what can be chosen from when looking for a doctor."""
    return Filters(
        specialties=clinic.specialties(uow),
        cities=tuple(profiles.cities(uow)),
        languages=tuple(profiles.languages_spoken(uow)),
    )


@query(allow=anyone)
def facets(uow: UnitOfWork, *, wish: SearchWish) -> Facets:
    """Count, for each choice of each filter, who would be left if the others stay as they are.

    The times go by the stored bounds: of those who might have time today some may not.
    """
    asked = understood(uow, wish)
    zone = ZoneInfo(access.zone(uow, wish.city))
    ends = [
        meaning.window(SearchWish(when=when), now=uow.now, horizon=_ANY, zone=zone).end
        for when in (When.TODAY, When.THIS_WEEK)
    ]
    if asked.criteria.free_before is not None:
        ends.append(asked.criteria.free_before)
    kept = asked.criteria.without(*_dropped(asked))
    rows = access.kinds_of_people(uow, kept, instants=ends)
    tally = _Tally(asked, [_Kind(*row) for row in rows])
    return Facets(
        specialties=tally.by(lambda kind: kind.specialties, "specialty"),
        cities=tally.by(lambda kind: kind.cities, "city"),
        languages=tally.by(lambda kind: kind.languages, "language"),
        fees={fee: tally.people("fee", _at_most(fee)) for fee in _FEES},
        whens={
            When.ANY: tally.people("when", lambda _: True),
            When.TODAY: tally.people("when", lambda _: True, early=_TODAY),
            When.THIS_WEEK: tally.people("when", lambda _: True, early=_WEEK),
        },
        video=tally.people("video", lambda kind: kind.has_video),
        accepts_new=tally.people("accepts_new", lambda kind: kind.accepts_new),
    )


def _dropped(asked: Understood) -> Iterator[str]:
    # A specialty that only a typed word has named is no filter that one could choose otherwise.
    for name in _COUNTED:
        if name != "specialty_ids" or asked.wish.specialty:
            yield name


def _at_most(fee: int) -> Callable[["_Kind"], bool]:
    return lambda kind: kind.fee <= fee * 100


class _Kind:
    """Some people of whom a filter could not tell one from the other, but for when they have time."""

    def __init__(self, like: Any, people: int, early: tuple[int, ...]) -> None:  # noqa: ANN401 - a row
        self.specialties = [code for code in like.specialties.split(",") if code]
        self.cities = [city for city in like.cities.split("|") if city]
        self.languages = [code for code in like.languages.split(",") if code]
        self.accepts_new, self.has_video = bool(like.accepts_new), bool(like.has_video)
        self.fee, self.people, self.early = int(like.fee), int(people), early


class _Tally:
    """Counts by one filter, of those whom all the others leave."""

    def __init__(self, asked: Understood, kinds: list[_Kind]) -> None:
        wish = asked.wish
        self._kinds = kinds
        # Which of the instants is the end of what was asked for; None when any time will do.
        self._asked_for = _CHOSEN if asked.criteria.free_before is not None else None
        self._tests: dict[str, Callable[[_Kind], bool]] = {
            "specialty": lambda kind: not wish.specialty or wish.specialty in kind.specialties,
            "city": lambda kind: not wish.city or wish.city in kind.cities,
            "language": lambda kind: not wish.language or wish.language in kind.languages,
            "fee": lambda kind: wish.fee is None or kind.fee <= wish.fee * 100,
            "video": lambda kind: not wish.video or kind.has_video,
            "accepts_new": lambda kind: not wish.accepts_new or kind.accepts_new,
        }

    def people(self, name: str, has: Callable[[_Kind], bool], *, early: int | None = None) -> int:
        """How many have it; ``early`` counts those who might have time before that instant."""
        step = early if name == "when" else self._asked_for
        return sum(_number(kind, step) for kind in self._left_by_others(name) if has(kind))

    def by(self, words: Callable[[_Kind], Iterable[str]], name: str) -> dict[str, int]:
        """How many have each of the words."""
        found: Counter[str] = Counter()
        for kind in self._left_by_others(name):
            for word in words(kind):
                found[word] += _number(kind, self._asked_for)
        return dict(found)

    def _left_by_others(self, name: str) -> Iterator[_Kind]:
        tests = [test for other, test in self._tests.items() if other != name]
        return (kind for kind in self._kinds if all(test(kind) for test in tests))


def _number(kind: _Kind, step: int | None) -> int:
    return kind.people if step is None else int(kind.early[step])
