"""What owners of accounts are told, after the fact is committed; in their language.

A message to an address that nobody has proven carries nothing that somebody has typed: otherwise
our forms could be used to send strangers other people's words.
"""

from uuid import UUID

from medibook.kernel.actor import system_only
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.kernel.words import N_
from medibook.notifications import access
from medibook.notifications.rules import RESET_PASSWORD, VERIFY_EMAIL
from medibook.notifications.schemas import NewMessage
from medibook.notifications.service.telling import tell
from medibook.people import service as people
from medibook.people.events import (
    AccountReactivated,
    AccountRegistered,
    AccountSuspended,
    AddressTakenAgain,
    PasswordChanged,
    PasswordResetAsked,
    PractitionerApplied,
    PractitionerApproved,
    PractitionerAskedBack,
    PractitionerDeclined,
)
from medibook.people.schemas import Person
from medibook.ui.i18n import Translator, translator

Decision = PractitionerApproved | PractitionerAskedBack | PractitionerDeclined
# Subject, words and the page that goes with them. The reason itself stays on the page.
_DECIDED = {
    PractitionerApproved: (
        N_("You have been approved"),
        N_(
            "{clinic} has approved your application. "
            "Set your opening hours, and patients can book you:\n{link}"
        ),
        "/hours/",
    ),
    PractitionerAskedBack: (
        N_("We have a question about your application"),
        N_(
            "{clinic} has a question about your application. Please read it and answer here:\n{link}"
        ),
        "/profile/",
    ),
    PractitionerDeclined: (
        N_("Your application was declined"),
        N_("{clinic} has declined your application. The reason stands here:\n{link}"),
        "/profile/",
    ),
}


@use_case(allow=system_only)
def send_verification(uow: UnitOfWork, *, fact: AccountRegistered, fact_id: UUID) -> None:
    """Send the link that proves an address; the clear token exists in this message alone."""
    if _has_link(uow, fact_id, VERIFY_EMAIL):
        return
    link = people.verify_link(uow, user_id=fact.user_id, go_to=fact.go_to)
    if not link:
        return
    person = people.person(uow, fact.user_id)
    _ = translator(person.locale)
    said = _(
        "Somebody, probably you, asked for an account at {clinic} with this e-mail address.\n\n"
        "To confirm that the address is yours, open this page within 24 hours:\n{link}\n\n"
        "If it was not you, do nothing: without your confirmation nobody can use your address.",
        clinic=uow.settings.clinic_name,
        link=_here(uow, _, link),
    )
    _tell(uow, person, fact_id, VERIFY_EMAIL, _("Please confirm your e-mail address"), said)


@use_case(allow=system_only)
def tell_address_taken(uow: UnitOfWork, *, fact: AddressTakenAgain, fact_id: UUID) -> None:
    """Tell the owner that somebody tried to register their address."""
    person = people.person(uow, fact.user_id)
    _ = translator(person.locale)
    said = _(
        "Somebody tried to register at {clinic} with your e-mail address. You have an account "
        "already, so nothing was changed.\n\nIf it was you, sign in:\n{sign_in}\n\n"
        "Or set a new password, if you have forgotten yours:\n{forgot}",
        clinic=uow.settings.clinic_name,
        sign_in=_here(uow, _, "/sign-in/"),
        forgot=_here(uow, _, "/forgot/"),
    )
    _tell(uow, person, fact_id, "address-taken", _("You already have an account"), said)


@use_case(allow=system_only)
def send_reset_link(uow: UnitOfWork, *, fact: PasswordResetAsked, fact_id: UUID) -> None:
    """Send the link at which a new password is set; older links are dead from now on."""
    if _has_link(uow, fact_id, RESET_PASSWORD):
        return
    link = people.reset_link(uow, user_id=fact.user_id)
    if not link:
        return
    person = people.person(uow, fact.user_id)
    _ = translator(person.locale)
    said = _(
        "Somebody, probably you, asked for a new password at {clinic}.\n\n"
        "You can set it on this page within 30 minutes:\n{link}\n\n"
        "If it was not you, do nothing: your password stays as it is.",
        clinic=uow.settings.clinic_name,
        link=_here(uow, _, link),
    )
    _tell(uow, person, fact_id, RESET_PASSWORD, _("Set a new password"), said)


