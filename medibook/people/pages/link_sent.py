"""After a form that sends a link: the same words whether or not the address is known to us."""

from urllib.parse import quote

import reflex as rx

from medibook.kernel.actor import anyone
from medibook.people import service as people
from medibook.people.rules import client_address
from medibook.ui.app_state import AppState
from medibook.ui.components import button, card, link_button, panel, status_line
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame


class LinkSent(AppState, mixin=True):
    """Mixin of the pages that send somebody a link to confirm an address."""

    sent_to: str = ""
    sent_again: str = ""
    mailbox: str = ""

    def _client(self) -> str:
        """The address that the page is read from, for the limits on guessing."""
        seen = str(self.router.session.client_ip)  # Reflex has looked through the trusted proxies
        return client_address(direct=seen, forwarded="", hops=0)

    def _say_sent(self, email: str) -> None:
        self.sent_to, self.sent_again = email, ""
        self.mailbox = self._words().href(f"/demo/mailbox/?to={quote(email)}")

    @rx.event
    @allow(anyone)
    async def send_again(self) -> None:
        """Send the link once more; the answer is the same for every address."""
        await self._perform(people.resend_verification, email=self.sent_to, client=self._client())
        self.sent_again = self._words()(N_("Sent. It can take a few minutes to arrive."))


def link_sent(_: Translator, state: type[LinkSent]) -> rx.Component:
    """Look into your mail: what to do now, and what if nothing comes."""
    return rx.fragment(
        panel(
            _("Look into your mail"),
            rx.el.p(
                _("We have sent a message to"), " ", rx.el.strong(state.sent_to), ". ",
                _("Open the link in it within 24 hours to confirm that the address is yours."),
            ),
            rx.cond(
                Frame.demo,
                link_button(_("Read the demo's mail"), href=state.mailbox, icon_name="mail"),
            ),
            icon_name="mail",
        ),
        card(
            rx.el.h2(_("Nothing has come?")),
            rx.el.p(_("Look among unwanted mail, check the address above, or let us send it again.")),
            rx.el.div(
                button(_("Send it again"), on_click=state.send_again, data_commit="true"),
                class_name="row",
            ),
            status_line(state.sent_again),
            quiet=True,
        ),
    )  # fmt: skip
