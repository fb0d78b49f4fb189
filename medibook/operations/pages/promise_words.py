"""The page "Promises" in words: the numbers of the day, what is wrong, who waits for what."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from medibook.notifications.pages.ledger_words import (
    CHANNELS,
    STATES,
    TONES,
    how_it_stands,
    problem_words,
)
from medibook.notifications.schemas import LedgerLine, PromiseSheet
from medibook.ui.i18n import N_, Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of the day, and what it counts."""

    number: str
    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message that needs a person, its words made."""

    key: str
    reader: str
    by: str
    when: str
    state: str
    tone: str
    problem: str
    can_retry: bool


def alarm(_: Translator, sheet: PromiseSheet, now: datetime) -> str:
    """What is wrong, in one sentence; "" when nothing is."""
    if sheet.is_silent and sheet.last_beat is None:
        return _("Nobody delivers messages: no worker has ever run here.")
    if sheet.is_silent and sheet.last_beat is not None:
        return _("Nobody delivers messages. Last sign of life: {when}.",
                 when=_.relative(sheet.last_beat, now))  # fmt: skip
    counts = sheet.counts
    if counts.overdue and counts.oldest_unsent is not None:
        late = _.plural("{count} message is late.", "{count} messages are late.", counts.overdue)
        since = _.relative(counts.oldest_unsent, now)
        return late + " " + _("The oldest was to leave {when}.", when=since)
    return ""


def figures(_: Translator, sheet: PromiseSheet) -> list[Figure]:
    """The numbers of the day."""
    counts = sheet.counts
    said = (
        (counts.due, N_("promised for today"), ""),
        (counts.accepted, N_("sent"), ""),
        (counts.waiting, N_("still to come"), ""),
        (counts.expired, N_("no longer needed"), ""),
        (counts.overdue, N_("late"), "coral"),
        (counts.dead, N_("given up"), "coral"),
        (counts.unknown, N_("of unknown fate"), "amber"),
    )
    return [
        Figure(number=_.number(number), words=_(words), tone=tone if number else "")
        for number, words, tone in said
    ]


def line(_: Translator, one: LedgerLine, zone: ZoneInfo) -> Line:
    """One message that needs a person."""
    return Line(
        key=str(one.message_id),
        reader=one.to,
        by=_(CHANNELS[one.channel]),
        when=_.moment(one.send_at, zone),
        state=_(STATES[one.state]),
        tone=TONES[one.state],
        problem=problem_words(_, one.problem) or "–",
        can_retry=one.state.value in ("dead", "unknown", "retry"),
    )


def answer(_: Translator, one: LedgerLine) -> str:
    """What the provider has said to a test."""
    return how_it_stands(_, one.state, problem_words(_, one.problem))
