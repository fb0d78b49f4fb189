"""Registering, and proving that the address is one's own.

Nobody learns whether an address has an account: the answer, the limits and the work are the same,
and only the owner of the address is told, by message.
"""

import hmac
from datetime import datetime, timedelta

from medibook.kernel.actor import Role, anyone
from medibook.kernel.crypto import hash_password, verify_password
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.people import rules
from medibook.people.access import accounts, links, patients, profiles
from medibook.people.events import AccountRegistered, AddressTakenAgain, PractitionerApplied
from medibook.people.rules.claims import CheckedPractitioner, Clinic
from medibook.people.rules.passwords import LONGEST, composed
from medibook.people.rules.sessions import PROOF_LASTS, sealed
from medibook.people.schemas import (
    ApprovalStatus,
    CheckedPassword,
    NewPatient,
    NewPractitioner,
    SignedIn,
)
from medibook.people.service.limits import limit_client, limit_link, limit_mail
from medibook.people.service.sessions import start_session
from medibook.people.tables import AccountStatus, Patient, Practitioner, TokenPurpose, User


@use_case(allow=anyone)
def register_patient(uow: UnitOfWork, *, new: NewPatient, client: str = "") -> None:
    """Ask for an account as a patient; raises Invalid with every field's problem."""
    checked = rules.check_patient(new, clinic_of(uow))
    limit_mail(uow, checked.email, client)
    hashed = hash_password(checked.password)  # also for a known address, so that time tells nothing
    user = _claim_address(uow, checked.email, Role.PATIENT, checked.name, hashed, new.locale)
    if user is None:
        return
    accounts.forget_claims(uow, user)
    patients.add_patient(uow, patient_row(uow, user, checked))
    uow.record(AccountRegistered(user.id, rules.own_path(new.go_to)))


@use_case(allow=anyone)
def register_practitioner(uow: UnitOfWork, *, new: NewPractitioner, client: str = "") -> None:
    """Apply as a practitioner; raises Invalid with every field's problem."""
    checked, email, password = rules.check_practitioner(new, clinic_of(uow))
    profiles.check_claimed_places(uow, checked.specialty_ids, checked.location_id)
    limit_mail(uow, email, client)
    hashed = hash_password(password)
    user = _claim_address(uow, email, Role.PRACTITIONER, checked.name, hashed, new.locale)
    if user is None:
        return
    accounts.forget_claims(uow, user)
    row = practitioner_row(uow, user, checked)
    profiles.add_practitioner(uow, row, checked.specialty_ids)
    uow.record(AccountRegistered(user.id))


@use_case(allow=anyone)
def resend_verification(uow: UnitOfWork, *, email: str, client: str = "") -> None:
    """Ask for the link once more; the answer is the same for every address."""
    key = rules.address_key(email)
    limit_mail(uow, key, client)
    user = accounts.by_email(uow, key)
    if user is not None and user.email_verified_at is None:
        uow.record(AccountRegistered(user.id))


@query(allow=anyone)
def check_link(uow: UnitOfWork, *, token: str, password: str, client: str = "") -> CheckedPassword:
    """Check the password that was chosen at registration, for ``verify_email``; no writer waits.

    The link alone proves the address but not who registered it: anybody may have, with a password
    of their own, and whoever owns the address must not prove that account for them.

    Raises NotTheChosenPassword, which leaves the link good for a few more tries; LinkSpent.
    """
    limit_client(uow, client)
    limit_link(uow, token)
    user_id = links.holder(uow, token, TokenPurpose.VERIFY_EMAIL)
    user = None if user_id is None else accounts.find(uow, user_id)
    stored = user.password_hash if user and len(password) <= LONGEST else None
    # An unknown link takes as long as a known one.
    is_theirs = verify_password(composed(password[:LONGEST]), stored)
    if user is None:
        raise rules.LinkSpent
    if not is_theirs:
        raise rules.NotTheChosenPassword
    return CheckedPassword(user_id=user.id, checked_at=uow.now, seal=_seal(uow, user, uow.now))


@use_case(allow=anyone)
def verify_email(
    uow: UnitOfWork, *, token: str, checked: CheckedPassword, device: str = ""
) -> SignedIn:
    """Prove an address by its link and the checked password, and sign in; raises LinkSpent."""
    spent = links.spend(uow, token, TokenPurpose.VERIFY_EMAIL)
    if spent is None or spent.user_id != checked.user_id:
        raise rules.LinkSpent
    user = accounts.find(uow, spent.user_id)
    genuine = hmac.compare_digest(checked.seal, _seal(uow, user, checked.checked_at))
    if not genuine or not timedelta(0) <= uow.now - checked.checked_at <= PROOF_LASTS:
        raise rules.NotTheChosenPassword
    if user.status is not AccountStatus.ACTIVE:
        raise rules.Suspended
    prove_address(uow, user)
    uow.audit("user", user.id)
    return start_session(uow, user, device=device, go_to=spent.go_to)


