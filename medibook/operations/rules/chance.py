"""Chance that falls the same way every time, and identities that follow from names."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from medibook.kernel.ids import reference_of

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
_HOUSE = uuid5(NAMESPACE_URL, "https://medibook.example/seeds")


class Chance:
    """A source of chance of its own; the same seed draws the same, on every machine and version."""

    def __init__(self, *seed: object) -> None:
        self._seed = "/".join(map(str, seed))
        self._drawn = 0

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        self._drawn += 1
        digest = sha256(f"{self._seed}/{self._drawn}".encode()).digest()
        return least + int.from_bytes(digest[:8], "big") % (most - least + 1)

    def one_of(self, things: Sequence[T]) -> T:
        """Any of the things."""
        return things[self.between(0, len(things) - 1)]


def named_id(*words: object) -> UUID:
    """The identity that belongs to these words: seeding twice would collide instead of doubling."""
    return uuid5(_HOUSE, "/".join(map(str, words)))


def named_reference(*words: object) -> str:
    """The reference that belongs to these words, as patients read it out: ``7KQ4-M2XD``."""
    return reference_of(named_id("reference", *words).int)
