"""The shapes that enter and leave the people room."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class ApprovalStatus(StrEnum):
    """What an admin made of a practitioner's claims."""

    UNVERIFIED = "unverified"
    PENDING = "pending"
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"


# Spaces at the ends of a password are part of it, whatever the other fields do.
Password = Annotated[str, StringConstraints(strip_whitespace=False, max_length=1000)]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class NewPatient(_Shape):
    """What a patient types to get an account; checked by ``rules``, field by field."""

    name: str
    email: str
    phone: str
    address: str
    birth_date: str = Field(description="ISO: 1984-05-17")
    password: Password = Field(repr=False)
    go_to: str = ""
    locale: str = "en"


class NewPractitioner(_Shape):
    """What a practitioner types to apply."""

    name: str
    email: str
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
    password: Password = Field(repr=False)
    locale: str = "en"


class CheckedPassword(_Shape):
    """Somebody has just shown the right password; sealed by us, and good for a minute."""

    user_id: UUID
    checked_at: datetime
    seal: str = Field(repr=False)


class SignedIn(_Shape):
    """A fresh session: the token for the cookie, and where to go."""

    token: str = Field(repr=False)
    session_id: UUID
    role: str
    approved: bool = False
    locale: str = "en"
    go_to: str = ""
    known_browser: str = Field(default="", repr=False)


class Person(_Shape):
    """Whom a message is for, and in which language."""

    user_id: UUID
    name: str
    email: str
    locale: str
    role: str


class PractitionerChange(_Shape):
    """What a practitioner changes about themselves."""

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


class PictureFile(_Shape):
    """A portrait as it is sent to a browser."""

    media_type: str
    content: bytes = Field(repr=False)
    is_public: bool


class PatientProfile(_Shape):
    """A patient's own contact data."""

    patient_id: UUID
    name: str
    email: str
    phone: str
    address: str
    birth_date: date
    picture_id: UUID | None = None


class PatientContact(_Shape):
    """What the clinic sees of a patient in a list: no more than it takes to greet and to call.

    ``user_id`` is the patient's own account, if they have one. Number and address may be those of
    ``reached_through``, a guardian, when the patient has none. ``texts_to`` is a number that an SMS may
    go to; one that somebody has only typed is none, though the clinic may call it.
    """

    patient_id: UUID
    user_id: UUID | None
    name: str
    phone: str
    email: str
    birth_date: date
    locale: str = "en"
    reached_through: str = ""
    texts_to: str = ""


class Relation(StrEnum):
    """What a patient is to the person who acts for them."""

    CHILD = "child"
    GRANDCHILD = "grandchild"
    LEGAL_CARE = "legal-care"
    FOSTER_CHILD = "foster-child"
    OTHER = "other"


class NewPatientRecord(_Shape):
    """What the front desk types of somebody who has no account; phone and e-mail may be empty."""

    name: str
    birth_date: str = Field(description="ISO: 1984-05-17")
    phone: str = ""
    email: str = ""
    address: str = ""


class PatientHit(_Shape):
    """A patient that was looked for; the date of birth, so that two of one name are not mixed up."""

    patient_id: UUID
    name: str
    birth_date: date
    phone: str
    has_account: bool


class NewDependant(_Shape):
    """A minor whom somebody with an account will book for."""

    name: str
    birth_date: str = Field(description="ISO: 2018-03-02")
    relation: str


class NewGuardian(_Shape):
    """What the front desk types to let somebody with an account act for a patient."""

    patient_id: UUID
    email: str
    relation: str
    reason: str
    may_book: bool = True
    may_see_records: bool = True


class PersonCard(_Shape):
    """Somebody one books for: oneself, or a patient one is a guardian of until ``expires_on``."""

    patient_id: UUID
    name: str
    birth_date: date
    is_self: bool = False
    relation: Relation | None = None
    expires_on: date | None = Field(default=None, description="from this day on it is over")
    may_book: bool = True
    may_see_records: bool = True


class GuardianCard(_Shape):
    """Who acts for a patient, as the front desk sees it."""

    guardianship_id: UUID
    user_id: UUID
    name: str
    email: str
    relation: Relation
    granted_at: datetime
    expires_on: date | None
    may_book: bool
    may_see_records: bool
    reason: str


@dataclass(frozen=True, slots=True)
class NamePlate:
    """What a list says of a practitioner: the name, where their page is, whether they can be booked."""

    practitioner_id: UUID
    name: str
    slug: str
    is_bookable: bool


class PractitionerProfile(_Shape):
    """A practitioner as they present themselves, and as an admin judges them."""

    practitioner_id: UUID
    user_id: UUID
    slug: str
    name: str
    email: str
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
    status: ApprovalStatus
    decision_reason: str
    applied_at: datetime
    picture_id: UUID | None = None
    version: int = 1


class AccountRow(_Shape):
    """A line of the admin's list of accounts."""

    user_id: UUID
    name: str
    email: str
    role: str
    status: str
    is_verified: bool
    last_seen_at: datetime | None
    created_at: datetime


class AccountPage(_Shape):
    """A page of the admin's list of accounts."""

    rows: tuple[AccountRow, ...]
    page: int
    pages: int
    total: int


class SessionRow(_Shape):
    """A browser in which somebody is signed in."""

    session_id: UUID
    device: str
    created_at: datetime
    last_seen_at: datetime
    is_this_one: bool
