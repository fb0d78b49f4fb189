"""What may be said about a specialty."""

import re
import unicodedata

from medibook.kernel.errors import Invalid
from medibook.kernel.words import N_
from medibook.people.rules.fields import one_line

_NO_WORD = re.compile(r"[^a-z0-9]+")


def checked_specialty(name: str, synonyms: str) -> tuple[str, str]:
    """The name and the plain words in their written form, each word once. Raises Invalid."""
    problems = {}
    tidy = one_line(name)
    if not 1 <= len(tidy) <= 80:
        problems["specialty_name"] = N_("Give the specialty a name of up to 80 characters.")
    words = dict.fromkeys(one_line(word) for word in synonyms.split(","))
    kept = ", ".join(word for word in words if word)
    if len(kept) > 300:
        problems["synonyms"] = N_("This is too long. Please shorten it.")
    if problems:
        raise Invalid(problems)
    return tidy, kept


def code_of(name: str) -> str:
    """The code by which files and addresses know a specialty: "Eye care" is "eye-care"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NO_WORD.sub("-", plain).strip("-")[:40] or "specialty"
