"""What people say about themselves, and how they change it."""

from medibook.kernel.actor import applicant, patient, practitioner
from medibook.kernel.errors import Invalid
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.kernel.words import N_
from medibook.people import rules
from medibook.people.access import accounts, patients, profiles
from medibook.people.events import PractitionerApplied, ProfileChanged
from medibook.people.rules.claims import CheckedPractitioner, check_contact
from medibook.people.schemas import (
    ApprovalStatus,
    PatientProfile,
    PractitionerChange,
    PractitionerProfile,
)
from medibook.people.schemas.reach import OwnNumber
from medibook.people.service.registration import apply_claims, clinic_of

_CHECKED = N_("An admin has checked this. Please call the clinic to change it.")


@query(allow=patient)
def my_patient_profile(uow: UnitOfWork) -> PatientProfile:
    """A patient's own contact data."""
    return patients.patient_profile(uow, patients.my_patient(uow))


@use_case(allow=patient)
def change_patient_profile(
    uow: UnitOfWork, *, name: str, phone: str, address: str
) -> PatientProfile:
    """Change one's contact data; raises Invalid with every field's problem."""
    name, phone, address = check_contact(
        name=name, phone=phone, address=address, clinic=clinic_of(uow)
    )
    row = patients.my_patient_alone(uow)
    if phone != row.phone:
        row.phone_proven_at = None
    row.name, row.phone, row.address = name, phone, address
    patients.keep_findable(uow, row)
    user = accounts.find(uow, row.user_id)
    user.name = name
    uow.audit("patient", row.id, patient_id=row.id)
    uow.record(ProfileChanged(user.id))
    return patients.patient_profile(uow, row)


def own_number(uow: UnitOfWork, *, alone: bool = False) -> OwnNumber | None:
    """The actor's own number as a patient, and whether it is proven; None: they are no patient.

    Without a number, ``number`` is empty. ``alone``: until this ends, the number stays what it is.
    """
    if uow.actor.patient_id is None:
        return None
    row = patients.my_patient_alone(uow) if alone else patients.my_patient(uow)
    return OwnNumber(patient_id=row.id, number=row.phone, proven_at=row.phone_proven_at)


def prove_number(uow: UnitOfWork, number: str) -> bool:
    """Note that the actor holds this telephone; False when their number is another one by now."""
    row = patients.my_patient_alone(uow)
    if row.phone != number:
        return False
    row.phone_proven_at = uow.now
    uow.audit("patient", row.id, patient_id=row.id, reason="number proven")
    return True


@query(allow=practitioner | applicant)
def my_practitioner_profile(uow: UnitOfWork) -> PractitionerProfile:
    """A practitioner's own profile, with what an admin made of it."""
    return profiles.profile(uow, profiles.my_practitioner(uow))


@use_case(allow=practitioner | applicant)
def change_practitioner_profile(
    uow: UnitOfWork, *, change: PractitionerChange
) -> PractitionerProfile:
    """Change one's profile; of an applicant who was asked back, this is the answer.

    Raises Invalid with every field's problem. What an admin has approved stays as it was judged.
    """
    checked, _, _ = rules.check_practitioner(change, clinic_of(uow))
    profiles.check_claimed_places(uow, checked.specialty_ids, checked.location_id)
    uow.lock(uow.actor.practitioner_id or uow.new_id())
    row = profiles.my_practitioner(uow)
    if row.status is ApprovalStatus.APPROVED:
        _refuse_other_claims(profiles.profile(uow, row), checked)
    apply_claims(row, checked)
    row.version += 1
    profiles.set_specialties(uow, row.id, checked.specialty_ids)
    accounts.find(uow, row.user_id).name = checked.name
    uow.audit("practitioner", row.id)
    if row.status is ApprovalStatus.ASKED:
        row.status, row.applied_at = ApprovalStatus.PENDING, uow.now
        uow.record(PractitionerApplied(row.user_id, row.id))
    uow.record(ProfileChanged(row.user_id, row.id))
    return profiles.profile(uow, row)


def _refuse_other_claims(judged: PractitionerProfile, wished: CheckedPractitioner) -> None:
    fixed = {
        "licence_number": judged.licence_number != wished.licence_number,
        "qualifications": judged.qualifications != wished.qualifications,
        "specialty_ids": set(judged.specialty_ids) != set(wished.specialty_ids),
    }
    problems = {field: _CHECKED for field, differs in fixed.items() if differs}
    if problems:
        raise Invalid(problems)
