"""Names as people type them: without accents, half of them, and with a letter wrong."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

_NOT_A_WORD = re.compile(r"[\W_]+")
# Letters that are no base letter with a mark, so that Unicode does not take them apart.
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}
)
_LONGEST = 60
_SPELT = 9  # letters that spellings are made from: who errs, errs early as often as late


def folded(text: str) -> str:
    """The text as it is compared: without case, accents and signs, one blank between words."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _NOT_A_WORD.sub(" ", plain).strip()


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, each once; also of both halves of Smith-Jones and of O'Neill, and the whole."""
    parts = [word[:_LONGEST] for word in folded(name).split()]
    whole = [folded(part).replace(" ", "")[:_LONGEST] for part in name.split()]
    return tuple(dict.fromkeys(word for word in (*parts, *whole) if word))


def spellings(word: str) -> set[str]:
    """What is left of a word with a letter or two missing: two words that share one are alike."""
    start = word[:_SPELT]
    found = {start}
    if len(word) < 3 or any(sign.isdigit() for sign in word):
        return found
    for _ in range(errors_forgiven(word)):
        found |= {left[:n] + left[n + 1 :] for left in found for n in range(len(left))}
    return found


def errors_forgiven(word: str) -> int:
    """How many letters of a word may be wrong, missing, too many or swapped."""
    return 0 if len(word) < 3 else 1 if len(word) < 7 else 2


def nearest(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Those of the known words that somebody who typed this most likely meant; () when none is near."""
    allowed = errors_forgiven(word)
    best: list[str] = []
    letters = set(word)
    for other in known:
        # One error puts in a letter, takes one away, or does both: most words are told apart by that.
        if abs(len(other) - len(word)) > allowed or len(letters ^ set(other)) > 2 * allowed:
            continue
        errors = distance(word, other)
        if errors < allowed or (errors == allowed and not best):
            best = [] if errors < allowed else best
            allowed = errors
        if errors == allowed:
            best.append(other)
    return tuple(sorted(best))


def distance(one: str, other: str) -> int:
    """How many letters must be changed, left out, put in or swapped to get from one to the other."""
    one, other = _without_the_same_ends(one, other)
    rows = [list(range(len(other) + 1))]
    for i, sign in enumerate(one, start=1):
        row = [i]
        for j, wanted in enumerate(other, start=1):
            steps = [rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (sign != wanted)]
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == wanted:
                steps.append(rows[-2][j - 2] + 1)
            row.append(min(steps))
        rows.append(row)
    return rows[-1][-1]


def _without_the_same_ends(one: str, other: str) -> tuple[str, str]:
    """What is left of two words without how both begin and end: of words that are near, next to nothing."""
    start = _same(one, other)
    one, other = one[start:], other[start:]
    end = _same(one[::-1], other[::-1])
    return one[: len(one) - end], other[: len(other) - end]


def _same(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (sign, wanted) in pairs if sign != wanted), min(len(one), len(other)))


def after_prefix(prefix: str) -> str:
    """The first text that sorts after everything that begins with the prefix."""
    return prefix + "\U0010ffff"


def said(words: Iterable[Iterable[str]]) -> Iterator[str]:
    """The words that are meant, one of each choice, as they are shown."""
    for choice in words:
        yield next(iter(choice)).capitalize()
