"""Secrets: how passwords and tokens are kept so that a stolen database opens nothing."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from threading import BoundedSemaphore

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from passlib.context import CryptContext

# 19 MiB, two passes, one lane: the OWASP argon2id baseline; about 30 ms on a small machine.
_PASSWORDS = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=19_456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)
# Hashing is deliberately expensive: more than this many at once would starve everybody else.
_AT_ONCE = BoundedSemaphore(4)


def hash_password(password: str) -> str:
    """Return the argon2id hash of ``password``; slow on purpose, so never on the event loop."""
    with _AT_ONCE:
        return str(_PASSWORDS.hash(password))


def verify_password(password: str, hashed: str | None) -> bool:
    """Tell whether ``password`` fits ``hashed``; as slow when there is no account."""
    with _AT_ONCE:
        if hashed is None:
            _PASSWORDS.dummy_verify()
            return False
        return bool(_PASSWORDS.verify(password, hashed))


def hash_token(token: str) -> str:
    """Return what is stored of a token: SHA-256 suffices, for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two secrets without telling by time how much of them agrees."""
    return hmac.compare_digest(left.encode(), right.encode())


def seal(secret: str, purpose: str, clear: bytes) -> str:
    """Encrypt what must not be read from a stolen database, under a key made of our ``secret``."""
    return Fernet(urlsafe_b64encode(_derived(secret, purpose))).encrypt(clear).decode()


def unseal(secret: str, purpose: str, sealed: str) -> bytes:
    """Open what ``seal`` has closed with the same secret; raises cryptography's InvalidToken."""
    return Fernet(urlsafe_b64encode(_derived(secret, purpose))).decrypt(sealed)


def mark_of(secret: str, purpose: str) -> str:
    """A name for the secret itself, by which one sees that it is another now; it tells nothing of it."""
    return _derived(secret, f"mark of {purpose}").hex()[:32]


def _derived(secret: str, purpose: str) -> bytes:
    """A key for one purpose; the secret holds all the chance there is, so this need not be slow."""
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(secret.encode())
