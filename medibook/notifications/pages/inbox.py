"""What the clinic has told its reader, in the app: live, the newest first, with a count in the frame."""

from dataclasses import dataclass, field

import reflex as rx

from medibook.kernel.actor import signed_in
from medibook.kernel.application import current
from medibook.notifications import service as notifications
from medibook.notifications.pages.text import Line, drawn_line, lines
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_page
from medibook.ui.components import (
    earlier_and_later,
    empty_state,
    error_summary,
    link_button,
    skeleton,
    tag,
)
from medibook.ui.frame import count_unread
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

count_unread(notifications.count_unread)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One message, its words made."""

    key: str
    subject: str
    when: str
    is_new: bool
    lines: list[Line] = field(default_factory=list)


class Inbox(AppState, rx.State):
    """A page of what stands in the app for the reader."""

    ready: bool = False
    notes: list[Note] = []
    earlier: str = ""
    later: str = ""

    @rx.event
    @allow(signed_in)
    async def load(self) -> None:
        """Show the messages, and note that they have been seen."""
        self._follow(f"inbox:{self._actor().user_id}")
        await self._show()
        self.ready = True
        await self._perform(notifications.mark_all_read)

    @rx.event
    @allow(signed_in)
    async def refresh(self) -> None:
        """A message has come, or was seen in another window; what was new stays marked as new."""
        new = {note.key for note in self.notes if note.is_new}
        await self._show(new)

    async def _show(self, still_new: frozenset[str] | set[str] = frozenset()) -> None:
        number = claimed_page(self._query("page"))
        found = await self._perform(notifications.my_inbox, page=number)
        _, now, origin = self._words(), current().clock.now(), current().settings.origin
        self.notes = [
            Note(
                key=str(each.message_id),
                subject=each.subject,
                when=_.relative(each.created_at, now),
                is_new=each.is_new or str(each.message_id) in still_new,
                lines=lines(each.body, origin),
            )
            for each in found.messages
        ]
        self.earlier = self._address(number - 1) if number > 1 else ""
        self.later = self._address(number + 1) if found.has_more else ""

    def _address(self, number: int) -> str:
        return self._words().href("/messages/" if number == 1 else f"/messages/?page={number}")


@page("/messages", title=N_("Messages"), on_load=[Inbox.load])
def inbox(_: Translator) -> rx.Component:
    """The page of everybody's own messages."""
    return rx.el.div(
        rx.el.h1(_("Messages")),
        rx.el.p(
            _("What the clinic has told you. For emergencies, call 112 and do not write."),
            class_name="lead",
        ),
        error_summary(_, Inbox.problem),
        rx.cond(
            Inbox.ready,
            rx.cond(Inbox.notes.length() > 0, _list(_), _nothing(_)),
            rx.cond(Frame.signed_in, skeleton(_, kind="rows", rows=4)),
        ),
        class_name="stack",
    )


def _nothing(_: Translator) -> rx.Component:
    return empty_state(
        _("No messages yet. What happens to your visits will stand here."),
        link_button(_("To the start page"), href=_.href("/")),
        icon_name="mail",
    )


def _list(_: Translator) -> rx.Component:
    return rx.fragment(
        rx.el.ul(
            rx.foreach(Inbox.notes, lambda note: _note(_, note)),
            class_name="cards",
            aria_label=_("Messages"),
        ),
        earlier_and_later(
            _, earlier=Inbox.earlier, later=Inbox.later,
            earlier_label=_("Newer"), later_label=_("Older"),
        ),
    )  # fmt: skip


def _note(_: Translator, note: rx.Var[Note]) -> rx.Component:
    return rx.el.li(
        rx.el.article(
            rx.el.div(
                rx.el.h2(note.subject),
                rx.cond(note.is_new, tag(_("New"), tone="sky", icon_name="mail")),
                class_name="row",
            ),
            rx.el.p(note.when, class_name="hint"),
            rx.el.div(rx.foreach(note.lines, drawn_line), class_name="letter"),
            class_name="card",
        ),
        key=note.key,
    )
