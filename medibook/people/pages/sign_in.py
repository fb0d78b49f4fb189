"""Signing in, by a form that the browser itself sends: no page's state ever holds a session."""

from urllib.parse import quote

import reflex as rx

from medibook.kernel.actor import anyone
from medibook.people import service as people
from medibook.people.pages.account_fields import email_field, hidden, password_field
from medibook.people.pages.link_sent import LinkSent, link_sent
from medibook.people.rules import NotVerified, home_of, own_path, sentence_of, typed_address
from medibook.ui.components import (
    banner,
    button,
    card,
    error_summary,
    field,
    link,
    link_button,
    native_form,
    panel,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

_DONE = {"reset": N_("Your password has been changed. Please sign in with the new one.")}


class SignIn(LinkSent, rx.State):
    """What the sign-in page has to know: where one was heading, and what went wrong."""

    ready: bool = False
    email: str = ""
    go_to: str = ""
    chosen: bool = False
    register: str = ""
    done: str = ""
    unproven: bool = False
    signed_in_as: str = ""
    go_on: str = ""

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Keep where the reader was heading, and say why they are back, if they are."""
        _, actor = self._words(), self._actor()
        self.go_to = own_path(self._query("next") or self._query("go_to"))
        self.chosen = "/book/" in self.go_to
        self.register = register_href(_, self.go_to)
        self.sent_to, self.done = "", _(_DONE.get(self._query("done"), ""))
        code = self._query("problem")
        self.email = typed_address(self.router.headers.cookie) if code else ""
        self.problem, self.unproven = _(sentence_of(code)), code == NotVerified.code
        self.signed_in_as = "" if actor.is_stranger else actor.name
        if actor.role is not None:
            self.go_on = self.go_to or _.href(home_of(actor.role, approved=actor.approved))
        self.ready = True

    @rx.event
    @allow(anyone)
    async def prove(self, form_data: dict[str, str]) -> None:
        """Send the link that proves an address once more; the answer is the same for every one."""
        email = str(form_data.get("prove_email", ""))[:254]
        await self._perform(people.resend_verification, email=email, client=self._client())
        self._say_sent(email)


def register_href(_: Translator, go_to: str) -> str:
    """The address of the registration that leads on to ``go_to``."""
    return _.href(f"/register/?next={quote(go_to, safe='')}" if go_to else "/register/")


@page(
    "/sign-in",
    title=N_("Sign in"),
    description=N_("Sign in to book, move and cancel visits."),
    on_load=[SignIn.load],
)
def sign_in(_: Translator) -> rx.Component:
    """The page where people sign in."""
    return rx.el.div(
        rx.cond(
            SignIn.sent_to,
            link_sent(_, SignIn),
            rx.cond(SignIn.signed_in_as, _already(_), _form(_)),
        ),
        class_name="stack narrow",
    )


def _form(_: Translator) -> rx.Component:
    return rx.fragment(
        rx.el.h1(_("Sign in")),
        error_summary(_, SignIn.problem),
        rx.cond(
            SignIn.done, banner(SignIn.done, tone="leaf", icon_name="circle-check", heard=True)
        ),
        rx.cond(SignIn.chosen, _time_is_kept(_)),
        native_form(
            hidden("go_to", SignIn.go_to),
            hidden("locale", _.locale),
            # Drawn anew when the address that was typed before comes back with the problem.
            rx.el.div(
                email_field(_, auto_complete="username", default_value=SignIn.email),
                key=SignIn.email,
            ),
            password_field(_, "password", _("Password")),
            button(
                _("Sign in"), kind="primary", submit=True, icon_name="log-in", busy=~SignIn.ready
            ),
            action="/auth/sign-in",
        ),
        rx.el.div(
            link(_("Forgotten your password?"), href=_.href("/forgot/")),
            link(_("Register as a patient"), href=SignIn.register),
            link(_("Apply as a doctor"), href=_.href("/register/doctor/")),
            class_name="row ways",
        ),
        rx.cond(SignIn.unproven, _prove(_)),
        rx.cond(Frame.demo, _demo(_)),
    )


def _time_is_kept(_: Translator) -> rx.Component:
    return banner(
        rx.el.p(_("Your time stays chosen: we take you back to it when you have signed in.")),
        tone="teal",
        icon_name="clock",
    )


def _prove(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("The link has not come?")),
        rx.el.form(
            field(_, "prove_email", _("E-mail address"), kind="email", auto_complete="email",
                  default_value=SignIn.email),
            button(_("Send it again"), submit=True),
            on_submit=SignIn.prove,
            no_validate=True,
            class_name="form",
        ),
        quiet=True,
    )  # fmt: skip


def _demo(_: Translator) -> rx.Component:
    roles = [
        ("patient", _("As a patient"), "user"),
        ("practitioner", _("As a doctor"), "stethoscope"),
        ("staff", _("As the front desk"), "inbox"),
        ("admin", _("As an admin"), "shield-check"),
    ]
    return card(
        rx.el.h2(_("Look around the demo")),
        rx.el.p(_("One click signs you in as somebody invented."), class_name="meta"),
        rx.el.div(
            *[
                native_form(
                    hidden("role", role),
                    hidden("go_to", SignIn.go_to),
                    hidden("locale", _.locale),
                    button(label, submit=True, icon_name=drawing, kind="wide"),
                    action="/auth/demo",
                    class_name="",
                )
                for role, label, drawing in roles
            ],
            class_name="tiles",
        ),
        quiet=True,
    )


def _already(_: Translator) -> rx.Component:
    return panel(
        _("You are signed in"),
        rx.el.p(rx.el.bdi(SignIn.signed_in_as)),
        link_button(_("Go on"), href=SignIn.go_on, icon_name="arrow-right"),
        rx.el.p(_("Not you? Sign out first.")),
        icon_name="user",
    )