def prove_address(uow: UnitOfWork, user: User) -> None:
    """Note that the address is proven; a practitioner's claims now await an admin."""
    if user.email_verified_at is not None:
        return
    user.email_verified_at = uow.now
    applied = profiles.practitioner_of(uow, user.id) if user.role is Role.PRACTITIONER else None
    if applied is not None and applied.status is ApprovalStatus.UNVERIFIED:
        applied.status, applied.applied_at = ApprovalStatus.PENDING, uow.now
        uow.record(PractitionerApplied(user.id, applied.id))


def _claim_address(
    uow: UnitOfWork, email: str, role: Role, name: str, password_hash: str, locale: str
) -> User | None:
    """Return an unproven account for an address; None, and a word to its owner, when it is proven.

    An address that nobody has proven belongs to whoever asks last: otherwise anybody could occupy
    somebody's address with a password of their own and wait for the owner to prove it. The links
    of earlier claims die when the new one is sent.
    """
    accounts.lock_address(uow, email)
    user = accounts.by_email(uow, email)
    if user is None:
        user = new_user(uow, email, role, name, password_hash, locale)
        uow.audit("user", user.id)
        return accounts.add(uow, user)
    uow.audit("user", user.id)
    if user.email_verified_at is not None:
        uow.record(AddressTakenAgain(user.id))
        return None
    links.revoke(uow, user.id, TokenPurpose.VERIFY_EMAIL)
    user.role, user.name, user.password_hash = role, name, password_hash
    user.locale = _locale(locale)
    return user


def new_user(
    uow: UnitOfWork, email: str, role: Role, name: str, password_hash: str, locale: str
) -> User:
    """Return a fresh account, not yet proven."""
    return User(
        id=uow.new_id(),
        email=email,
        password_hash=password_hash,
        role=role,
        name=name,
        locale=_locale(locale),
        created_at=uow.now,
    )


def patient_row(uow: UnitOfWork, user: User, checked: rules.CheckedPatient) -> Patient:
    """Return the patient behind a fresh account."""
    return Patient(
        id=uow.new_id(),
        user_id=user.id,
        name=checked.name,
        phone=checked.phone,
        address=checked.address,
        birth_date=checked.birth_date,
    )


def practitioner_row(uow: UnitOfWork, user: User, checked: CheckedPractitioner) -> Practitioner:
    """Return the practitioner behind a fresh account, with an address of their own on the site."""
    row = Practitioner(
        id=uow.new_id(),
        user_id=user.id,
        slug=_slug(uow, checked.name),
        name=checked.name,
        phone=checked.phone,
        licence_number=checked.licence_number,
        status=ApprovalStatus.UNVERIFIED,
        applied_at=uow.now,
    )
    apply_claims(row, checked)
    return row


def apply_claims(row: Practitioner, checked: CheckedPractitioner) -> None:
    """Write what a practitioner says about themselves into their row."""
    row.name, row.phone = checked.name, checked.phone
    row.qualifications, row.licence_number = checked.qualifications, checked.licence_number
    row.years_of_experience, row.biography = checked.years_of_experience, checked.biography
    row.languages = ",".join(checked.languages)
    row.fee_minor, row.fee_currency = checked.fee_minor, checked.fee_currency
    row.location_id = checked.location_id


def _seal(uow: UnitOfWork, user: User, checked_at: datetime) -> str:
    # Another purpose than signing in: this password opens a session only together with its link.
    return sealed(
        uow.settings, "checked-link", str(user.id), user.password_hash, checked_at.isoformat()
    )


def _slug(uow: UnitOfWork, name: str) -> str:
    new = uow.new_id()
    # A name in a script without Latin letters gets a number of its own.
    wish = rules.slug_of(name) or f"nr-{new.hex[:8]}"
    uow.lock(accounts.ADMINS_LOCK)  # rare: one queue for all new addresses on the site is enough
    return profiles.free_slug(uow, wish)


def clinic_of(uow: UnitOfWork) -> Clinic:
    """Return what the checks of claims know about the clinic."""
    return Clinic(uow.settings.clinic_name, uow.settings.clinic_phone, uow.now.date())


def _locale(claim: str) -> str:
    return claim if 2 <= len(claim) <= 8 and claim.isascii() else "en"
