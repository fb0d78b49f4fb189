"""One's password, and the browsers in which one is signed in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import reflex as rx

from medibook.kernel.actor import signed_in
from medibook.kernel.application import current
from medibook.people import service as people
from medibook.people.pages.account_fields import hidden, password_field, typed
from medibook.people.schemas import SessionRow
from medibook.ui.app_state import AppState
from medibook.ui.components import (
    banner,
    button,
    card,
    error_summary,
    form,
    native_form,
    status_line,
    tag,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """One browser in which somebody is signed in."""

    key: str
    name: str
    seen: str
    is_this_one: bool


class Security(AppState, rx.State):
    """The part of the account that keeps others out."""

    browsers: list[Browser] = []
    changes: int = 0
    changed: bool = False
    ended: str = ""

    @rx.event
    @allow(signed_in)
    async def load(self) -> None:
        """Show where one is signed in."""
        self.changed, self.ended = False, ""
        await self._show()

    async def _show(self) -> None:
        rows = await self._perform(people.my_sessions)
        _, now = self._words(), current().clock.now()
        self.browsers = [browser(_, row, now) for row in rows]

    @rx.event
    @allow(signed_in)
    async def change(self, form_data: dict[str, str]) -> AsyncIterator[None]:
        """Change the password; other browsers are signed out."""
        self.busy, self.changed = True, False
        yield
        try:
            old, new = (typed(form_data, name, longest=1000) for name in ("old", "new"))
            await self._perform(people.change_password, old=old, new=new)
            self.changes, self.changed = self.changes + 1, True
            await self._show()
        finally:
            self.busy = False

    @rx.event
    @allow(signed_in)
    async def end_others(self) -> None:
        """Sign out everywhere but here."""
        await self._perform(people.sign_out_everywhere, keep_this=True)
        await self._show()
        self.ended = self._words()(N_("Done. Only this browser is signed in now."))


def browser(_: Translator, row: SessionRow, now: datetime) -> Browser:
    """One line of the list, its words made."""
    seen = _.relative(row.last_seen_at, now)
    return Browser(
        key=str(row.session_id),
        name=row.device or _("A browser"),
        seen=_("In use now") if row.is_this_one else _("Last used {when}", when=seen),
        is_this_one=row.is_this_one,
    )


def password_section(_: Translator) -> rx.Component:
    """A new password, shown the old one."""
    return card(
        rx.el.h2(_("Password")),
        rx.cond(
            Security.changed,
            banner(
                _("Your password has been changed. Other browsers were signed out."),
                tone="leaf", icon_name="circle-check", heard=True,
            ),
        ),
        error_summary(_, Security.problem, Security.problems),
        form(
            password_field(_, "old", _("Present password"), error=Security.problems["old"]),
            password_field(_, "new", _("New password"), new=True, error=Security.problems["new"]),
            rx.el.div(
                button(_("Change the password"), submit=True, busy=Security.busy), class_name="row"
            ),
            on_submit=Security.change,
            key=Security.changes.to_string(),
        ),
    )  # fmt: skip


def sessions_section(_: Translator) -> rx.Component:
    """Where one is signed in, and how to end it."""
    return card(
        rx.el.h2(_("Where you are signed in")),
        rx.el.ul(rx.foreach(Security.browsers, lambda row: _row(_, row)), class_name="cards"),
        status_line(Security.ended),
        rx.el.div(
            rx.cond(
                Security.browsers.length() > 1,
                button(
                    _("Sign out the other browsers"),
                    on_click=Security.end_others,
                    data_commit="true",
                ),
            ),
            native_form(
                hidden("everywhere", "1"),
                hidden("locale", _.locale),
                button(_("Sign out everywhere"), kind="danger", submit=True, icon_name="log-out"),
                action="/auth/sign-out",
                class_name="",
            ),
            class_name="row",
        ),
    )


def _row(_: Translator, row: rx.Var[Browser]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.strong(row.name),
            " ",
            rx.cond(row.is_this_one, tag(_("This browser"), tone="teal")),
        ),
        rx.el.p(row.seen, class_name="meta"),
        key=row.key,
    )
