"""Taking in people whom the clinic knows already: the demo's cast, and later an import."""

from uuid import UUID

from medibook.kernel.actor import Role, system_only
from medibook.kernel.crypto import hash_password
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.people import rules
from medibook.people.access import accounts, patients, profiles
from medibook.people.events import PractitionerApproved
from medibook.people.schemas import ApprovalStatus, NewPatient, NewPractitioner
from medibook.people.service.registration import (
    clinic_of,
    new_user,
    patient_row,
    practitioner_row,
)
from medibook.people.tables import User


@use_case(allow=system_only)
def take_in_patient(uow: UnitOfWork, *, new: NewPatient) -> tuple[UUID, UUID]:
    """Make a patient's account whose address counts as proven; returns (user_id, patient_id)."""
    checked = rules.check_patient(new, clinic_of(uow))
    user = _proven(uow, checked.email, Role.PATIENT, checked.name, checked.password, new.locale)
    row = patient_row(uow, user, checked)
    row.phone_proven_at = uow.now  # the clinic knows them, and their telephone
    patients.add_patient(uow, row)
    uow.audit("patient", row.id, patient_id=row.id)
    return user.id, row.id


@use_case(allow=system_only)
def take_in_practitioner(
    uow: UnitOfWork, *, new: NewPractitioner, approved: bool
) -> tuple[UUID, UUID]:
    """Make a practitioner's account whose address counts as proven; (user_id, practitioner_id)."""
    checked, email, password = rules.check_practitioner(new, clinic_of(uow))
    profiles.check_claimed_places(uow, checked.specialty_ids, checked.location_id)
    user = _proven(uow, email, Role.PRACTITIONER, checked.name, password, new.locale)
    row = practitioner_row(uow, user, checked)
    row.status = ApprovalStatus.APPROVED if approved else ApprovalStatus.PENDING
    profiles.add_practitioner(uow, row, checked.specialty_ids)
    uow.audit("practitioner", row.id)
    if approved:
        row.decided_at = uow.now
        uow.record(PractitionerApproved(user.id, row.id))
    return user.id, row.id


def _proven(uow: UnitOfWork, email: str, role: Role, name: str, password: str, locale: str) -> User:
    accounts.lock_address(uow, email)
    if accounts.by_email(uow, email) is not None:
        raise rules.AddressTaken
    user = new_user(uow, email, role, name, hash_password(password), locale)
    user.email_verified_at = uow.now
    return accounts.add(uow, user)
