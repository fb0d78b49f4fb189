"""What a browser claims, read strictly; a page's own data can be missing, too, when it never loaded."""

from datetime import UTC, date, datetime, time
from enum import Enum
from typing import TypeVar
from uuid import UUID

from medibook.kernel.errors import Invalid, NotFound

Choice = TypeVar("Choice", bound=Enum)
_YEARS = range(1970, 2200)  # every wall clock can show them, and the days around them


def claimed_id(claim: object) -> UUID:
    """Return the id that a browser names; raises NotFound when it is none at all."""
    try:
        return UUID(str(claim))
    except ValueError as error:
        raise NotFound from error


def claimed_day(claim: object) -> date | None:
    """Return the day that a browser names as ``2026-11-24``; None when it is none at all."""
    try:
        found = date.fromisoformat(str(claim))
    except ValueError:
        return None
    return found if found.year in _YEARS else None  # beyond the calendar there is no day after it


def claimed_time(claim: object) -> time | None:
    """Return the reading of a clock that a browser names as ``10:30``; None when it is none at all."""
    try:
        return time.fromisoformat(str(claim)).replace(tzinfo=None, second=0, microsecond=0)
    except ValueError:
        return None


def claimed_wall(claim: object) -> datetime | None:
    """Return the day and the reading of a clock that a browser names as ``2026-11-24T10:30``, or None."""
    try:
        found = datetime.fromisoformat(str(claim)).replace(tzinfo=None, second=0, microsecond=0)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def claimed_start(claim: object) -> datetime:
    """Return the instant that a browser names in whole seconds; raises NotFound when it is none."""
    try:
        found = datetime.fromtimestamp(int(str(claim)), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise NotFound from error
    if found.year not in _YEARS:  # at the ends of the calendar there is no wall to show it on
        raise NotFound
    return found


def claimed_moment(claim: object) -> datetime:
    """Return the instant that a browser names, with its zone; raises Invalid when it is none at all."""
    try:
        moment = datetime.fromisoformat(str(claim))
    except ValueError as error:
        raise Invalid from error
    if moment.tzinfo is None or moment.year not in _YEARS:
        raise Invalid
    return moment.astimezone(UTC)


def claimed_page(claim: str) -> int:
    """Return the page of a list that a browser asks for; the first when it is no number."""
    return max(1, int(claim)) if claim.isdecimal() and len(claim) < 6 else 1


def claimed_choice(choices: type[Choice], claim: object) -> Choice:
    """Return the one of ``choices`` that a browser names; raises Invalid when there is none."""
    try:
        return choices(claim)
    except ValueError as error:
        raise Invalid from error
