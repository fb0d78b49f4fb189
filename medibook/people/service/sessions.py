"""Signing in and out; who is behind a session."""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from medibook.kernel.actor import Actor, Role, anyone, signed_in
from medibook.kernel.crypto import hash_token, verify_password
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.people import rules
from medibook.people.access import accounts, profiles, sessions
from medibook.people.events import SignedOutEverywhere
from medibook.people.rules.fields import is_invented
from medibook.people.rules.passwords import LONGEST, composed
from medibook.people.rules.sessions import PROOF_LASTS, idle_limit, sealed
from medibook.people.schemas import ApprovalStatus, CheckedPassword, SessionRow, SignedIn
from medibook.people.service.limits import forgive_sign_in, limit_sign_in
from medibook.people.tables import AccountStatus, User


@query(allow=anyone)
def check_password(
    uow: UnitOfWork, *, email: str, password: str, client: str = "", known_browser: str = ""
) -> CheckedPassword:
    """Check a password, for ``open_session``; a query, because hashing must not hold up writers.

    Raises WrongCredentials; NotVerified and Suspended only to somebody who knows the password.
    """
    key = rules.address_key(email)
    browser = rules.may_be_known_browser(uow.settings, key, known_browser)
    limit_sign_in(uow, key, browser, client)
    user = accounts.by_email(uow, key)
    # The look-up is over before the slow part, and an unknown address costs as much as a known one.
    stored = user.password_hash if user and len(password) <= LONGEST else None
    if not verify_password(composed(password[:LONGEST]), stored) or user is None:
        raise rules.WrongCredentials
    if user.email_verified_at is None:
        raise rules.NotVerified
    if user.status is not AccountStatus.ACTIVE:
        raise rules.Suspended
    forgive_sign_in(uow, key, browser)
    return CheckedPassword(user_id=user.id, checked_at=uow.now, seal=_seal(uow, user, uow.now))


@use_case(allow=anyone)
def open_session(
    uow: UnitOfWork, *, checked: CheckedPassword, device: str = "", go_to: str = ""
) -> SignedIn:
    """Sign somebody in who has just shown the right password; always under a new token.

    Raises WrongCredentials when the seal is not ours, too old, or the password has changed since.
    """
    user = accounts.find(uow, checked.user_id)
    genuine = hmac.compare_digest(checked.seal, _seal(uow, user, checked.checked_at))
    if not genuine or not timedelta(0) <= uow.now - checked.checked_at <= PROOF_LASTS:
        raise rules.WrongCredentials
    if user.status is not AccountStatus.ACTIVE:
        raise rules.Suspended
    uow.audit("user", user.id)
    return start_session(uow, user, device=device, go_to=rules.own_path(go_to))


@use_case(allow=anyone)
def demo_sign_in(uow: UnitOfWork, *, role: str, device: str = "", go_to: str = "") -> SignedIn:
    """Sign in as the demo clinic's first account of a role; refused outside the demo."""
    if not uow.settings.is_demo or role not in {r.value for r in Role if r is not Role.SYSTEM}:
        raise rules.DemoOnly
    user = accounts.first_of(uow, Role(role))
    # Not everybody who forgets to set MEDIBOOK_ENV runs a demo: a real person's account stays shut.
    if user is None or not is_invented(user.email):
        raise rules.DemoOnly
    uow.audit("user", user.id)
    return start_session(uow, user, device=device, go_to=rules.own_path(go_to))


@use_case(allow=signed_in)
def sign_out(uow: UnitOfWork) -> None:
    """End the session in this browser."""
    sessions.end(uow, uow.actor.session_id)
    uow.audit("user", uow.actor.user_id)


@use_case(allow=signed_in)
def sign_out_everywhere(uow: UnitOfWork, *, keep_this: bool) -> None:
    """End the sessions in all browsers, or in all but this one."""
    sessions.end_all(uow, uow.actor.user_id, besides=uow.actor.session_id if keep_this else None)
    if uow.actor.user_id is not None:
        uow.record(SignedOutEverywhere(uow.actor.user_id))
    uow.audit("user", uow.actor.user_id)


@query(allow=signed_in)
def my_sessions(uow: UnitOfWork) -> tuple[SessionRow, ...]:
    """The browsers in which one is signed in, the latest first."""
    role = uow.actor.role or Role.PATIENT
    return sessions.of(uow, uow.actor.user_id, seen_since=uow.now - idle_limit(role, uow.settings))


def start_session(uow: UnitOfWork, user: User, *, device: str, go_to: str) -> SignedIn:
    """Open a session for an account that has proven itself; what was in the browser before is not reused."""
    token = uow.new_token()
    lasts = timedelta(hours=uow.settings.session_hours)
    sessions.forget_ended(uow, user.id)
    row = sessions.add(uow, user, hash_token(token), lasts=lasts, device=_short(device))
    mine = profiles.practitioner_of(uow, user.id) if user.role is Role.PRACTITIONER else None
    return SignedIn(
        token=token,
        session_id=row.id,
        role=user.role.value,
        approved=mine is not None and mine.status is ApprovalStatus.APPROVED,
        locale=user.locale,
        go_to=go_to,
        known_browser=rules.known_browser(uow.settings, user.email, uow.new_id().hex),
    )


def _seal(uow: UnitOfWork, user: User, checked_at: datetime) -> str:
    # The hash is part of it: a password that is changed in between opens no session.
    return sealed(
        uow.settings, "checked-password", str(user.id), user.password_hash, checked_at.isoformat()
    )


def _short(device: str) -> str:
    return "".join(c for c in device if c.isprintable())[:120]


class _Identity:
    """Turns session tokens into actors, for ``kernel.application``."""

    def authenticate(self, uow: UnitOfWork, *, token: str) -> tuple[Actor, bool] | None:
        """Return the actor of a live session, and whether its last sign of life is due to be noted."""
        return sessions.who(uow, hash_token(token))

    def keep_alive(self, uow: UnitOfWork, *, session_id: UUID) -> None:
        """Note a sign of life, so that the session does not end from idleness."""
        sessions.keep_alive(uow, session_id)


identity = _Identity()
