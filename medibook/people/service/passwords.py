"""Forgotten and changed passwords."""

from medibook.kernel.actor import anyone, signed_in
from medibook.kernel.crypto import hash_password, verify_password
from medibook.kernel.errors import Invalid
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.kernel.words import N_
from medibook.people import rules
from medibook.people.access import accounts, links, sessions
from medibook.people.events import AccountRegistered, PasswordChanged, PasswordResetAsked
from medibook.people.rules.claims import check_new_password
from medibook.people.rules.passwords import LONGEST, composed
from medibook.people.service.limits import limit_client, limit_mail, limit_password
from medibook.people.service.registration import clinic_of, prove_address
from medibook.people.tables import AccountStatus, TokenPurpose, User


@use_case(allow=anyone)
def ask_password_reset(uow: UnitOfWork, *, email: str, client: str = "") -> None:
    """Ask for a link to set a new password; the answer is the same for every address."""
    key = rules.address_key(email)
    limit_mail(uow, key, client)
    user = accounts.by_email(uow, key)
    if user is None or user.status is not AccountStatus.ACTIVE:
        return
    uow.audit("user", user.id)
    # Whoever has not proven the address yet gets the link that does.
    proven = user.email_verified_at is not None
    uow.record(PasswordResetAsked(user.id) if proven else AccountRegistered(user.id))


@use_case(allow=anyone)
def reset_password(uow: UnitOfWork, *, token: str, password: str, client: str = "") -> None:
    """Set a new password by the link that was sent; ends every session. Raises LinkSpent, Invalid.

    A refused password does not use the link up: nothing is written before it is fit.
    """
    limit_client(uow, client)
    spent = links.spend(uow, token, TokenPurpose.RESET_PASSWORD)
    if spent is None:
        raise rules.LinkSpent
    user = accounts.find(uow, spent.user_id)
    if user.status is not AccountStatus.ACTIVE:
        raise rules.Suspended
    fit = check_new_password(password, name=user.name, email=user.email, clinic=clinic_of(uow))
    prove_address(uow, user)
    _set_password(uow, user, fit)
    sessions.end_all(uow, user.id)


@use_case(allow=signed_in)
def change_password(uow: UnitOfWork, *, old: str, new: str) -> None:
    """Change one's password, showing the old one; ends the sessions in other browsers."""
    limit_password(uow)
    user = accounts.find(uow, uow.actor.user_id)
    if len(old) > LONGEST or not verify_password(composed(old), user.password_hash):
        raise Invalid({"old": N_("This is not your present password.")})
    fit = check_new_password(
        new, name=user.name, email=user.email, clinic=clinic_of(uow), field="new"
    )
    _set_password(uow, user, fit)
    sessions.end_all(uow, user.id, besides=uow.actor.session_id)


def _set_password(uow: UnitOfWork, user: User, fit: str) -> None:
    user.password_hash = hash_password(fit)
    links.revoke(uow, user.id, TokenPurpose.RESET_PASSWORD)
    uow.audit("user", user.id)
    uow.record(PasswordChanged(user.id))
