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
    rows = access.combinations(uow, kept, fees=_FEES, instants=sorted(ends))
    tally = _Tally(asked, [_Row(row) for row in rows], sorted(ends))
    return Facets(
        specialties=tally.by(lambda row: row.specialties, "specialty"),
        cities=tally.by(lambda row: row.cities, "city"),
        languages=tally.by(lambda row: row.languages, "language"),
        fees={fee: tally.people("fee", _at_most("fee", step)) for step, fee in enumerate(_FEES)},
        whens=tally.whens(dict(zip((When.TODAY, When.THIS_WEEK), ends, strict=False))),
        video=tally.people("video", lambda row: row.has_video),
        accepts_new=tally.people("accepts_new", lambda row: row.accepts_new),
    )


def _dropped(asked: Understood) -> Iterator[str]:
    # A specialty that only a typed word has named is no filter that one could choose otherwise.
    for name in _COUNTED:
        if name != "specialty_ids" or asked.wish.specialty:
            yield name


def _at_most(name: str, step: int) -> Callable[["_Row"], bool]:
    return lambda row: getattr(row, name) <= step


class _Row:
    """Some people of whom a filter could not tell one from the other."""

    def __init__(self, row: Any) -> None:  # noqa: ANN401 - a row of Core columns
        self.specialties = [code for code in row.specialties.split(",") if code]
        self.cities = [city for city in row.cities.split("|") if city]
        self.languages = [code for code in row.languages.split(",") if code]
        self.accepts_new, self.has_video = bool(row.accepts_new), bool(row.has_video)
        self.fee, self.time, self.people = int(row.fee), int(row.time), int(row.people)


class _Tally:
    """Counts of rows by one filter, of those whom all the others leave."""

    def __init__(self, asked: Understood, rows: list[_Row], ends: list[Any]) -> None:
        wish = asked.wish
        self._ends = ends
        latest = asked.criteria.free_before
        fee = next(
            (n for n, most in enumerate(_FEES) if wish.fee is not None and wish.fee <= most), None
        )
        self._tests: dict[str, Callable[[_Row], bool]] = {
            "specialty": lambda row: not wish.specialty or wish.specialty in row.specialties,
            "city": lambda row: not wish.city or wish.city in row.cities,
            "language": lambda row: not wish.language or wish.language in row.languages,
            "fee": lambda row: fee is None or row.fee <= fee,
            "video": lambda row: not wish.video or row.has_video,
            "accepts_new": lambda row: not wish.accepts_new or row.accepts_new,
            "when": lambda row: latest is None or row.time <= ends.index(latest),
        }
        self._rows = rows

    def people(self, name: str, has: Callable[[_Row], bool]) -> int:
        """How many have it, of those whom the other filters leave."""
        return sum(row.people for row in self._left_by_others(name) if has(row))

    def by(self, words: Callable[[_Row], Iterable[str]], name: str) -> dict[str, int]:
        """How many have each of the words."""
        found: Counter[str] = Counter()
        for row in self._left_by_others(name):
            for word in words(row):
                found[word] += row.people
        return dict(found)

    def whens(self, ends: dict[When, Any]) -> dict[When, int]:
        """How many might have time until then; any time is everybody."""
        found = {
            when: self.people("when", _at_most("time", self._ends.index(end)))
            for when, end in ends.items()
        }
        return {When.ANY: self.people("when", lambda _: True), **found}

    def _left_by_others(self, name: str) -> Iterator[_Row]:
        tests = [test for other, test in self._tests.items() if other != name]
        return (row for row in self._rows if all(test(row) for test in tests))
