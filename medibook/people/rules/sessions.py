"""How long a session lasts, and how a browser shows that its owner has signed in from it before."""

import hashlib
import hmac
from datetime import timedelta

from medibook.kernel.actor import Role
from medibook.kernel.settings import Settings

ALIVE_EVERY = timedelta(minutes=1)
VERIFY_LASTS = timedelta(hours=24)
RESET_LASTS = timedelta(minutes=30)
PROOF_LASTS = timedelta(minutes=1)


def idle_limit(role: Role, settings: Settings) -> timedelta:
    """Return the silence after which a session ends; shorter where other people's records are open."""
    minutes = settings.session_idle_minutes if role is Role.PATIENT else settings.staff_idle_minutes
    return timedelta(minutes=minutes)


def sealed(settings: Settings, purpose: str, *parts: str) -> str:
    """Return a seal over ``parts`` that only this installation can make."""
    text = "\x1f".join((purpose, *parts))
    return hmac.new(
        settings.secret_key.get_secret_value().encode(), text.encode(), hashlib.sha256
    ).hexdigest()


def known_browser(settings: Settings, email: str, nonce: str) -> str:
    """Return what a browser keeps after a sign-in, so that strangers' guesses do not lock its owner out."""
    return f"{nonce}.{sealed(settings, 'known-browser', email, nonce)}"


def may_be_known_browser(settings: Settings, email: str, claim: str) -> str:
    """Return the name of the browser when ``email`` has signed in from it, else ""."""
    nonce = claim.partition(".")[0]
    genuine = nonce and hmac.compare_digest(
        claim.encode(), known_browser(settings, email, nonce).encode()
    )
    return nonce if genuine else ""
