"""The list in the front desk's words: who waits, what happened with each freed time, and the report."""

from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from medibook.ui.i18n import N_, Translator
from medibook.waitlist.pages.words import OUTCOMES, PASSED, PRIORITIES, wished
from medibook.waitlist.schemas import (
    Cause,
    EntryCard,
    Priority,
    Refilled,
    RoundCard,
    RoundState,
    StoryLine,
)

_TONES: Final = {Priority.NORMAL: "slate", Priority.SOON: "amber", Priority.URGENT: "coral"}
_STATES: Final = {
    RoundState.OPEN: (N_("Going on"), "amber"),
    RoundState.REFILLED: (N_("Refilled"), "leaf"),
    RoundState.EXHAUSTED: (N_("Nobody left to ask"), "slate"),
    RoundState.GONE: (N_("Taken in another way, or too near"), "slate"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine:
    """Somebody who waits, as the front desk's list shows them."""

    key: str = ""
    place: str = ""
    name: str = ""
    what: str = ""
    wished: str = ""
    since: str = ""
    priority: str = ""
    rank: str = ""
    because: str = ""
    tone: str = "slate"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """One line of a freed time's story."""

    key: str = ""
    name: str = ""
    what: str = ""
    why: str = ""
    rank: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreedView:
    """A freed time; ``offer`` is "" while nobody considers it."""

    key: str = ""
    when: str = ""
    whom: str = ""
    freed: str = ""
    state: str = ""
    tone: str = "slate"
    asked: str = ""
    offer: str = ""
    story: list[StoryView] = field(default_factory=list)


def in_line(_: Translator, entry: EntryCard, place: int) -> InLine:
    """Make the words of somebody who waits."""
    what = _(entry.service_name or entry.specialty_name)
    whom = _.listed(entry.practitioner_names) if entry.practitioner_names else _("With any doctor")
    return InLine(
        key=str(entry.entry_id),
        place=str(place),
        name=entry.patient_name,
        what=f"{what} · {whom}",
        wished=wished(_, entry.wish),
        since=_("Waiting since {day}", day=_.day(entry.since.date())),
        priority=_(PRIORITIES[entry.priority]),
        rank=str(int(entry.priority)),
        because=entry.priority_reason,
        tone=_TONES[entry.priority],
    )


def freed_view(_: Translator, one: RoundCard) -> FreedView:
    """Make the words of a freed time and of everybody who was considered for it."""
    zone = ZoneInfo(one.zone)
    words, tone = _STATES[one.state]
    said = N_("Freed {when}") if one.cause is Cause.FREED else N_("Found {when}")
    considering = [line for line in one.story if line.offer_state == "open"]
    asked = ""
    if considering and considering[0].expires_at is not None:
        asked = _.plural(
            "{names} is asked, until {time}",
            "{names} are asked, until {time}; the first to accept has it",
            len(considering),
            names=_.listed(line.patient_name for line in considering),
            time=_.time(considering[0].expires_at, zone),
        )
    elif one.state is RoundState.OPEN and one.next_at is not None:
        asked = _("It is night: somebody is asked at {time}", time=_.time(one.next_at, zone))
    return FreedView(
        key=str(one.round_id),
        when=_.moment(one.starts_at, zone),
        whom=f"{one.practitioner_name}, {one.location_name}",
        freed=_(said, when=_.moment(one.freed_at, zone)),
        state=_(words),
        tone=tone,
        asked=asked,
        offer=str(one.offer_id) if one.offer_id else "",
        story=[_line(_, line, number, zone) for number, line in enumerate(one.story)],
    )


def _line(_: Translator, line: StoryLine, number: int, zone: ZoneInfo) -> StoryView:
    if line.passed_because is not None:
        what, why = _("was not asked."), _(PASSED[line.passed_because])
    elif line.offer_state is not None:
        what, why = _("{time}:", time=_.time(line.at, zone)), _(OUTCOMES[line.offer_state])
        if line.another_was_first:
            why = _("Somebody who was asked at the same time was faster")
        if line.asked_with > 1:
            count = line.asked_with
            why += " · " + _.plural("Asked alone", "One of {count} who were asked at once", count)
        if line.override_reason:
            why += " · " + _("Out of turn: {reason}", reason=line.override_reason)
    else:
        what = why = ""
    rank = _(
        "{priority}, waiting since {when}",
        priority=_(PRIORITIES[line.priority]),
        when=_.moment(line.since, zone),
    )
    return StoryView(key=str(number), name=line.patient_name, what=what, why=why, rank=rank)


def report(_: Translator, found: Refilled) -> str:
    """How many of the freed times of 30 days were refilled, and how fast."""
    if not found.freed:
        return _("In the last 30 days no time was freed that somebody waits for.")
    said = _(
        "In the last 30 days {refilled} of {freed} freed times were refilled.",
        refilled=_.number(found.refilled),
        freed=_.number(found.freed),
    )
    if found.middle_minutes is None:
        return said
    return f"{said} " + _.plural(
        "Half of them were taken within {count} minute of the cancellation.",
        "Half of them were taken within {count} minutes of the cancellation.",
        found.middle_minutes,
    )
