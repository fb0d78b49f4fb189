"""The demo's mailbox: every message that would have been sent, to be read in the browser."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

import reflex as rx

from medibook.kernel.actor import anyone
from medibook.kernel.application import current
from medibook.notifications import service as notifications
from medibook.notifications.pages.text import Line, drawn_line, lines
from medibook.notifications.schemas import MailboxMessage, MessageState
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_page
from medibook.ui.components import (
    banner,
    button,
    card,
    disclosure,
    earlier_and_later,
    empty_state,
    icon,
    link,
    link_button,
    native_form,
    skeleton,
)
from medibook.ui.components import field as text_field
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message, its words made."""

    key: str = ""
    recipient: str = ""
    subject: str = ""
    when: str = ""
    href: str = ""
    is_open: bool = False
    lines: list[Line] = field(default_factory=list)
    attachment_name: str = ""
    attachment: str = ""


class Mailbox(AppState, rx.State):
    """A page of messages, and the one that is open."""

    ready: bool = False
    to: str = ""
    letters: list[Letter] = []
    opened: Letter = Letter()
    earlier: str = ""
    later: str = ""
    everything: str = ""

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Show the messages that the address asks for."""
        self.to = self._query("to")[:254]
        self.everything = self._words().href("/demo/mailbox/")
        self._follow("mailbox")
        await self._show()
        self.ready = True

    @rx.event
    @allow(anyone)
    async def refresh(self) -> None:
        """A message has come."""
        await self._show()

    async def _show(self) -> None:
        page_ = claimed_page(self._query("page"))
        found = await self._perform(notifications.mailbox, address=self.to or None, page=page_)
        _, now, chosen = self._words(), current().clock.now(), self._query("id")
        self.letters = [
            letter(_, each, now, self._address(page_, str(each.message_id)), chosen)
            for each in found
        ]
        self.opened = next((each for each in self.letters if each.is_open), Letter())
        self.earlier = self._address(page_ - 1) if page_ > 1 else ""
        further = await self._perform(
            notifications.mailbox, address=self.to or None, page=page_ + 1
        )
        self.later = self._address(page_ + 1) if further else ""

    def _address(self, number: int, message: str = "") -> str:
        asked = {"to": self.to, "page": "" if number == 1 else str(number), "id": message}
        query = urlencode({name: value for name, value in asked.items() if value})
        return self._words().href(f"/demo/mailbox/?{query}" if query else "/demo/mailbox/")


def letter(_: Translator, message: MailboxMessage, now: datetime, href: str, chosen: str) -> Letter:
    """One message, its words made; only the open one carries its text."""
    is_open = str(message.message_id) == chosen
    return Letter(
        key=str(message.message_id),
        recipient=message.to,
        subject=message.subject,
        when=_how_far(_, message, now),
        href=href,
        is_open=is_open,
        lines=lines(message.body, current().settings.origin) if is_open else [],
        attachment_name=message.attachment_name,
        attachment=message.attachment if is_open else "",
    )


def _how_far(_: Translator, message: MailboxMessage, now: datetime) -> str:
    """When a message came, or will leave; of one that never will, that it has not."""
    if message.state == MessageState.EXPIRED:
        return _("withdrawn before it left")
    if message.send_at > now and message.state != MessageState.ACCEPTED:
        return _("leaves {when}", when=_.relative(message.send_at, now))
    return _.relative(message.created_at, now)


@page(
    "/demo/mailbox",
    title=N_("The demo's mail"),
    description=N_("Every message that would have been sent."),
    on_load=[Mailbox.load],
)
def mailbox(_: Translator) -> rx.Component:
    """The page of the demo's mailbox."""
    return rx.el.div(
        rx.el.h1(_("The demo's mail")),
        rx.el.p(_("Nothing here has been sent to anybody: you read it in its place."),
                class_name="lead"),
        rx.cond(Mailbox.problem, banner(Mailbox.problem, tone="coral", heard=True)),
        rx.cond(
            Mailbox.ready,
            rx.fragment(
                _search(_),
                rx.cond(
                    Mailbox.letters.length() > 0,
                    rx.el.div(_opened(_), _list(_), class_name="columns columns--even mail"),
                    _nothing(_),
                ),
            ),
            rx.cond(Mailbox.problem == "", skeleton(_, kind="rows", rows=5)),
        ),
        class_name="stack",
    )  # fmt: skip


def _search(_: Translator) -> rx.Component:
    return native_form(
        text_field(
            _, "to", _("Mail to"), kind="email", optional=True, default_value=Mailbox.to,
            hint=_("An e-mail address"), max_length=254,
        ),
        button(_("Show"), submit=True, icon_name="search"),
        action=_.href("/demo/mailbox/"),
        method="get",
        class_name="search search--short",
        no_validate=True,
    )  # fmt: skip


def _nothing(_: Translator) -> rx.Component:
    return empty_state(
        _("No message here yet. Register or book a visit, and one comes."),
        rx.cond(Mailbox.to, link_button(_("All messages"), href=Mailbox.everything)),
        icon_name="mail",
    )


def _list(_: Translator) -> rx.Component:
    return rx.el.div(
        rx.el.ul(rx.foreach(Mailbox.letters, _row), class_name="cards", aria_label=_("Messages")),
        earlier_and_later(
            _, earlier=Mailbox.earlier, later=Mailbox.later,
            earlier_label=_("Newer"), later_label=_("Older"),
        ),
        class_name="stack",
    )  # fmt: skip


def _row(one: rx.Var[Letter]) -> rx.Component:
    def inside(**current_: str) -> rx.Component:
        return link(
            rx.el.strong(one.subject),
            rx.el.span(one.recipient, class_name="meta"),
            rx.el.span(one.when, class_name="hint"),
            href=one.href,
            class_name="card card--link",
            **current_,
        )

    return rx.el.li(rx.cond(one.is_open, inside(aria_current="true"), inside()), key=one.key)


def _opened(_: Translator) -> rx.Component:
    one = Mailbox.opened
    return rx.cond(
        one.key,
        rx.el.article(
            rx.el.h2(one.subject),
            rx.el.p(_("To"), " ", one.recipient, " · ", one.when, class_name="meta"),
            rx.el.div(rx.foreach(one.lines, drawn_line), class_name="letter"),
            rx.cond(one.attachment_name, _attachment(_)),
            class_name="card",
            id="letter",
        ),
        card(rx.el.p(_("Choose a message to read it."), class_name="meta"), quiet=True),
    )


def _attachment(_: Translator) -> rx.Component:
    one = Mailbox.opened
    return disclosure(
        rx.fragment(icon("calendar-days"), _("Calendar file:"), " ", one.attachment_name),
        rx.el.pre(one.attachment, tab_index=0, class_name="small"),
    )
