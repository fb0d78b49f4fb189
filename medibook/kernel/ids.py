"""The one place that draws identities and secrets."""

import secrets
from typing import Protocol
from uuid import UUID, uuid4

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Ids(Protocol):
    """Draws new identities; tests may plug in a predictable one."""

    def new_id(self) -> UUID:
        """Return a new row identity."""
        ...

    def new_token(self) -> str:
        """Return a secret of 256 bits, safe in addresses and cookies."""
        ...

    def new_reference(self) -> str:
        """Return eight characters that a person can read out on the phone: ``7KQ4-M2XD``."""
        ...


class RandomIds:
    """Identities from the operating system's generator."""

    def new_id(self) -> UUID:
        """Return a random (version 4) UUID."""
        return uuid4()

    def new_token(self) -> str:
        """Return a secret of 256 bits, safe in addresses and cookies."""
        return secrets.token_urlsafe(32)

    def new_reference(self) -> str:
        """Return a Crockford base-32 reference; it has no I, L, O or U to misread."""
        return reference_of(secrets.randbits(40))


def reference_of(number: int) -> str:
    """Spell the last forty bits of a number as a person reads them out."""
    letters = "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(0, 40, 5))
    return f"{letters[:4]}-{letters[4:]}"
