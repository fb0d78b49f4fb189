"""A broadcast in words, and from words: what a form says, what a list shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from medibook.operations.schemas import (
    Audience,
    BroadcastLine,
    BroadcastState,
    BroadcastWords,
    NewBroadcast,
)
from medibook.people.pages.account_fields import typed
from medibook.ui.claims import claimed_choice, claimed_id, claimed_wall
from medibook.ui.i18n import LANGUAGE_NAMES, LOCALES, N_, Translator

AUDIENCES: Final = {
    Audience.PATIENTS: N_("All patients with an account"),
    Audience.EXPECTED: N_("Patients with a visit in the next 30 days"),
    Audience.PRACTITIONERS: N_("All doctors"),
    Audience.CLINIC: N_("Everybody who works here"),
}
_STATES: Final = {
    BroadcastState.SCHEDULED: (N_("Going out"), "sky"),
    BroadcastState.DONE: (N_("Everybody is told"), "leaf"),
    BroadcastState.STOPPED: (N_("Stopped"), "slate"),
}
_LONGEST: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A broadcast in one language, as its readers will see it."""

    language: str
    subject: str
    paragraphs: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A broadcast in the list, its words made."""

    key: str
    subject: str
    audience: str
    when: str
    state: str
    tone: str
    is_open: bool
    told: int
    counted: int
    sent: str
    failed: str
    result: str


def broadcast_of(form_data: Mapping[str, str], zone: ZoneInfo) -> NewBroadcast:
    """What a form says; a wall time is meant in ``zone``. Raises Invalid for an unknown audience."""
    place, wall = typed(form_data, "place"), claimed_wall(typed(form_data, "when"))
    return NewBroadcast(
        audience=claimed_choice(Audience, typed(form_data, "audience")),
        location_id=claimed_id(place) if place else None,
        texts=tuple(
            BroadcastWords(
                locale=locale,
                subject=typed(form_data, f"subject_{locale}", longest=_LONGEST),
                body=typed(form_data, f"body_{locale}", longest=_LONGEST),
            )
            for locale in LOCALES
        ),
        send_at=wall.replace(tzinfo=zone).astimezone(UTC) if wall else None,
    )


def preview(_: Translator, text: BroadcastWords) -> Preview:
    """A broadcast in one of its languages."""
    return Preview(
        language=LANGUAGE_NAMES[text.locale],
        subject=text.subject,
        paragraphs=[each for each in text.body.split("\n") if each.strip()],
    )


def sending(_: Translator, line: BroadcastLine, zone: ZoneInfo, now: datetime) -> Sending:
    """A broadcast in the list."""
    words, tone = _STATES[line.state]
    waits = line.state is BroadcastState.SCHEDULED and line.send_at > now
    return Sending(
        key=str(line.broadcast_id),
        subject=line.subject,
        audience=_(AUDIENCES[line.audience]),
        when=_.moment(line.send_at, zone),
        state=_("Waits for its time") if waits else _(words),
        tone=tone,
        is_open=line.state is BroadcastState.SCHEDULED,
        told=line.told,
        counted=line.counted,
        sent=_.number(line.sent),
        failed=_.number(line.failed),
        result=_.href(f"/admin/broadcasts/result/?id={line.broadcast_id}"),
    )
