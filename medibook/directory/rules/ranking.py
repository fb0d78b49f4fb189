"""Who stands before whom, and whether that is proven."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from medibook.directory.schemas import Sort

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Rank(NamedTuple):
    """A place in the order: a number (an instant, a fee, metres, fewer stars), the name, the id."""

    number: int
    name: str
    practitioner_id: UUID


class After(NamedTuple):
    """Where the page before has ended."""

    number: int
    practitioner_id: UUID

    def __str__(self) -> str:
        return f"{self.number}.{self.practitioner_id.hex}"


def after_from(text: str) -> After | None:
    """Read where the page before has ended from an address; None when it says nothing of sense."""
    number, _, who = text.partition(".")
    try:
        found = After(int(number[:20]), UUID(hex=who))
    except ValueError:
        return None
    return found if abs(found.number) < 2**62 else None


def microseconds(instant: datetime) -> int:
    """An instant as a number to sort by."""
    return (instant - _EPOCH) // _MICROSECOND


def instant_of(number: int) -> datetime:
    """The instant behind such a number; the end of time for one beyond it."""
    try:
        return _EPOCH + number * _MICROSECOND
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if number > 0 else _EPOCH


def is_proven(shown: list[Rank], wanted: int, frontier: Rank | None) -> bool:
    """Tell whether nobody beyond the frontier can stand before the last who is shown.

    Whoever was not looked at has, at the earliest, the rank that the stored bound gives.
    """
    return frontier is None or (len(shown) >= wanted and shown[wanted - 1] <= frontier)


def goes_by_time(sort: Sort) -> bool:
    """Tell whether the order hangs on times, which must be verified."""
    return sort is Sort.SOONEST
