"""A forgotten password: ask for a link; whether the address is known is nobody's business."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import reflex as rx

from medibook.kernel.actor import anyone
from medibook.people import service as people
from medibook.people.pages.account_fields import email_field, typed
from medibook.people.rules import client_address, sentence_of
from medibook.people.rules.fields import Fields
from medibook.ui.app_state import AppState
from medibook.ui.components import (
    back_link,
    button,
    error_summary,
    form,
    link_button,
    panel,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


class Forgot(AppState, rx.State):
    """Somebody who cannot sign in."""

    sent_to: str = ""
    mailbox: str = ""

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Begin with an empty form; a link that was spent leads here."""
        self.sent_to = ""
        self.problem = self._words()(sentence_of(self._query("problem")))

    @rx.event
    @allow(anyone)
    async def send(self, form_data: dict[str, str]) -> AsyncIterator[None]:
        """Ask for a link to set a new password."""
        self.busy = True
        yield
        try:
            email = typed(form_data, "email", longest=254)
            seen = str(self.router.session.client_ip)
            fields = Fields()
            fields.email(email)
            fields.raise_if_any()
            client = client_address(direct=seen, forwarded="", hops=0)
            await self._perform(people.ask_password_reset, email=email, client=client)
            self.sent_to = email
            self.mailbox = self._words().href(f"/demo/mailbox/?to={quote(email)}")
        finally:
            self.busy = False


@page(
    "/forgot",
    title=N_("Forgotten password"),
    description=N_("We send you a link to set a new password."),
    on_load=[Forgot.load],
)
def forgot(_: Translator) -> rx.Component:
    """The page for a forgotten password."""
    return rx.el.div(rx.cond(Forgot.sent_to, _sent(_), _form(_)), class_name="stack narrow")


def _form(_: Translator) -> rx.Component:
    return rx.fragment(
        back_link(_("Sign in"), href=_.href("/sign-in/")),
        rx.el.h1(_("Forgotten your password?")),
        error_summary(_, Forgot.problem, Forgot.problems),
        rx.el.p(_("We send a link to your address, with which you set a new one.")),
        form(
            email_field(_, error=Forgot.problems["email"], auto_complete="username"),
            button(
                _("Send the link"),
                kind="primary",
                submit=True,
                icon_name="mail",
                busy=Forgot.busy,
            ),
            on_submit=Forgot.send,
        ),
    )


def _sent(_: Translator) -> rx.Component:
    return panel(
        _("Look into your mail"),
        rx.el.p(
            _("If there is an account for"), " ", rx.el.strong(Forgot.sent_to), ", ",
            _("a message with a link is on its way. The link works once, for 30 minutes."),
        ),
        rx.cond(
            Frame.demo,
            link_button(_("Read the demo's mail"), href=Forgot.mailbox, icon_name="mail"),
        ),
        icon_name="mail",
    )  # fmt: skip