@use_case(allow=system_only)
def tell_password_changed(uow: UnitOfWork, *, fact: PasswordChanged, fact_id: UUID) -> None:
    """Tell the owner that the password was changed."""
    person = people.person(uow, fact.user_id)
    _ = translator(person.locale)
    said = _(
        "The password of your account at {clinic} has just been changed, and other browsers were "
        "signed out.\n\nIf it was not you, set a new password now and call the clinic, {phone}:\n{forgot}",
        clinic=uow.settings.clinic_name,
        phone=uow.settings.clinic_phone,
        forgot=_here(uow, _, "/forgot/"),
    )
    _tell(uow, person, fact_id, "password-changed", _("Your password was changed"), said)


@use_case(allow=system_only)
def tell_admins_of_application(
    uow: UnitOfWork, *, fact: PractitionerApplied, fact_id: UUID
) -> None:
    """Tell every admin that a practitioner's claims await a decision."""
    uow.audit("practitioner", fact.practitioner_id)
    for person in people.admins(uow):
        _ = translator(person.locale)
        said = _(
            "A doctor has applied to {clinic} and waits for your decision:\n{link}",
            clinic=uow.settings.clinic_name,
            link=_here(uow, _, "/admin/doctors/"),
        )
        _tell(uow, person, fact_id, "application", _("A doctor waits for your decision"), said)


@use_case(allow=system_only)
def tell_decision(uow: UnitOfWork, *, fact: Decision, fact_id: UUID) -> None:
    """Tell a practitioner what an admin has decided; the reason stands on their profile page."""
    person = people.person(uow, fact.user_id)
    _ = translator(person.locale)
    subject, said, path = _DECIDED[type(fact)]
    text = _(said, clinic=uow.settings.clinic_name, link=_here(uow, _, path))
    _tell(uow, person, fact_id, "decision", _(subject), text)


@use_case(allow=system_only)
def tell_suspended(uow: UnitOfWork, *, fact: AccountSuspended, fact_id: UUID) -> None:
    """Tell the owner that the account is suspended, and whom to call."""
    person = people.person(uow, fact.user_id)
    _ = translator(person.locale)
    said = _(
        "Your account at {clinic} has been suspended. Please call us: {phone}.",
        clinic=uow.settings.clinic_name,
        phone=uow.settings.clinic_phone,
    )
    _tell(uow, person, fact_id, "suspended", _("Your account has been suspended"), said)


@use_case(allow=system_only)
def tell_reactivated(uow: UnitOfWork, *, fact: AccountReactivated, fact_id: UUID) -> None:
    """Tell the owner that the account may be used again."""
    person = people.person(uow, fact.user_id)
    _ = translator(person.locale)
    said = _(
        "Your account at {clinic} is active again. You can sign in:\n{link}",
        clinic=uow.settings.clinic_name,
        link=_here(uow, _, "/sign-in/"),
    )
    _tell(uow, person, fact_id, "reactivated", _("Your account is active again"), said)


def _has_link(uow: UnitOfWork, fact_id: UUID, kind: str) -> bool:
    """Whether the message with the link is there already, and only the note of it was lost.

    A second link would kill the first, and its message would not be written: the person would hold
    a dead link, and nobody would have the living one.
    """
    uow.lock(fact_id)
    return access.is_told(uow, fact_id, kind)


def _here(uow: UnitOfWork, words: Translator, path: str) -> str:
    """The address comes from the settings, never from a request, which anybody can forge."""
    return uow.settings.origin + words.href(path)


def _tell(
    uow: UnitOfWork, person: Person, fact_id: UUID, kind: str, subject: str, body: str
) -> None:
    new = NewMessage(
        fact_id=fact_id,
        kind=kind,
        recipient_id=person.user_id,
        to=person.email,
        subject=f"{uow.settings.clinic_name}: {subject}"[:200],
        body=body,
        locale=person.locale,
    )
    tell(uow, new)
