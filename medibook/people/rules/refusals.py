"""How the people room says no; each with the words that its reader gets."""

from collections.abc import Sequence
from datetime import datetime

from medibook.kernel.errors import (
    Busy,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Refusal,
    TooManyAttempts,
)
from medibook.kernel.words import N_
from medibook.people.rules.passwords import PasswordFault
from medibook.people.schemas import PatientHit


class WrongCredentials(Forbidden):
    """Address or password is wrong; which of them is nobody's business."""

    code = "wrong_credentials"
    sentence = N_("The e-mail address or the password is not right. Please check both.")
    status = 401


class NotVerified(Forbidden):
    """The password is right, but the address has not been proven yet."""

    code = "not_verified"
    sentence = N_("Please confirm your e-mail address first: open the link that we sent you.")


class NotTheChosenPassword(Forbidden):
    """The link is right, but the account behind it was registered with another password."""

    code = "not_the_chosen_password"
    sentence = N_("This is not the password that was chosen when this address was registered.")


class Suspended(Forbidden):
    """The password is right, but an admin has suspended the account."""

    code = "suspended"
    sentence = N_("This account has been suspended. Please call the clinic.")


class LinkSpent(NotFound):
    """A one-time link was used before, is too old, or never was."""

    code = "link_spent"
    sentence = N_("This link has been used or is too old. Please ask for a new one.")


class LastAdmin(Conflict):
    """Without this account nobody could run the clinic any more."""

    code = "last_admin"
    sentence = N_("This is the last active admin. Make another one first.")


class NotYourself(Conflict):
    """Nobody locks themselves out."""

    code = "not_yourself"
    sentence = N_("You cannot suspend your own account. Ask another admin.")


class AddressTaken(Conflict):
    """An operator wants to make an account for an address that has one."""

    code = "address_taken"
    sentence = N_("There is already an account for this e-mail address.")


class ProfileChanged(Conflict):
    """What was decided about is no longer what stands there."""

    code = "profile_changed"
    sentence = N_(
        "This profile has changed since you opened it. Please read it again and decide then."
    )


class AlreadyDecided(ProfileChanged):
    """Another admin was faster: who, when, and with which outcome."""

    code = "already_decided"
    sentence = N_("{name} has already decided about this application.")

    def __init__(self, *, name: str, at: datetime, status: str) -> None:
        super().__init__(name=name)
        self.name, self.at, self.outcome = name, at, status


class PatientKnown(Conflict):
    """Somebody of this name was born on this day; nobody is written down twice by mistake."""

    code = "patient_known"
    sentence = N_(
        "A patient of this name who was born on this day is already known. "
        "Please choose them, or say that this is somebody else."
    )

    def __init__(self, known: Sequence[PatientHit]) -> None:
        super().__init__()
        self.known = tuple(known)


class DependantKnown(Conflict):
    """One books for this person already."""

    code = "dependant_known"
    sentence = N_("You already book for {name}, who was born on this day.")


class TooManyDependants(Conflict):
    """An account acts for a family, not for a school."""

    code = "too_many_dependants"
    sentence = N_("You can book for {count} people at most. Please call us if you need more.")


class GuardianKnown(Conflict):
    """This account acts for this patient already."""

    code = "guardian_known"
    sentence = N_("{name} already books for this patient.")


class ReasonNeeded(Invalid):
    """A decision against somebody needs words that they can act on."""

    code = "reason_needed"
    sentence = N_("Please write a reason, so that the person knows what to do.")

    def __init__(self) -> None:
        super().__init__({"reason": self.sentence})


class UnfitPicture(Invalid):
    """A file that cannot be made into a portrait."""

    code = "unfit_picture"
    sentence = N_(
        "Please choose a picture of at most 5 MB: a JPEG of up to 40 megapixels, "
        "or a PNG or WebP of up to 12."
    )

    def __init__(self) -> None:
        super().__init__({"picture": self.sentence})


class UnfitPassword(Invalid):
    """A password that would be guessed; ``field`` is where it was typed."""

    code = "unfit_password"

    def __init__(self, fault: PasswordFault, field: str) -> None:
        super().__init__({field: fault.sentence})
        self.fault = fault


class DemoOnly(NotFound):
    """A convenience of the demo clinic, asked for elsewhere."""

    code = "demo_only"


_TOLD_BY_CODE: dict[str, type[Refusal]] = {
    refusal.code: refusal
    for refusal in (
        Busy,
        Forbidden,
        LinkSpent,
        NotTheChosenPassword,
        NotVerified,
        Suspended,
        UnfitPicture,
        WrongCredentials,
        TooManyAttempts,
    )
}


def code_of(refusal: Refusal) -> str:
    """Return the code under which a redirect tells the next page what was refused."""
    return refusal.fault.value if isinstance(refusal, UnfitPassword) else refusal.code


def sentence_of(code: str) -> str:
    """Return the sentence (untranslated) for a code that a redirect carries; "" when it is none of ours."""
    if (
        code == TooManyAttempts.code
    ):  # its own sentence counts minutes, which an address does not carry
        return N_("Too many attempts. Please wait a quarter of an hour and try again.")
    if code in set(PasswordFault):
        return PasswordFault(code).sentence
    told = _TOLD_BY_CODE.get(code)
    return told.sentence if told else ""
