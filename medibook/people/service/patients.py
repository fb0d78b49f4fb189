"""Patients whom the front desk finds, and writes down when they have no account."""

from datetime import date
from uuid import UUID

from medibook.kernel.actor import staff
from medibook.kernel.errors import Invalid
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.people import rules
from medibook.people.access import patients
from medibook.people.events import PatientChanged
from medibook.people.rules.claims import check_record
from medibook.people.rules.naming import sought
from medibook.people.schemas import NewPatientRecord, PatientHit
from medibook.people.schemas.reach import Recipient
from medibook.people.service.registration import clinic_of
from medibook.people.tables import Patient
from medibook.ui.i18n import LOCALES


@query(allow=staff)
def find_patients(uow: UnitOfWork, *, text: str) -> tuple[PatientHit, ...]:
    """Patients by the beginnings of their names, three letters at least, or four digits of the number.

    The twenty first by name; () while too little is typed.
    """
    wanted = sought(text)
    return patients.hits(uow, wanted) if wanted.is_enough else ()


def patients_named(text: str) -> patients.Named:
    """Whom a list is narrowed to, by the beginnings of names or a number's digits, as in the search.

    Nobody while too little is typed. Whoever asks shows only what the actor may see of them.
    """
    return patients.named(sought(text))


@query(allow=staff)
def patient_record(uow: UnitOfWork, *, patient_id: UUID) -> PatientHit:
    """One patient as the front desk's list shows them. Raises NotFound."""
    return patients.hit(patients.find(uow, patient_id))


@use_case(allow=staff)
def add_patient(uow: UnitOfWork, *, new: NewPatientRecord, is_another: bool = False) -> UUID:
    """Write down a patient who has no account; returns who they are from now on.

    Raises:
        PatientKnown: somebody of this name was born on this day; ``is_another`` says that it is not
            the same person. Invalid: with every field's problem.
    """
    checked = check_record(new, clinic_of(uow))
    patients.lock_person(uow, checked.name, checked.birth_date)
    known = patients.alike(uow, checked.name, checked.birth_date)
    if known and not is_another:
        raise rules.PatientKnown(known)
    row = without_account(uow, name=checked.name, birth_date=checked.birth_date)
    row.phone, row.email, row.address = checked.phone, checked.email, checked.address
    row.phone_proven_at = uow.now if row.phone else None  # they stand there, or have called
    patients.add_patient(uow, row)
    uow.audit("patient", row.id, patient_id=row.id)
    uow.record(PatientChanged(row.id))
    return row.id


def without_account(uow: UnitOfWork, *, name: str, birth_date: date) -> Patient:
    """Return a patient who does not sign in; written to in the language of whoever writes them down."""
    return Patient(
        id=uow.new_id(),
        name=name,
        birth_date=birth_date,
        phone="",
        locale=uow.actor.locale,
    )


def written_to(uow: UnitOfWork, patient_id: UUID) -> Recipient:
    """Where and in which language a patient without an account is written to. Raises NotFound."""
    row = patients.find(uow, patient_id)
    return Recipient(user_id=None, email=row.email, locale=row.locale, phone=row.phone)


def write_in(uow: UnitOfWork, patient_id: UUID, locale: str) -> None:
    """Write to a patient without an account in this language from now on. Raises NotFound, Invalid."""
    if locale not in LOCALES:
        raise Invalid
    patients.find(uow, patient_id).locale = locale
