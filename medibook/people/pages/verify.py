"""Confirming an address: the link opens a page, and only its button confirms.

Mail programs open links by themselves; an address must not be confirmed, nor anybody signed in, by
a machine that looks ahead. Nor by the owner of the address for somebody else, who has registered it
with a password of their own: so the page asks for the password that was chosen.
"""

import reflex as rx

from medibook.kernel.actor import anyone
from medibook.kernel.errors import Busy, TooManyAttempts
from medibook.people import service as people
from medibook.people.pages.account_fields import email_field, hidden, password_field, typed
from medibook.people.pages.link_sent import LinkSent, link_sent
from medibook.people.rules import NotTheChosenPassword, kept_link, sentence_of
from medibook.ui.components import (
    button,
    card,
    error_summary,
    form,
    link,
    native_form,
    skeleton,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page

_STILL_GOOD = {refusal.code for refusal in (NotTheChosenPassword, TooManyAttempts, Busy)}


class Verify(LinkSent, rx.State):
    """The link in somebody's hand."""

    ready: bool = False
    token: str = ""

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Take the link's secret out of the address, or say why it does not work."""
        code, self.sent_to, self.problems = self._query("problem"), "", {}
        self.problem = self._words()(sentence_of(code))
        if not code:
            self.token = self._query("token")[:200]
        elif code in _STILL_GOOD:  # a minute later, when the line has broken, it is still here
            self.token = kept_link(self.router.headers.cookie) or self.token
        else:
            self.token = ""
        if code == NotTheChosenPassword.code:
            self.problems = {"password": self.problem}
            self.problem = self._words()(N_("This password does not fit."))
        self.ready = True

    @rx.event
    @allow(anyone)
    async def ask(self, form_data: dict[str, str]) -> None:
        """Send a new link; the answer is the same for every address."""
        email = typed(form_data, "email", longest=254)
        await self._perform(people.resend_verification, email=email, client=self._client())
        self._say_sent(email)


@page(
    "/verify",
    title=N_("Confirm your e-mail address"),
    description=N_("The password that you chose confirms that the account is yours."),
    on_load=[Verify.load],
)
def verify(_: Translator) -> rx.Component:
    """The page behind the link in the message."""
    return rx.el.div(
        rx.cond(
            Verify.sent_to,
            link_sent(_, Verify),
            rx.fragment(
                rx.el.h1(_("Confirm your e-mail address")),
                error_summary(_, Verify.problem, Verify.problems),
                rx.cond(
                    Verify.ready,
                    rx.cond(Verify.token, _confirm(_), _ask(_)),
                    skeleton(_, kind="lines", rows=2),
                ),
            ),
        ),
        class_name="stack narrow",
    )


def _confirm(_: Translator) -> rx.Component:
    return rx.fragment(
        native_form(
            rx.el.p(
                _("Your password once more, and your account is ready. You are signed in at once.")
            ),
            hidden("token", Verify.token),
            hidden("locale", _.locale),
            password_field(
                _,
                "password",
                _("The password you chose when you registered"),
                error=Verify.problems["password"],
            ),
            button(_("Confirm and sign in"), kind="primary", submit=True, icon_name="check"),
            action="/auth/verify",
        ),
        _register_again(_),
    )


def _register_again(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("You did not choose one, or have forgotten it?")),
        rx.el.p(
            _("Then register again: what was typed before with your address no longer counts.")
        ),
        rx.el.div(
            link(_("Register as a patient"), href=_.href("/register/")),
            link(_("Apply as a doctor"), href=_.href("/register/doctor/")),
            class_name="row ways",
        ),
        quiet=True,
    )


def _ask(_: Translator) -> rx.Component:
    return rx.fragment(
        rx.el.p(_("Use the link in our newest message, or let us send you a new one.")),
        form(
            email_field(_),
            button(_("Send a new link"), kind="primary", submit=True, icon_name="mail"),
            on_submit=Verify.ask,
        ),
    )
