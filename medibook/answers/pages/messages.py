"""Messages that nobody but a person understands: what was said by SMS, whose it may be, and the reply."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.answers import service as answers
from medibook.answers.schemas import ConversationCard, ConversationLine, PersonOnLine
from medibook.kernel.actor import admin, staff
from medibook.kernel.application import current
from medibook.kernel.errors import Conflict
from medibook.notifications.pages.ledger_words import STATES, TONES, problem_words
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    back_link,
    button,
    card,
    empty_state,
    error_summary,
    form,
    link,
    skeleton,
    status_line,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One SMS."""

    text: str
    when: str
    ours: bool
    state: str = ""
    tone: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A visit to come, and the day of the clinic on which it is."""

    when: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """A patient whose number it may be."""

    key: str
    name: str
    born: str
    coming: list[Coming] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation, its words made."""

    key: str
    number: str
    number_href: str
    since: str
    stopped: bool
    version: str
    said: list[Said] = field(default_factory=list)
    people: list[Whose] = field(default_factory=list)


class DeskMessages(AppState, rx.State):
    """The conversations that wait for the front desk."""

    ready: bool = False
    talks: list[Talk] = []
    note: str = ""

    @rx.event
    @allow(staff | admin)
    async def load(self) -> None:
        """Show what waits."""
        self.note = ""
        await self._show()
        self._follow("desk")
        self.ready = True

    @rx.event
    @allow(staff | admin)
    async def refresh(self) -> None:
        """Something was said, or a colleague has answered."""
        await self._show()

    @rx.event
    @allow(staff)
    async def answer(self, form_data: dict[str, Any]) -> None:
        """Write to the number by SMS; how far it has come stands beside it."""
        await self._change(
            answers.answer_conversation, form_data, text=str(form_data.get("text") or "")[:1000]
        )
        self.note = self._words()(N_("It is on its way."))

    @rx.event
    @allow(staff)
    async def done(self, form_data: dict[str, Any]) -> None:
        """Put the conversation away."""
        await self._change(answers.close_conversation, form_data)
        self.note = self._words()(N_("Done."))

    async def _change(self, use_case: Any, form_data: dict[str, Any], **said: Any) -> None:
        """Change a conversation; when something was said meanwhile, show that before saying so."""
        self.note = ""
        try:
            await self._perform(
                use_case,
                conversation_id=claimed_id(form_data.get("talk")),
                version=_version(form_data.get("version")),
                **said,
            )
        except Conflict:
            await self._show()
            raise
        await self._show()

    async def _show(self) -> None:
        found = await self._perform(answers.conversations_waiting)
        self.talks = [talk(self._words(), each, current().clock.now()) for each in found]


def _version(claim: object) -> int:
    """The version that a form names; 0, which no conversation has, when it is none."""
    text = str(claim)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def talk(_: Translator, card: ConversationCard, now: datetime) -> Talk:
    """Make the words of a conversation."""
    return Talk(
        key=str(card.conversation_id),
        number=card.number,
        number_href=f"tel:{card.number}",
        since=_("came {when}", when=_.relative(card.waits_since, now)),
        stopped=card.has_stopped,
        version=str(card.version),
        said=[_said(_, line, now) for line in card.lines],
        people=[_whose(_, person) for person in card.people],
    )


def _said(_: Translator, line: ConversationLine, now: datetime) -> Said:
    """One SMS; of ours that has not simply left also how it stands, so that nobody waits in vain."""
    return Said(
        text=line.text,
        when=_.relative(line.at, now),
        ours=line.is_ours,
        state=_(STATES[line.state]) if line.state else "",
        tone=TONES[line.state] if line.state else "",
        problem=problem_words(_, line.problem),
    )


def _whose(_: Translator, person: PersonOnLine) -> Whose:
    coming = []
    for starts_at, zone in person.visits:
        day = starts_at.astimezone(ZoneInfo(zone)).date()
        when = _.moment(starts_at, ZoneInfo(zone))
        coming.append(Coming(when=when, href=_.href(f"/desk/?on={day}")))
    return Whose(
        key=str(person.patient_id),
        name=person.name,
        born=_("born {day}", day=_.numeric_date(person.birth_date)),
        coming=coming,
    )


