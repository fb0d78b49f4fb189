"""What a broadcast must be before it goes to many people."""

from typing import Final

from medibook.kernel.errors import Conflict, Invalid
from medibook.kernel.words import N_
from medibook.operations.schemas import BroadcastWords, NewBroadcast
from medibook.people.rules.fields import one_line

LONGEST_SUBJECT: Final = 120
LONGEST_BODY: Final = 4000


class AudienceChanged(Conflict):
    """The number that the admin has typed is not the number of people who would be told."""

    code = "audience_changed"
    sentence = N_("That is not the number of people who would get it. Please count again.")


def checked_broadcast(new: NewBroadcast, first_locale: str) -> NewBroadcast:
    """The broadcast in its written form; raises Invalid with every field's sentence.

    The clinic's first language must be there: it is what everybody gets who reads no other.
    """
    problems: dict[str, str] = {}
    kept = []
    if all(text.locale != first_locale for text in new.texts):
        problems[f"subject_{first_locale}"] = N_("Give it a subject of up to 120 characters.")
    for text in new.texts:
        subject, body = one_line(text.subject), text.body.replace("\r\n", "\n").strip()
        is_first = text.locale == first_locale
        if not subject and not body and not is_first:
            continue
        if not 1 <= len(subject) <= LONGEST_SUBJECT:
            problems[f"subject_{text.locale}"] = N_("Give it a subject of up to 120 characters.")
        if not 1 <= len(body) <= LONGEST_BODY:
            problems[f"body_{text.locale}"] = N_("Write a text of up to 4,000 characters.")
        kept.append(BroadcastWords(locale=text.locale, subject=subject, body=body))
    if problems:
        raise Invalid(problems)
    return new.model_copy(update={"texts": tuple(kept)})


def words_for(texts: dict[str, BroadcastWords], locale: str, first_locale: str) -> BroadcastWords:
    """What somebody who reads this language gets."""
    return texts.get(locale) or texts[first_locale]
