"""Registering as a patient: five answers, a password, and a link to confirm the address."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import reflex as rx

from medibook.kernel.actor import anyone
from medibook.people import service as people
from medibook.people.pages.account_fields import (
    birth_date_fields,
    birth_date_from,
    email_field,
    name_field,
    password_field,
    phone_field,
    typed,
)
from medibook.people.pages.link_sent import LinkSent, link_sent
from medibook.people.rules import own_path
from medibook.people.schemas import NewPatient
from medibook.ui.components import (
    banner,
    button,
    error_summary,
    form,
    link,
    textarea,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


class Register(LinkSent, rx.State):
    """A registration that is being filled in; what was typed stays in the browser's own fields."""

    go_to: str = ""
    chosen: bool = False
    sign_in: str = ""

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Keep where the reader was heading."""
        self.sent_to, self.go_to = "", own_path(self._query("next"))
        self.chosen = "/book/" in self.go_to
        self.sign_in = sign_in_href(self._words(), self.go_to)

    @rx.event
    @allow(anyone)
    async def send(self, form_data: dict[str, str]) -> AsyncIterator[None]:
        """Ask for an account."""
        self.busy = True
        yield
        new = new_patient(form_data, go_to=self.go_to, locale=self._locale())
        try:
            await self._perform(people.register_patient, new=new, client=self._client())
            self._say_sent(new.email)
        finally:
            self.busy = False


def new_patient(form: dict[str, str], *, go_to: str, locale: str) -> NewPatient:
    """Read a registration from its form."""
    return NewPatient(
        name=typed(form, "name"),
        email=typed(form, "email"),
        phone=typed(form, "phone"),
        address=typed(form, "address"),
        birth_date=birth_date_from(form),
        password=typed(form, "password", longest=1000),
        go_to=go_to,
        locale=locale,
    )


def sign_in_href(_: Translator, go_to: str) -> str:
    """The address of the sign-in that leads on to ``go_to``."""
    return _.href(f"/sign-in/?next={quote(go_to, safe='')}" if go_to else "/sign-in/")


@page(
    "/register",
    title=N_("Register as a patient"),
    description=N_("An account to book, move and cancel your visits."),
    on_load=[Register.load],
)
def register(_: Translator) -> rx.Component:
    """The page where patients register."""
    return rx.el.div(
        rx.cond(Register.sent_to, link_sent(_, Register), _form(_)), class_name="stack narrow"
    )


def _form(_: Translator) -> rx.Component:
    wrong = Register.problems
    return rx.fragment(
        rx.el.h1(_("Register as a patient")),
        rx.cond(Frame.signed_in, _signed_in(_)),
        error_summary(_, Register.problem, wrong),
        rx.cond(Register.chosen, _time_is_kept(_)),
        rx.el.p(
            _("You have an account?"), " ", link(_("Sign in"), href=Register.sign_in), " · ",
            link(_("Apply as a doctor"), href=_.href("/register/doctor/")),
        ),
        form(
            name_field(_, error=wrong["name"]),
            email_field(_, error=wrong["email"], hint=_("We send a link to it, to be sure.")),
            phone_field(_, error=wrong["phone"]),
            textarea(
                _, "address", _("Address"), error=wrong["address"], rows=3, max_length=300,
                auto_complete="street-address", hint=_("Street, postcode, town"),
            ),
            birth_date_fields(_, error=wrong["birth_date"]),
            password_field(_, "password", _("Password"), new=True, error=wrong["password"]),
            button(
                _("Register"), kind="primary wide", submit=True, icon_name="user-plus",
                busy=Register.busy,
            ),
            on_submit=Register.send,
        ),
    )  # fmt: skip


def _signed_in(_: Translator) -> rx.Component:
    return banner(
        rx.el.p(_("You are signed in already, as"), " ", rx.el.bdi(Frame.name), ". ",
                link(_("Go to your account"), href=_.href("/account/"))),
        heard=True,
    )  # fmt: skip


def _time_is_kept(_: Translator) -> rx.Component:
    return banner(
        rx.el.p(
            _("Your time stays chosen: the link that we send you leads back to it."),
        ),
        tone="teal",
        icon_name="clock",
    )
