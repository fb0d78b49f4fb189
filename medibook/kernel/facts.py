"""Facts: what happened, in values only, so that the pure floors of every room can speak of them."""

from dataclasses import dataclass
from typing import Any

_KINDS: dict[str, type["Fact"]] = {}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened in the clinic, named in the past tense; its fields are ids and instants."""

    def __init_subclass__(cls, **_: Any) -> None:  # noqa: ANN401 - the signature of the language
        """Learn the kind's name, so that a stored fact finds its class again."""
        _KINDS[cls.__name__] = cls


def kind_named(name: str) -> type[Fact]:
    """Return the kind of a stored fact."""
    return _KINDS[name]
