"""The ledger in words: how far a message has come, and by what."""

import re
from typing import Final

import reflex as rx

from medibook.notifications.schemas import Channel, MessageState
from medibook.ui.components import Column, tag
from medibook.ui.i18n import N_, Translator

STATES: Final = {
    MessageState.PLANNED: N_("Waits for its time"),
    MessageState.CLAIMED: N_("About to be sent"),
    MessageState.ATTEMPTING: N_("Being sent"),
    MessageState.ACCEPTED: N_("Sent"),
    MessageState.RETRY: N_("Tried again later"),
    MessageState.DEAD: N_("Given up"),
    MessageState.EXPIRED: N_("No longer needed"),
    MessageState.UNKNOWN: N_("Not known whether it has left"),
}
TONES: Final = {
    MessageState.PLANNED: "slate",
    MessageState.CLAIMED: "sky",
    MessageState.ATTEMPTING: "sky",
    MessageState.ACCEPTED: "leaf",
    MessageState.RETRY: "amber",
    MessageState.DEAD: "coral",
    MessageState.EXPIRED: "slate",
    MessageState.UNKNOWN: "amber",
}
CHANNELS: Final = {
    Channel.EMAIL: N_("E-mail"),
    Channel.SMS: N_("SMS"),
    Channel.IN_APP: N_("In the app"),
    Channel.PUSH: N_("On a device"),
}

# What may be in the way, in the words of whoever wrote the row, and in ours. What is found first counts.
_PROBLEMS: Final = (
    (r"doctor is away", N_("The doctor is away, and another time is being found.")),
    (r"held up", N_("It was held up, and is tried again.")),
    (r"offers no encryption", N_("The mail server offers no encryption.")),
    (r"the answer (cannot be read|names no)", N_("The provider's answer cannot be understood.")),
    (r"too late to be of use|nothing has left", N_("It came too late to be of use.")),
    (r"too many SMS to this number", N_("This number was sent enough SMS for now.")),
    (r"quiet hours", N_("It waits for the end of the quiet hours.")),
    (r"opted out|the number has opted out", N_("The reader has said STOP.")),
    (r"wants no more news", N_("The reader wants no more news.")),
    (r"no address yet|there is no number", N_("There is no address to send it to.")),
    (r"the number (is none|is a short code)", N_("This is no telephone number.")),
    (r"the number|to this country", N_("This number cannot be reached.")),
    (r"recipient refused|sender refused", N_("The mail server has refused it.")),
    (r"add this device again", N_("Please add this device again.")),
    (r"the device has gone", N_("This device can no longer be reached.")),
    (r"no push service that we know", N_("We do not know the push service of this device.")),
    (r"own key cannot be opened", N_("The clinic's own key cannot be opened.")),
    (r"cannot be (written|encrypted)|is too long|is empty", N_("It cannot be sent in this form.")),
    (r"cut off in the middle", N_("Sending it was cut off in the middle.")),
    (r"sent once more", N_("It was sent once more.")),
    (r"not in the provider's list|is of another", N_("The provider does not know it so far.")),
    (r"has no record of it", N_("The provider has not taken it.")),
    (r"record|keeps no", N_("The provider cannot tell whether it has taken it.")),
    (r"refuses the key|forbids it|not found|log ?in|authent", N_("The provider refuses our settings.")),
    (r"cannot be reached|no answer|broke off|given a pause|Timeout", N_("The provider cannot be reached.")),
    (r"\banswer (429|408|421|5\d\d)|busy", N_("The provider is busy.")),
    (r"\banswer \d{3}|\[\d{3}\]", N_("The provider has refused it.")),
    (r"^\w+(Error|Exception|Refused)$", N_("Something unexpected came in between.")),
    (r"a visit is booked", N_("A visit is booked by now.")),
    (r"not wanted", N_("The reader does not want it.")),
    (r"set anew|no longer offered|taken back|nobody can be", N_("It is no longer so: changed meanwhile.")),
    (r"are gone|is gone", N_("What it is about is no longer there.")),
    (r"^stopped$", N_("Somebody has stopped it.")),
    (r"^(expired|lapsed)$", N_("The time to answer has run out.")),
    (r"^(accepted|answered|open)$", N_("It is answered by now.")),
    (r"^told$", N_("They have been told already.")),
    (r"cancel|declined|withdrawn|overridden", N_("It is no longer so: cancelled or declined.")),
    (r"moved|changed", N_("It is no longer so: changed meanwhile.")),
    (r"", N_("It was not sent.")),
)  # fmt: skip


def problem_words(_: Translator, problem: str) -> str:
    """What is in the way, in the reader's language, and what stands in the row as a detail in quotes.

    "" when nothing is. The row's own words are English and name codes: for whoever asks the provider.
    """
    if not problem:
        return ""
    words = plain_problem(_, problem)
    return _("{problem} (“{detail}”)", problem=words, detail=problem)


def plain_problem(_: Translator, problem: str) -> str:
    """The same for patients, who ask no provider: in their language alone, without the detail."""
    if not problem:
        return ""
    return _(next(words for pattern, words in _PROBLEMS if re.search(pattern, problem)))


def how_it_stands(_: Translator, state: MessageState, problem: str) -> str:
    """How far a message has come and, already in words, what is in the way; one or two sentences."""
    if problem:
        return _("{state}. {problem}", state=_(STATES[state]), problem=problem)
    return _("{state}.", state=_(STATES[state]))


def ledger_columns(_: Translator) -> list[Column]:
    """What every table of messages shows.

    Its rows have ``reader``, ``by``, ``when``, ``state``, ``tone`` and ``problem``, their words made.
    """
    return [
        Column(label=_("To"), draw=lambda row: rx.el.bdi(row.reader), header=True),
        Column(label=_("By"), draw=lambda row: row.by),
        Column(label=_("Time"), draw=lambda row: row.when),
        Column(label=_("State"), draw=lambda row: tag(row.state, tone=row.tone)),
        Column(label=_("What is in the way"), draw=lambda row: row.problem),
    ]
