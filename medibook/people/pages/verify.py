"""Confirming an address: the link opens a page, and only its button confirms.

Mail programs open links by themselves; an address must not be confirmed, nor anybody signed in, by
a machine that looks ahead.
"""

import reflex as rx

from medibook.kernel.actor import anyone
from medibook.people import service as people
from medibook.people.pages.account_fields import email_field, hidden, typed
from medibook.people.pages.link_sent import LinkSent, link_sent
from medibook.people.rules import sentence_of
from medibook.ui.components import button, error_summary, form, native_form, skeleton
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page


class Verify(LinkSent, rx.State):
    """The link in somebody's hand."""

    ready: bool = False
    token: str = ""

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Take the link's secret out of the address, or say why it does not work."""
        code = self._query("problem")
        self.token, self.sent_to = ("" if code else self._query("token")[:200]), ""
        self.problem = self._words()(sentence_of(code))
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
    description=N_("One click confirms that the address is yours."),
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
                error_summary(_, Verify.problem),
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
    return native_form(
        rx.el.p(_("One click, and your account is ready. You are signed in at once.")),
        hidden("token", Verify.token),
        hidden("locale", _.locale),
        button(_("Confirm and sign in"), kind="primary", submit=True, icon_name="check"),
        action="/auth/verify",
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
