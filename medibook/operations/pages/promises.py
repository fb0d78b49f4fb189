"""Promises: what was to be told today, what has left, what is late and why; and a test of each channel."""

from zoneinfo import ZoneInfo

import reflex as rx

from medibook.kernel.actor import admin, staff
from medibook.kernel.application import current
from medibook.kernel.errors import Invalid
from medibook.notifications import service as notifications
from medibook.notifications.pages.ledger_words import CHANNELS, TONES
from medibook.notifications.schemas import Channel
from medibook.operations import service as operations
from medibook.operations.pages.promise_words import (
    Figure,
    Line,
    alarm,
    answer,
    figures,
    line,
)
from medibook.people.pages.account_fields import typed
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id, claimed_page
from medibook.ui.components import (
    Column,
    Option,
    banner,
    button,
    earlier_and_later,
    empty_state,
    error_summary,
    field,
    link,
    select,
    skeleton,
    status_line,
    table,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

PATH = "/admin/promises"


class Promises(AppState, rx.State):
    """How the promises of today stand."""

    ready: bool = False
    alarm: str = ""
    calm: str = ""
    figures: list[Figure] = []
    lines: list[Line] = []
    earlier: str = ""
    later: str = ""
    said: str = ""
    answer: str = ""
    answer_tone: str = "sky"
    _testing: str = ""

    @rx.event
    @allow(admin | staff)
    async def load(self) -> None:
        """Show today's promises."""
        self.said = self.answer = self._testing = ""
        self._follow("promises")
        await self._show()
        self.ready = True

    @rx.event
    @allow(admin | staff)
    async def refresh(self) -> None:
        """A message has left, or will not leave any more."""
        await self._show()

    @rx.event
    @allow(admin | staff)
    async def retry(self, message: str) -> None:
        """Try a message again; who asks answers for it."""
        await self._perform(notifications.retry_message, message_id=claimed_id(message))
        _ = self._words()
        self.said = _("It is tried again.")
        await self._show()

    @rx.event
    @allow(admin)
    async def test(self, form_data: dict[str, str]) -> None:
        """Send a test; the provider's own answer follows."""
        channel, to = typed(form_data, "channel"), typed(form_data, "to", longest=254).strip()
        if channel not in (Channel.EMAIL, Channel.SMS):
            raise Invalid({"channel": N_("Choose a way to send it.")})
        wanted = Channel(channel)
        message_id = await self._perform(notifications.send_test, channel=wanted, to=to)
        self._testing = str(message_id)
        await self._show()

    async def _show(self) -> None:
        number = claimed_page(self._query("page"))
        sheet, zone = await self._perform(operations.promise_sheet, page=number)
        _, now = self._words(), current().clock.now()
        self.alarm, self.calm = alarm(_, sheet, now), _("Every promised message has left in time.")
        self.figures = figures(_, sheet)
        self.lines = [line(_, each, ZoneInfo(zone)) for each in sheet.lines]
        self.earlier = self._address(number - 1) if number > 1 else ""
        self.later = self._address(number + 1) if sheet.has_more else ""
        if self._testing:
            found = await self._perform(
                notifications.answer_to_test, message_id=claimed_id(self._testing)
            )
            self.answer, self.answer_tone = answer(_, found), TONES[found.state]

    def _address(self, number: int) -> str:
        return self._words().href(f"{PATH}/" if number == 1 else f"{PATH}/?page={number}")


@page(PATH, title=N_("Promises"), on_load=[Promises.load])
def promises(_: Translator) -> rx.Component:
    """The page on which a clinic sees that it keeps its word."""
    return rx.el.div(
        rx.el.h1(_("Promises")),
        rx.el.p(_("Is everybody told what they were promised?"), class_name="lead"),
        rx.cond(
            Frame.role == "admin",
            link(_("Tell many people at once"), href=_.href("/admin/broadcasts/")),
        ),
        error_summary(_, Promises.problem),
        status_line(Promises.said),
        rx.cond(
            Promises.ready,
            rx.fragment(_state(_), _figures(_), _list(_), _test(_)),
            rx.cond(
                (Frame.role == "admin") | (Frame.role == "staff"), skeleton(_, kind="rows", rows=4)
            ),
        ),
        class_name="stack",
    )


def _state(_: Translator) -> rx.Component:
    return rx.cond(
        Promises.alarm,
        banner(Promises.alarm, tone="coral", icon_name="triangle-alert", heard=True),
        rx.cond(
            Promises.lines.length() == 0,
            banner(Promises.calm, tone="leaf", icon_name="circle-check"),
        ),
    )


def _figures(_: Translator) -> rx.Component:
    def one(figure: rx.Var[Figure]) -> rx.Component:
        return rx.el.div(
            rx.el.dt(figure.words),
            rx.el.dd(figure.number),
            class_name=rx.cond(figure.tone, f"figure figure--{figure.tone}", "figure"),
        )

    return rx.el.dl(rx.foreach(Promises.figures, one), class_name="figures-of-the-day")


def _list(_: Translator) -> rx.Component:
    rows = table(
        _("Messages that need a person"),
        [
            Column(label=_("To"), draw=lambda row: rx.el.bdi(row.reader), header=True),
            Column(label=_("By"), draw=lambda row: row.by),
            Column(label=_("To leave at"), draw=lambda row: row.when),
            Column(label=_("State"), draw=_pill),
            Column(label=_("What is in the way"), draw=lambda row: row.problem),
            Column(label="", draw=lambda row: _again(_, row)),
        ],
        Promises.lines,
    )
    nothing = empty_state(_("All clear: no message needs you."), icon_name="circle-check")
    return rx.cond(
        Promises.lines.length() > 0,
        rx.fragment(
            rows,
            earlier_and_later(
                _, earlier=Promises.earlier, later=Promises.later,
                earlier_label=_("Newer"), later_label=_("Older"),
            ),
        ),
        nothing,
    )  # fmt: skip


def _pill(row: rx.Var[Line]) -> rx.Component:
    return rx.el.span(row.state, class_name=f"tag {row.tone}")


def _again(_: Translator, row: rx.Var[Line]) -> rx.Component:
    whom = rx.el.span(" ", row.reader, class_name="unheard")
    return rx.cond(
        row.can_retry,
        button(
            rx.fragment(_("Try again"), whom),
            kind="small",
            on_click=Promises.retry(row.key),
            data_commit="true",
        ),
    )


def _test(_: Translator) -> rx.Component:
    ways = [
        Option(value=channel.value, label=_(CHANNELS[channel]))
        for channel in (Channel.EMAIL, Channel.SMS)
    ]
    return rx.cond(
        Frame.role == "admin",
        rx.el.section(
            rx.el.h2(_("Send a test")),
            rx.el.p(_("What the provider really answers stands below, a moment later.")),
            rx.el.form(
                select(_, "channel", _("By"), ways),
                field(
                    _, "to", _("To"), max_length=254, error=Promises.problems["to"],
                    hint=_("An e-mail address, or a number such as +442079460000"),
                ),
                button(_("Send a test"), submit=True, icon_name="mail"),
                on_submit=Promises.test,
                no_validate=True,
                class_name="search search--short",
            ),
            rx.el.p(
                rx.cond(
                    Promises.answer,
                    rx.el.span(Promises.answer, class_name=f"tag {Promises.answer_tone}"),
                ),
                role="status",
            ),
            class_name="stack",
        ),
    )  # fmt: skip
