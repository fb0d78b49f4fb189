"""Where people are and how far it is: our own locations are all the map there is."""

from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple
from uuid import UUID

from medibook.directory.rules.names import folded, nearest

_EARTH_KM = 6371.0088


class Spot(NamedTuple):
    """A location on the map; ``None`` where nobody has entered its coordinates."""

    location_id: UUID
    city: str
    postcode: str
    latitude: float | None
    longitude: float | None


Point = tuple[float, float]


def found_at(text: str, spots: Iterable[Spot]) -> Point | None:
    """Where a postcode or a city is, going by our locations there; None when none is known there.

    A postcode is found whole, or by its beginning; a city also with a letter wrong.
    """
    known = [s for s in spots if s.latitude is not None and s.longitude is not None]
    asked, code = folded(text), folded(text).replace(" ", "")
    if not asked:
        return None
    cities = {folded(s.city) for s in known}
    meant = {asked} if asked in cities else set(nearest(asked, cities))
    for fits in (
        [s for s in known if _code(s) == code],
        [s for s in known if folded(s.city) in meant],
        [s for s in known if len(code) > 1 and _code(s).startswith(code)],
        # The first half of a British or Canadian postcode, the first digits of others.
        [s for s in known if len(code) > 3 and _code(s)[:3] == code[:3]],
    ):
        if fits:
            return _middle(fits)
    return None


def distances(point: Point, spots: Iterable[Spot]) -> dict[UUID, float]:
    """How many kilometres it is to each location whose coordinates are known, as the crow flies."""
    return {
        s.location_id: kilometres(point, (s.latitude, s.longitude))
        for s in spots
        if s.latitude is not None and s.longitude is not None
    }


def kilometres(one: Point, other: Point) -> float:
    """The distance over the globe (haversine)."""
    north, south = radians(one[0]), radians(other[0])
    across = radians(other[1] - one[1])
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(across / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, half)))


def _code(spot: Spot) -> str:
    return folded(spot.postcode).replace(" ", "")


def _middle(spots: list[Spot]) -> Point:
    return (
        sum(s.latitude or 0 for s in spots) / len(spots),
        sum(s.longitude or 0 for s in spots) / len(spots),
    )
