"""Applying as a practitioner: who, what the clinic checks, how one works, a password."""

from collections.abc import AsyncIterator

import reflex as rx

from medibook.clinic import service as clinic
from medibook.clinic.pages.claims_form import (
    Choices,
    Claims,
    choices,
    claims_from,
    person_fields,
    practice_fields,
    proof_fields,
)
from medibook.kernel.actor import anyone
from medibook.people import service as people
from medibook.people.pages.account_fields import email_field, password_field, typed
from medibook.people.pages.link_sent import LinkSent, link_sent
from medibook.people.schemas import NewPractitioner
from medibook.ui.components import banner, button, error_summary, form, link, skeleton
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


class RegisterPractitioner(LinkSent, rx.State):
    """An application that is being filled in."""

    ready: bool = False
    options: Choices = Choices()
    values: Claims = Claims()

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Offer what there is to choose from."""
        specialties = await self._perform(clinic.specialties)
        locations = await self._perform(clinic.locations)
        self.options = choices(self._words(), specialties, locations)
        self.sent_to, self.ready = "", True

    @rx.event
    @allow(anyone)
    async def send(self, form_data: dict[str, str]) -> AsyncIterator[None]:
        """Apply; an admin decides when the address is confirmed."""
        self.busy = True
        yield
        try:
            new = NewPractitioner(
                **claims_from(form_data),
                email=typed(form_data, "email"),
                password=typed(form_data, "password", longest=1000),
                locale=self._locale(),
            )
            await self._perform(people.register_practitioner, new=new, client=self._client())
            self._say_sent(new.email)
        finally:
            self.busy = False


@page(
    "/register/doctor",
    title=N_("Apply as a doctor"),
    description=N_("Tell the clinic who you are; patients can book you once it has approved you."),
    on_load=[RegisterPractitioner.load],
)
def register_practitioner(_: Translator) -> rx.Component:
    """The page where practitioners apply."""
    state = RegisterPractitioner
    return rx.el.div(
        rx.cond(
            state.sent_to,
            link_sent(_, state),
            rx.fragment(
                rx.el.h1(_("Apply as a doctor")),
                rx.cond(Frame.signed_in, _signed_in(_)),
                rx.el.p(
                    _(
                        "The clinic checks what you claim, and writes to you. Then you set your hours."
                    ),
                    class_name="lead",
                ),
                error_summary(_, state.problem, state.problems),
                rx.cond(
                    state.ready,
                    _form(_),
                    rx.cond(state.problem == "", skeleton(_, kind="rows", rows=6)),
                ),
            ),
        ),
        class_name="stack narrow",
    )


def _signed_in(_: Translator) -> rx.Component:
    return banner(
        rx.el.p(_("You are signed in already, as"), " ", rx.el.bdi(Frame.name), ". ",
                link(_("Go to your account"), href=_.href("/account/"))),
        heard=True,
    )  # fmt: skip


def _form(_: Translator) -> rx.Component:
    state = RegisterPractitioner
    wrong, values = state.problems, state.values
    return form(
        rx.el.h2(_("You")),
        *person_fields(_, wrong, values),
        email_field(_, error=wrong["email"], hint=_("We send a link to it, to be sure.")),
        rx.el.h2(_("What the clinic checks")),
        *proof_fields(_, wrong, values, state.options),
        rx.el.h2(_("Your work")),
        *practice_fields(_, wrong, values, state.options),
        rx.el.h2(_("Your password")),
        password_field(_, "password", _("Password"), new=True, error=wrong["password"]),
        button(_("Apply"), kind="primary wide", submit=True, icon_name="check", busy=state.busy),
        on_submit=state.send,
    )
