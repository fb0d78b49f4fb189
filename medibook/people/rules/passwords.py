"""Passwords after NIST SP 800-63B-4: long, not guessable, otherwise as people like; no other rules."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

from medibook.kernel.words import N_

SHORTEST = 15  # the password is the only factor
LONGEST = 256  # 64 must be possible; far beyond that somebody only wants us to hash
_MUST_REMAIN = 6  # letters that are neither common words nor about the person
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "azertyuiop",
)


_STEPS = frozenset(a + b for row in _ROWS for line in (row, row[::-1]) for a, b in pairwise(line))


class PasswordFault(StrEnum):
    """Why a password is refused; the value travels in an address, the sentence is for people."""

    SHORT = "password_short"
    LONG = "password_long"
    COMMON = "password_common"
    PERSONAL = "password_personal"

    @property
    def sentence(self) -> str:
        """The sentence for people, untranslated."""
        return _SENTENCES[self]


_SENTENCES = {
    PasswordFault.SHORT: N_(
        "Please choose at least 15 characters. A few words that only you would put together are best."
    ),
    PasswordFault.LONG: N_("Please choose at most 256 characters."),
    PasswordFault.COMMON: N_(
        "This password is easy to guess. Please choose a few words that do not belong together."
    ),
    PasswordFault.PERSONAL: N_(
        "Please leave your name, your address and the clinic's name out of the password."
    ),
}


def composed(password: str) -> str:
    """Return the password as it is hashed: the same letters, however a keyboard has put them together."""
    return unicodedata.normalize("NFC", password)


def password_fault(password: str, about: Iterable[str] = ()) -> PasswordFault | None:
    """Return why ``password`` is refused, None when it is fit; ``about``: name, address, clinic."""
    password = composed(password)
    if len(password) < SHORTEST:
        return PasswordFault.SHORT
    if len(password) > LONGEST:
        return PasswordFault.LONG
    if _is_monotonous(password.casefold()):
        return PasswordFault.COMMON
    left = _without(_plain(_without_walks(password.casefold())), blocklist())
    if len(left) < _MUST_REMAIN:
        return PasswordFault.COMMON
    if len(_without(left, _words(about))) < _MUST_REMAIN:
        return PasswordFault.PERSONAL
    return None


@cache
def blocklist() -> tuple[str, ...]:
    """Return the words and phrases that every guesser tries first; the longest first."""
    lines = (
        Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    )
    words = {_plain(line) for line in lines if line and not line.startswith("#")}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _words(about: Iterable[str]) -> tuple[str, ...]:
    parts = {_plain(part) for text in about for part in re.split(r"[\W_]+", text)}
    return tuple(sorted((part for part in parts if len(part) >= 3), key=len, reverse=True))


_LEET = str.maketrans("013457@$!", "oieastasi")


def _plain(text: str) -> str:
    """Letters alone, with the usual digits-for-letters undone."""
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_LEET)
    return "".join(c for c in letters if c.isalnum())


def _without(plain: str, words: Iterable[str]) -> str:
    for word in words:
        plain = plain.replace(word, "")
    return plain


def _without_walks(password: str) -> str:
    """Drop four and more neighbours on the keyboard or in the alphabet: 123456, asdf."""
    kept, walk = "", password[:1]
    for before, letter in pairwise(password):
        if before + letter in _STEPS:
            walk += letter
            continue
        kept, walk = kept + ("" if len(walk) > 3 else walk), letter
    return kept + ("" if len(walk) > 3 else walk)


def _is_monotonous(password: str) -> bool:
    """Tell whether it is made of very few letters, or is one piece over and over."""
    if len(set(password)) < 5:
        return True
    return any(_repeats(password, length) for length in range(1, len(password) // 2 + 1))


def _repeats(password: str, length: int) -> bool:
    piece = password[:length]
    return (piece * (len(password) // length + 1))[: len(password)] == password
