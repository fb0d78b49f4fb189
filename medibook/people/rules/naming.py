"""Under which words a patient is found, however the name is accented and the number typed."""

import unicodedata
from dataclasses import dataclass

import phonenumbers

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss"}
)
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
FEWEST_LETTERS, FEWEST_DIGITS = 3, 4
_FIRST_IDEOGRAPH = "\u2e80"  # one sign of these is a whole word
_FROM_THE_END = "~"
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody typed to find a patient: beginnings of words, all of which have to fit.

    ``digits`` has the ways in which a number may have been typed; one of them has to fit.
    """

    words: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()

    @property
    def is_enough(self) -> bool:
        """Tell whether it is enough to look for: a whole clinic is not leafed through."""
        long_enough = any(len(w) >= FEWEST_LETTERS or w >= _FIRST_IDEOGRAPH for w in self.words)
        return long_enough or bool(self.digits)


def folded(text: str) -> str:
    """Return a name as it is compared: without case and accents, in single words (José is jose)."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(c for c in plain if not unicodedata.combining(c)).translate(_LETTERS)
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def search_keys(name: str, phone: str) -> tuple[str, ...]:
    """Return what a patient is found by: the words of the name, and the number from both its ends."""
    german = unicodedata.normalize("NFC", name).casefold().translate(_WRITTEN_OUT)
    words = {*folded(name).split(), *folded(german).split()}
    return tuple(sorted({word[:120] for word in words} | _number_keys(phone)))


def sought(text: str) -> Sought:
    """Return what is looked for by a typed text: a number when it has no letter, else names."""
    if any(c.isalpha() for c in text):
        return Sought(words=tuple(folded(text[:200]).split())[:_MOST_WORDS])
    digits = "".join(str(unicodedata.digit(c)) for c in text[:60] if c.isdigit())
    if len(digits) < FEWEST_DIGITS:
        return Sought()
    ways = [_FROM_THE_END + digits[::-1]]
    # A number's zeros in front are the way to it (0, 00), not the number; its last digits may be zeros.
    if len(number := digits.lstrip("0")) >= FEWEST_DIGITS:
        ways += [f"+{number}", f"0{number}"]
    return Sought(digits=tuple(ways))


def _number_keys(phone: str) -> set[str]:
    digits = "".join(c for c in phone if c.isdigit())
    if not digits:
        return set()
    keys = {f"+{digits}", _FROM_THE_END + digits[::-1]}
    try:
        keys.add(f"0{phonenumbers.parse(phone, None).national_number}")
    except phonenumbers.NumberParseException:
        keys.add(f"0{digits}")
    return keys