@page(
    "/desk/messages",
    title=N_("Answers by SMS"),
    description=N_("What patients have answered by SMS, and only people understand."),
    on_load=[DeskMessages.load],
)
def desk_messages(_: Translator) -> rx.Component:
    """The queue of conversations."""
    return rx.el.div(
        back_link(_("Front desk"), href=_.href("/desk/")),
        rx.el.header(
            rx.el.h1(_("Answers by SMS")),
            rx.el.p(_("What patients have answered by SMS, and only people understand."),
                    class_name="lead"),
            class_name="page-head",
        ),
        error_summary(_, DeskMessages.problem),
        status_line(DeskMessages.note),
        rx.cond(
            DeskMessages.ready,
            rx.cond(
                DeskMessages.talks.length() > 0,
                rx.el.div(
                    rx.foreach(DeskMessages.talks, lambda each: _talk(_, each)), class_name="stack"
                ),
                empty_state(_("All clear")),
            ),
            skeleton(_, kind="rows", rows=3),
        ),
        class_name="stack",
    )  # fmt: skip


def _talk(_: Translator, each: rx.Var[Talk]) -> rx.Component:
    return card(
        rx.el.div(
            rx.el.h2(link(each.number, href=each.number_href, full=True)),
            rx.el.span(each.since, class_name="meta small"),
            class_name="row row--between",
        ),
        rx.el.ol(rx.foreach(each.said, lambda line: _line(_, line)), class_name="talk"),
        rx.cond(
            each.people.length() > 0,
            rx.el.ul(rx.foreach(each.people, lambda one: _person(_, one)), class_name="talk__people"),
            rx.el.p(_("We know no patient with this number."), class_name="meta"),
        ),
        rx.cond(Frame.role == "staff", _ways(_, each)),
        class_name="stack",
        key=each.key,
    )  # fmt: skip


def _line(_: Translator, line: rx.Var[Said]) -> rx.Component:
    who = rx.cond(line.ours, _("The clinic"), _("The patient"))
    return rx.el.li(
        rx.el.span(who, " · ", line.when, class_name="meta small"),
        rx.el.p(rx.el.bdi(line.text)),
        rx.cond(
            line.state,
            rx.el.p(
                rx.el.span(line.state, class_name=f"tag {line.tone}"),
                " ",
                rx.el.span(line.problem, class_name="meta small"),
            ),
        ),
        class_name=rx.cond(line.ours, "talk__line talk__line--ours", "talk__line"),
    )


def _person(_: Translator, one: rx.Var[Whose]) -> rx.Component:
    return rx.el.li(
        rx.el.strong(one.name), " ", rx.el.span(one.born, class_name="meta"),
        rx.cond(
            one.coming.length() > 0,
            rx.el.ul(
                rx.foreach(
                    one.coming, lambda visit: rx.el.li(link(visit.when, href=visit.href))
                ),
            ),
            rx.el.p(_("No visit to come."), class_name="meta"),
        ),
        key=one.key,
    )  # fmt: skip


def _ways(_: Translator, each: rx.Var[Talk]) -> rx.Component:
    reply = form(
        _named(each),
        rx.el.label(
            rx.el.span(_("Reply by SMS"), class_name="field__label"),
            rx.el.textarea(name="text", max_length=answers.LONGEST_REPLY, class_name="input"),
            class_name="field",
        ),
        button(_("Send the reply"), submit=True),
        on_submit=DeskMessages.answer,
        reset_on_submit=True,
    )
    stopped = rx.el.p(_("This number wants no more messages. Please call."), class_name="meta")
    done = form(
        _named(each),
        button(
            rx.fragment(_("Mark as done"), rx.el.span(" · ", each.number, class_name="unheard")),
            kind="primary",
            submit=True,
        ),
        on_submit=DeskMessages.done,
    )
    return rx.el.div(rx.cond(each.stopped, stopped, reply), done, class_name="stack")


def _named(each: rx.Var[Talk]) -> rx.Component:
    return rx.fragment(
        rx.el.input(type="hidden", name="talk", value=each.key, read_only=True),
        rx.el.input(type="hidden", name="version", value=each.version, read_only=True),
    )
