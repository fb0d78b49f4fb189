"""What an SMS means: its first word decides, in the patient's language and in English.

A word that may mean many things decides only when it stands (almost) alone: "No problem, see you then"
cancels nothing. What is not understood is read by people.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Intent(StrEnum):
    """What somebody wants who answers by SMS."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    CHOOSE = "choose"
    STOP = "stop"
    START = "start"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Understood:
    """``number`` is the one that was chosen; ``says_more``: there is more in it for people to read."""

    intent: Intent
    number: int | None = None
    says_more: bool = False


_CONFIRM: Final = {
    "en": {"c", "y", "yes", "yep", "yeah", "ok", "okay", "confirm", "confirmed", "confirming", "👍"},
    "de": {"b", "j", "ja", "jawohl", "jep", "ok", "okay", "bestätigen", "bestätige", "bestätigt",
           "bestaetigen", "bestaetige", "bestaetigt", "zusage", "zusagen", "👍"},
}  # fmt: skip
_CANCEL: Final = {
    "en": {"x", "cancel", "cancelled", "canceled", "cancelling"},
    "de": {"x", "absagen", "absage", "abgesagt", "storno", "stornieren", "storniere"},
}
# "No": to the question whether one comes, or to anything else.
_NO: Final = {"en": {"n", "no", "nope"}, "de": {"n", "nein", "nö", "nee"}}
_STOP: Final = {"stop", "stopp", "stopall", "unsubscribe", "optout"}
_STOP_ALONE: Final = {"end", "ende", "quit", "abmelden", "revoke"}
_START: Final = {"start", "unstop"}
# Words that are one letter from "cancel" and "absagen", and mean something else.
_NOT_MISSPELT: Final = {"cancer", "ansagen", "zusagen", "aussagen"}
_SPELT: Final = {"en": "cancel", "de": "absagen"}
_FEW_WORDS: Final = 3
_LONGEST_READ: Final = 1000
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_NUMBERED: Final = re.compile(r"([^\W\d_]+|👍)?\W*(\d{1,2})")


# To ask is not to cancel. To come, and to be left in peace, is granted however it is put.
_EVEN_IF_ASKED = frozenset({Intent.STOP, Intent.CONFIRM})


def understood(text: str, locale: str) -> Understood:
    """What an SMS means to whoever reads this language; English is understood always."""
    words = plain(text).casefold().split()
    tidy = [word for word in (_bare(word) for word in words) if word]
    if not tidy:
        return Understood(Intent.UNCLEAR)
    first, number = _parted(tidy)
    rest = len(tidy) - 1 - (number is not None and tidy[0] == first)
    says_more = rest > _FEW_WORDS or "?" in text
    intent = _intent(first, {locale, "en"}, is_alone=not says_more and rest <= 1)
    if intent is Intent.UNCLEAR and not first and number is not None:
        intent = Intent.CHOOSE
    if intent is Intent.UNCLEAR or ("?" in text and intent not in _EVEN_IF_ASKED):
        return Understood(Intent.UNCLEAR)
    return Understood(intent, number, says_more)


def plain(text: str) -> str:
    """A text as it may be kept and shown: one line, no control or direction marks, not without end."""
    whole = unicodedata.normalize("NFKC", text[:_LONGEST_READ])
    seen = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in whole)
    return " ".join(seen.split())[:_LONGEST_READ]


def is_number(sender: str) -> bool:
    """Whether a sender is a telephone number to which one can reply (E.164)."""
    return _E164.fullmatch(sender) is not None


def _intent(first: str, languages: set[str], *, is_alone: bool) -> Intent:
    if first in _STOP or (first in _STOP_ALONE and is_alone):
        return Intent.STOP
    if first in _START and is_alone:
        return Intent.START
    for language in languages & _CONFIRM.keys():
        if first in _CONFIRM[language]:
            return Intent.CONFIRM
        if first in _CANCEL[language] or _is_misspelt(first, _SPELT[language]):
            return Intent.CANCEL
        if first in _NO[language] and is_alone:
            return Intent.CANCEL
    return Intent.UNCLEAR


def _parted(words: list[str]) -> tuple[str, int | None]:
    """The deciding word and the number beside it: "x2", "c 1", "2"."""
    found = _NUMBERED.fullmatch(words[0])
    if found:
        return found[1] or "", int(found[2])
    if len(words) > 1 and words[1].isascii() and words[1].isdecimal() and len(words[1]) <= 2:
        return words[0], int(words[1])
    return words[0], None


def _bare(word: str) -> str:
    return word.strip(".,;:!?\"'()[]*_-–—…«»„“”‚‘’#/\\")


def _is_misspelt(word: str, meant: str) -> bool:
    """Whether a word is one slip of the finger from the one that was meant."""
    if word in _NOT_MISSPELT or word[:1] != meant[:1] or abs(len(word) - len(meant)) > 1:
        return False
    if len(word) == len(meant):
        wrong = [i for i, (a, b) in enumerate(zip(word, meant, strict=True)) if a != b]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            return word[wrong[0]] == meant[wrong[1]] and word[wrong[1]] == meant[wrong[0]]
        return len(wrong) == 1
    short, long = sorted((word, meant), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
