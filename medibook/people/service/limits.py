"""How often somebody may try what takes a secret or sends a message; one place, for every door."""

from datetime import timedelta

from medibook.kernel.crypto import hash_token
from medibook.kernel.errors import TooManyAttempts
from medibook.kernel.use_case import UnitOfWork
from medibook.people.rules import LinkSpent

_QUARTER = timedelta(minutes=15)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

# What strangers try against one account. A browser from which its owner has signed in before is
# counted by itself, so that an attack from elsewhere does not lock the owner out.
_SIGN_IN = (("sign-in", 10, _QUARTER), ("sign-in-day", 50, _DAY))
_KNOWN = (("sign-in-known", 10, _QUARTER),)


def limit_client(uow: UnitOfWork, client: str) -> None:
    """Count one attempt with any secret from a client's address; a clinic's whole desk may share it."""
    if client:
        uow.limit("client", client, times=100, within=_QUARTER)


def limit_opening(uow: UnitOfWork, client: str) -> None:
    """Count one link that opened nothing, from a client's address; apart from what signs in.

    Any page of the world can make its readers' browsers ask for such addresses, as pictures: that must
    not keep them, and whoever shares their address, from signing in.
    """
    if client:
        uow.limit("opening", client, times=100, within=_QUARTER)


def limit_sign_in(uow: UnitOfWork, email: str, browser: str, client: str) -> None:
    """Count one attempt to sign in."""
    limit_client(uow, client)
    for what, times, within in _KNOWN if browser else _SIGN_IN:
        uow.limit(what, f"{email} {browser}", times=times, within=within)


def forgive_sign_in(uow: UnitOfWork, email: str, browser: str) -> None:
    """Count an account anew after the right password; the client's own count stays."""
    for what, times, within in _KNOWN if browser else _SIGN_IN:
        uow.throttle.forget(what, f"{email} {browser}", times=times, within=within)


def limit_mail(uow: UnitOfWork, email: str, client: str) -> None:
    """Count one message that a stranger makes us send: five an hour to an address, from all forms."""
    limit_client(uow, client)
    uow.limit("mail", email, times=5, within=_HOUR)


def limit_link(uow: UnitOfWork, token: str) -> None:
    """Count one password shown with a link; past five it is as good as used. Raises LinkSpent."""
    try:
        uow.limit("link", hash_token(token), times=5, within=_DAY)
    except TooManyAttempts as too_many:
        raise LinkSpent from too_many


def limit_password(uow: UnitOfWork) -> None:
    """Count one attempt with the old password by somebody who is signed in."""
    uow.limit("old-password", str(uow.actor.user_id), times=10, within=_QUARTER)
