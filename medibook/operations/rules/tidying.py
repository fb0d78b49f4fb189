"""From the capitals of an old directory file to what one would print on a door.

Each function returns the text as it is kept. Only what is all in capitals, or all small, is written
anew: somebody who typed "MacLeod van der Berg" knew better than any rule.
"""

import re
from collections.abc import Callable

_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*", re.UNICODE)
_ORDINAL = re.compile(r"\b(\d+)(st|nd|rd|th)\b", re.IGNORECASE)
# Written in capitals on doors and letters as well.
_STAYS_IN_NAMES = frozenset({"II", "III", "IV", "MD", "DO"})
_STAYS_IN_PLACES = frozenset({"N", "S", "E", "W", "NE", "NW", "SE", "SW", "US", "PO", "II", "III"})


def one_line(text: str) -> str:
    """The text on one line, with single spaces."""
    return _SPACES.sub(" ", text).strip()


def person(text: str) -> str:
    """The name of a person: "KATHLEEN O'BRIEN-MCLEOD III" is Kathleen O'Brien-McLeod III."""
    return _rewritten(text, lambda word: word if word in _STAYS_IN_NAMES else _as_a_name(word))


def place(text: str) -> str:
    """A street or a town: "489 STATE ST E" is 489 State St E, "100 2ND AVE" is 100 2nd Ave."""
    found = _rewritten(text, lambda word: word if word in _STAYS_IN_PLACES else _as_a_name(word))
    return _ORDINAL.sub(lambda number: number[1] + number[2].lower(), found)


def specialty(text: str) -> str:
    """A specialty: "PHYSICAL MEDICINE AND REHABILITATION" is Physical medicine and rehabilitation.

    What stands in brackets without a vowel is an abbreviation, and stays one: (CRNA) but (cardiology).
    """
    found = one_line(text)
    if not _is_shouted(found):
        return found
    lower = re.sub(r"\(([A-Z]{2,4})\)|([^()]+|\()", _specialty_part, found)
    return lower[:1].upper() + lower[1:]


def code_of(name: str) -> str:
    """The short name of a specialty in addresses: "Obstetrics/gynecology" is obstetrics-gynecology."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40]


def zip_code(text: str) -> str | None:
    """A US ZIP code whose leading zeros a spreadsheet has eaten: 4416 is 04416, 41023134 is 04102-3134.

    None when it can be neither five digits nor nine.
    """
    digits = text.strip().replace("-", "")
    if not digits.isdecimal() or not 3 <= len(digits) <= 9 or len(digits) == 6:
        return None
    if len(digits) <= 5:
        return digits.zfill(5)
    whole = digits.zfill(9)
    return f"{whole[:5]}-{whole[5:]}"


def is_npi(text: str) -> bool:
    """Whether this can be a US National Provider Identifier: ten digits that fit their check digit.

    The check is Luhn's over the number with 80840 before it (45 CFR 162.406, ISO/IEC 7812).
    """
    if not (text.isascii() and text.isdecimal() and len(text) == 10):
        return False
    total = 0
    for place_, digit in enumerate(map(int, reversed("80840" + text))):
        doubled = digit * 2 if place_ % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _rewritten(text: str, word_of: Callable[[str], str]) -> str:
    found = one_line(text)
    return _WORD.sub(lambda word: word_of(word[0].upper()), found) if _is_shouted(found) else found


def _is_shouted(text: str) -> bool:
    return text.isupper() or text.islower()


def _as_a_name(word: str) -> str:
    parts = [part[:1] + part[1:].lower() for part in re.split(r"(?<=['’])", word)]
    whole = "".join(parts)
    # Mc is always followed by a capital; of Mac one cannot know (Macy, MacLeod).
    if whole.startswith("Mc") and len(whole) > 3:
        whole = "Mc" + whole[2].upper() + whole[3:]
    return whole


def _specialty_part(found: re.Match[str]) -> str:
    abbreviation = found[1]
    return f"({abbreviation})" if abbreviation else found[0].lower()
