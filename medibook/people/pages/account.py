"""One's account: contact data and picture for patients; password and browsers for everybody."""

from collections.abc import AsyncIterator

import reflex as rx

from medibook.kernel.actor import Role, patient, signed_in
from medibook.people import service as people
from medibook.people.pages.account_fields import name_field, phone_field, typed
from medibook.people.pages.picture import picture_href, picture_section
from medibook.people.pages.security import Security, password_section, sessions_section
from medibook.people.rules import sentence_of
from medibook.people.schemas import PatientProfile
from medibook.ui.app_state import AppState
from medibook.ui.components import (
    Answer,
    banner,
    button,
    card,
    check_answers,
    error_summary,
    form,
    link_button,
    skeleton,
    textarea,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page
from medibook.ui.words import initials


class Account(AppState, rx.State):
    """Whose account it is, and the contact data of a patient."""

    ready: bool = False
    is_patient: bool = False
    is_practitioner: bool = False
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    born: str = ""
    letters: str = ""
    picture: str = ""
    saved: str = ""

    @rx.event
    @allow(signed_in)
    async def load(self) -> None:
        """Show the account, and say how the picture fared that was just sent."""
        _, role = self._words(), self._actor().role
        self.is_patient, self.is_practitioner = role is Role.PATIENT, role is Role.PRACTITIONER
        self.name, self.saved = self._actor().name, ""
        if self.is_patient:
            self._show(await self._perform(people.my_patient_profile))
            self.problem = _(sentence_of(self._query("problem")))
            self.saved = _("Your picture has been saved.") if self._query("done") else ""
        self.ready = True

    def _show(self, profile: PatientProfile) -> None:
        self.name, self.email, self.phone = profile.name, profile.email, profile.phone
        self.address, self.letters = profile.address, initials(profile.name)
        self.born = self._words().numeric_date(profile.birth_date)
        self.picture = picture_href(profile.picture_id)

    @rx.event
    @allow(patient)
    async def save(self, form_data: dict[str, str]) -> AsyncIterator[None]:
        """Save the contact data."""
        self.busy, self.saved = True, ""
        yield
        try:
            name, phone, address = (typed(form_data, f) for f in ("name", "phone", "address"))
            self._show(
                await self._perform(
                    people.change_patient_profile, name=name, phone=phone, address=address
                )
            )
            self.saved = self._words()(N_("Saved. Your doctor sees it from now on."))
        finally:
            self.busy = False


@page(
    "/account",
    title=N_("Your account"),
    description=N_("Your contact data, your picture, your password."),
    on_load=[Account.load, Security.load],
)
def account(_: Translator) -> rx.Component:
    """The page of one's own account."""
    return rx.el.div(
        rx.el.h1(_("Your account")),
        rx.cond(
            Account.saved,
            banner(Account.saved, tone="leaf", icon_name="circle-check", heard=True),
        ),
        error_summary(_, Account.problem, Account.problems),
        rx.cond(Account.ready, _parts(_), _waiting(_)),
        class_name="stack stack--loose narrow",
    )


def _waiting(_: Translator) -> rx.Component:
    """Nothing is on its way to a stranger: the guard has told them to sign in."""
    return rx.cond(Frame.signed_in, skeleton(_, kind="rows", rows=3))


def _parts(_: Translator) -> rx.Component:
    return rx.fragment(
        rx.cond(
            Account.is_patient,
            rx.fragment(
                _contact(_),
                _family(_),
                picture_section(
                    _, Account.picture, Account.letters, who_sees=_("Only you see your picture.")
                ),
            ),
            _who(_),
        ),
        _messages(_),
        password_section(_),
        sessions_section(_),
    )


def _contact(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("Contact data")),
        check_answers(
            _,
            [
                Answer(label=_("E-mail address"), value=Account.email),
                Answer(label=_("Date of birth"), value=Account.born),
            ],
        ),
        rx.el.p(_("To change these two, please call us."), class_name="hint"),
        form(
            name_field(_, error=Account.problems["name"], default_value=Account.name),
            phone_field(_, error=Account.problems["phone"], default_value=Account.phone),
            textarea(
                _, "address", _("Address"), error=Account.problems["address"], rows=3,
                max_length=300, auto_complete="street-address", default_value=Account.address,
            ),
            rx.el.div(
                button(_("Save"), kind="primary", submit=True, busy=Account.busy),
                class_name="row",
            ),
            on_submit=Account.save,
        ),
    )  # fmt: skip


def _family(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("People you book for")),
        rx.el.p(_("Your children, and others in your care."), class_name="meta"),
        rx.el.div(
            link_button(
                _("People you book for"), href=_.href("/account/family/"), icon_name="users"
            ),
            class_name="row",
        ),
    )


def _messages(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("How we reach you")),
        rx.el.p(_("What comes by e-mail and by SMS, and your quiet hours."), class_name="meta"),
        rx.el.div(
            link_button(_("Choose"), href=_.href("/account/messages/"), icon_name="mail"),
            class_name="row",
        ),
    )


def _who(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(rx.el.bdi(Account.name)),
        rx.cond(
            Account.is_practitioner,
            rx.el.div(
                link_button(_("Your profile"), href=_.href("/profile/"), icon_name="user"),
                class_name="row",
            ),
        ),
        rx.cond(
            Frame.role == "staff",
            rx.el.div(
                link_button(
                    _("Who books for whom"), href=_.href("/desk/guardians/"), icon_name="users"
                ),
                class_name="row",
            ),
        ),
    )
