"""When a message is tried again, and which messages must not be readable afterwards."""

from datetime import timedelta

from medibook.kernel.errors import NotFound
from medibook.people.rules.sessions import RESET_LASTS, VERIFY_LASTS

MOST_ATTEMPTS = 8
LEASE = timedelta(minutes=5)
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)

VERIFY_EMAIL = "verify-email"
RESET_PASSWORD = "reset-password"  # noqa: S105  # a kind of message, not a password
# Their bodies hold a key to an account: kept until they have left, no longer.
_CARRY_A_KEY = {VERIFY_EMAIL: VERIFY_LASTS, RESET_PASSWORD: RESET_LASTS}


class MailboxClosed(NotFound):
    """The mailbox is a convenience of the demo clinic; elsewhere messages are their readers' alone."""

    code = "mailbox_closed"


def carries_key(kind: str) -> bool:
    """Tell whether a message of this kind holds a link that opens an account."""
    return kind in _CARRY_A_KEY


def useful_for(kind: str) -> timedelta | None:
    """Return how long after it was written a message still helps its reader; None: always."""
    return _CARRY_A_KEY.get(kind)


def wait_before(attempt: int) -> timedelta:
    """Return the wait after the ``attempt``-th failure: doubling from half a minute, an hour at most."""
    return min(_FIRST_WAIT * (1 << (attempt - 1)), _LONGEST_WAIT)


def is_reachable(address: str) -> bool:
    """Whether a mail server could know this address: none knows one that ends in .invalid (RFC 2606).

    Practitioners who came with a directory file have such an address until they open their account.
    """
    return not address.casefold().endswith(".invalid")
