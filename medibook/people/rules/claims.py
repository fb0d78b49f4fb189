"""What somebody claims about themselves when they register, checked field by field, all at once."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from medibook.kernel.money import EXPONENTS
from medibook.kernel.words import N_
from medibook.people.rules.fields import Fields, region_of
from medibook.people.rules.guardians import is_minor, relation_of
from medibook.people.rules.passwords import composed, password_fault
from medibook.people.rules.refusals import UnfitPassword
from medibook.people.schemas import (
    NewDependant,
    NewPatient,
    NewPatientRecord,
    NewPractitioner,
    PractitionerChange,
    Relation,
)

_TITLES = re.compile(r"^((dr|prof|mr|mrs|ms|miss|med|dent|univ|herr|frau)\.?\s+)+", re.IGNORECASE)
HIGHEST_FEE = 100_000_00


@dataclass(frozen=True, slots=True)
class CheckedPatient:
    """A patient's registration in its written form."""

    name: str
    email: str
    phone: str
    address: str
    birth_date: date
    password: str


@dataclass(frozen=True, slots=True)
class CheckedRecord:
    """What the front desk writes down of a patient, in its written form; "" where it is not known."""

    name: str
    email: str
    phone: str
    address: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class CheckedDependant:
    """A minor whom somebody will book for, in the written form."""

    name: str
    birth_date: date
    relation: Relation


@dataclass(frozen=True, slots=True)
class CheckedPractitioner:
    """A practitioner's own account of themselves in its written form."""

    name: str
    phone: str
    specialty_ids: tuple[UUID, ...]
    qualifications: str
    licence_number: str
    years_of_experience: int
    languages: tuple[str, ...]
    location_id: UUID | None
    fee_minor: int
    fee_currency: str
    biography: str


@dataclass(frozen=True, slots=True)
class Clinic:
    """What the checks know about the clinic: its name, its own phone number, and the date."""

    name: str
    phone: str
    today: date


def check_patient(new: NewPatient, clinic: Clinic) -> CheckedPatient:
    """Return a patient's registration in its written form; raises Invalid with every problem."""
    fields = Fields()
    checked = CheckedPatient(
        name=fields.name(new.name),
        email=fields.email(new.email),
        phone=fields.phone(new.phone, region_of(clinic.phone)),
        address=fields.text(
            "address", new.address, longest=300, needed=N_("Please enter your address.")
        ),
        birth_date=fields.birth_date(new.birth_date, clinic.today),
        password=composed(new.password),
    )
    _check_password(fields, new.password, checked.name, checked.email, clinic)
    fields.raise_if_any()
    return checked


def check_contact(*, name: str, phone: str, address: str, clinic: Clinic) -> tuple[str, str, str]:
    """Return a patient's contact data in its written form; raises Invalid with every problem."""
    fields = Fields()
    checked = (
        fields.name(name),
        fields.phone(phone, region_of(clinic.phone)),
        fields.text("address", address, longest=300, needed=N_("Please enter your address.")),
    )
    fields.raise_if_any()
    return checked


def check_record(new: NewPatientRecord, clinic: Clinic) -> CheckedRecord:
    """Return what the front desk writes down of a patient; a number or an address need not be known."""
    fields = Fields()
    checked = CheckedRecord(
        name=fields.name(new.name),
        email=fields.email(new.email) if new.email else "",
        phone=fields.phone(new.phone, region_of(clinic.phone)) if new.phone else "",
        address=fields.text("address", new.address, longest=300),
        birth_date=fields.birth_date(new.birth_date, clinic.today),
    )
    fields.raise_if_any()
    return checked


def check_dependant(new: NewDependant, clinic: Clinic) -> CheckedDependant:
    """Return whom somebody will book for; an adult is refused here, whatever the relation."""
    fields = Fields()
    name, born = fields.name(new.name), fields.birth_date(new.birth_date, clinic.today)
    relation = relation_of(new.relation)
    if "birth_date" not in fields.problems and not is_minor(born, clinic.today):
        fields.wrong(
            "birth_date",
            N_(
                "An adult decides for themselves and needs an account of their own. "
                "If somebody cannot, please ask us at the clinic."
            ),
        )
    if relation is None:
        fields.wrong("relation", N_("Please choose what they are to you."))
    fields.raise_if_any()
    return CheckedDependant(name, born, relation or Relation.OTHER)


def check_practitioner(
    new: NewPractitioner | PractitionerChange, clinic: Clinic
) -> tuple[CheckedPractitioner, str, str]:
    """Return a practitioner's claims, e-mail and password (both "" in a change of the profile)."""
    fields = Fields()
    checked = CheckedPractitioner(
        name=fields.name(new.name),
        phone=fields.phone(new.phone, region_of(clinic.phone)),
        specialty_ids=tuple(dict.fromkeys(new.specialty_ids)),
        qualifications=fields.text(
            "qualifications",
            new.qualifications,
            longest=500,
            needed=N_("Please enter your qualifications."),
        ),
        licence_number=fields.licence(new.licence_number),
        years_of_experience=new.years_of_experience,
        languages=fields.languages(new.languages),
        location_id=new.location_id,
        fee_minor=new.fee_minor,
        fee_currency=new.fee_currency.upper(),
        biography=fields.text("biography", new.biography, longest=4000),
    )
    if not 1 <= len(checked.specialty_ids) <= 5:
        fields.wrong("specialty_ids", N_("Please choose one to five specialties."))
    if not 0 <= new.years_of_experience <= 75:
        fields.wrong(
            "years_of_experience", N_("Please enter your years of experience, from 0 to 75.")
        )
    if not 0 <= new.fee_minor <= HIGHEST_FEE:
        fields.wrong("fee", N_("Please enter a fee of zero or more."))
    if checked.fee_currency not in EXPONENTS:
        fields.wrong("fee", N_("Please choose a currency."))
    email = password = ""
    if isinstance(new, NewPractitioner):
        email, password = fields.email(new.email), composed(new.password)
        _check_password(fields, new.password, checked.name, email, clinic)
    fields.raise_if_any()
    return checked, email, password


def check_new_password(
    password: str, *, name: str, email: str, clinic: Clinic, field: str = "password"
) -> str:
    """Return a chosen password in the form that is hashed; raises UnfitPassword naming ``field``."""
    fault = password_fault(password, (name, email, clinic.name))
    if fault:
        raise UnfitPassword(fault, field)
    return composed(password)


def _check_password(fields: Fields, password: str, name: str, email: str, clinic: Clinic) -> None:
    fault = password_fault(password, (name, email, clinic.name))
    if fault:
        fields.wrong("password", fault.sentence)


def slug_of(name: str) -> str:
    """Return the name as it stands in an address: "Dr Amina Rahman" is "amina-rahman"; may be ""."""
    plain = unicodedata.normalize("NFKD", _TITLES.sub("", name)).replace("ß", "ss")
    letters = "".join(c for c in plain.casefold() if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60]
