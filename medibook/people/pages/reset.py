"""Setting a new password by the link that was sent."""

import reflex as rx

from medibook.kernel.actor import anyone
from medibook.people.pages.account_fields import hidden, password_field
from medibook.people.rules import LinkSpent, PasswordFault, kept_link, sentence_of
from medibook.ui.app_state import AppState
from medibook.ui.components import button, error_summary, link_button, native_form, skeleton
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page


class Reset(AppState, rx.State):
    """The link in somebody's hand, and why a password was refused."""

    ready: bool = False
    token: str = ""

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Take the link's secret out of the address; a refused password does not use it up."""
        _, code = self._words(), self._query("problem")
        if code in set(PasswordFault):  # a minute later, when the line has broken, it is still here
            self.token = kept_link(self.router.headers.cookie) or self.token
        else:
            self.token = "" if code == LinkSpent.code else self._query("token")[:200]
        self.problems = {}
        if code in set(PasswordFault):
            self.problems = {"password": _(PasswordFault(code).sentence)}
            self.problem = _("This password does not fit.")
        else:
            self.problem = _(sentence_of(code))
        self.ready = True


@page(
    "/reset",
    title=N_("Set a new password"),
    description=N_("Choose a new password for your account."),
    on_load=[Reset.load],
)
def reset(_: Translator) -> rx.Component:
    """The page behind the link in the message."""
    return rx.el.div(
        rx.el.h1(_("Set a new password")),
        error_summary(_, Reset.problem, Reset.problems),
        rx.cond(
            Reset.ready,
            rx.cond(Reset.token, _form(_), _spent(_)),
            skeleton(_, kind="lines", rows=3),
        ),
        class_name="stack narrow",
    )


def _form(_: Translator) -> rx.Component:
    return native_form(
        hidden("token", Reset.token),
        hidden("locale", _.locale),
        password_field(
            _, "password", _("New password"), new=True, error=Reset.problems["password"]
        ),
        rx.el.p(_("Every browser in which you are signed in is signed out."), class_name="meta"),
        button(_("Set the password"), kind="primary", submit=True, icon_name="check"),
        action="/auth/reset",
    )


def _spent(_: Translator) -> rx.Component:
    return rx.fragment(
        rx.el.p(_("This page needs a link that still works. Each works once, for 30 minutes.")),
        rx.el.div(
            link_button(_("Send me a new link"), href=_.href("/forgot/"), kind="primary"),
            class_name="row",
        ),
    )
