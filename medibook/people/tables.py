"""Accounts, sessions, one-time links, patients, practitioners and their pictures."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from medibook.kernel.actor import Role
from medibook.kernel.db import Table, enum_column, instant
from medibook.people.schemas import ApprovalStatus, Relation


class AccountStatus(StrEnum):
    """Whether an account may sign in."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class TokenPurpose(StrEnum):
    """What a one-time link is good for."""

    VERIFY_EMAIL = "verify-email"
    RESET_PASSWORD = "reset-password"  # noqa: S105 - a purpose, not a password


class User(Table, table=True):
    """An account that signs in; one person may act through it for several patients."""

    __tablename__ = "user_account"

    email: str = Field(
        max_length=254, unique=True, description="NFKC, case-folded: one account per address"
    )
    email_verified_at: datetime | None = instant(nullable=True)
    password_hash: str = Field(max_length=200)
    role: Role = Field(sa_type=enum_column(Role), nullable=False, index=True)
    status: AccountStatus = Field(
        default=AccountStatus.ACTIVE, sa_type=enum_column(AccountStatus), nullable=False
    )
    suspended_reason: str = Field(default="", max_length=200)
    name: str = Field(max_length=120)
    locale: str = Field(default="en", max_length=8)
    created_at: datetime = instant()


class SignInSession(Table, table=True):
    """A signed-in browser; the token itself is only in that browser's cookie."""

    __tablename__ = "sign_in_session"

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = instant()
    last_seen_at: datetime = instant()
    expires_at: datetime = instant()
    device: str = Field(default="", max_length=120)


class OneTimeToken(Table, table=True):
    """A link that was sent to an address; good once, for one purpose, for a short time."""

    __tablename__ = "one_time_token"

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    purpose: TokenPurpose = Field(sa_type=enum_column(TokenPurpose), nullable=False)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)
    go_to: str = Field(
        default="", max_length=300, description="where its owner was heading (a path of ours)"
    )


class Patient(Table, table=True):
    """A person who is treated."""

    __tablename__ = "patient"

    user_id: UUID | None = Field(
        default=None,
        foreign_key="user_account.id",
        index=True,
        description="none: the clinic, or a guardian, has written them down",
    )
    name: str = Field(max_length=120, index=True)
    phone: str = Field(
        max_length=20, index=True, description="E.164; empty when only a guardian has one"
    )
    # None: somebody has only typed the number, and no SMS goes there.
    phone_proven_at: datetime | None = instant(nullable=True)
    address: str = Field(default="", max_length=300)
    birth_date: date
    picture_id: UUID | None = Field(default=None, foreign_key="picture.id")
    email: str = Field(
        default="",
        max_length=254,
        sa_column_kwargs={"server_default": sa.text("''")},
        description="where a patient without an account is written to; no proof, no sign-in",
    )
    locale: str = Field(
        default="en",
        max_length=8,
        sa_column_kwargs={"server_default": "en"},
        description="in which language a patient without an account is written to",
    )


class PatientKey(SQLModel, table=True):
    """A word that a patient is found by: of the folded name, or the phone number from one end."""

    __tablename__ = "patient_key"

    patient_id: UUID = Field(foreign_key="patient.id", primary_key=True, ondelete="CASCADE")
    # In the order of its bytes: only so does the index serve "begins with" in any language.
    key: str = Field(
        primary_key=True,
        index=True,
        sa_type=sa.String(130).with_variant(sa.String(130, collation="C"), "postgresql"),
    )


class Guardianship(Table, table=True):
    """That somebody with an account may act for a patient: what they may, and until when.

    It lives until it is revoked or its last day has come; whoever asks looks at the day, no job does.
    """

    __tablename__ = "guardianship"
    __table_args__ = (
        sa.Index(
            "uq_guardianship_living",
            "user_id",
            "patient_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )

    user_id: UUID = Field(foreign_key="user_account.id")
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    relation: Relation = Field(sa_type=enum_column(Relation), nullable=False)
    may_book: bool = True
    may_see_records: bool = True
    granted_at: datetime = instant()
    granted_by: UUID = Field(foreign_key="user_account.id")
    reason: str = Field(default="", max_length=200, description="why the clinic has granted it")
    expires_on: date | None = Field(
        default=None, description="from this day on it is over: the patient has come of age"
    )
    revoked_at: datetime | None = instant(nullable=True)
    revoked_by: UUID | None = Field(default=None, foreign_key="user_account.id")


class Practitioner(Table, table=True):
    """A person who treats; what they claim about themselves, and what an admin made of it."""

    __tablename__ = "practitioner"

    user_id: UUID = Field(foreign_key="user_account.id", unique=True)
    slug: str = Field(max_length=80, unique=True, description="in addresses: amina-rahman")
    name: str = Field(max_length=120, index=True, description="with title: Dr Amina Rahman")
    phone: str = Field(max_length=20, description="E.164")
    qualifications: str = Field(default="", max_length=500)
    licence_number: str = Field(max_length=60)
    years_of_experience: int = Field(default=0)
    languages: str = Field(
        default="en", max_length=60, description="BCP 47 codes, separated by commas"
    )
    biography: str = Field(default="", max_length=4000)
    fee_minor: int = Field(default=0, description="the fee that was claimed, in minor units")
    fee_currency: str = Field(default="EUR", max_length=3)
    location_id: UUID | None = Field(
        default=None, foreign_key="location.id", description="where they say they work"
    )
    status: ApprovalStatus = Field(
        default=ApprovalStatus.PENDING,
        sa_type=enum_column(ApprovalStatus),
        nullable=False,
        index=True,
    )
    decision_reason: str = Field(default="", max_length=500)
    decided_at: datetime | None = instant(nullable=True)
    decided_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    applied_at: datetime = instant()
    picture_id: UUID | None = Field(default=None, foreign_key="picture.id")
    version: int = 1


class PractitionerSpecialty(SQLModel, table=True):
    """A specialty that a practitioner has."""

    __tablename__ = "practitioner_specialty"

    practitioner_id: UUID = Field(foreign_key="practitioner.id", primary_key=True)
    specialty_id: UUID = Field(foreign_key="specialty.id", primary_key=True, index=True)


class Picture(Table, table=True):
    """A portrait, re-encoded by us without the camera's metadata; small enough for a row."""

    __tablename__ = "picture"

    owner_id: UUID = Field(foreign_key="user_account.id", index=True)
    media_type: str = Field(max_length=20)
    content: bytes = Field(sa_type=sa.LargeBinary)
    sha256: str = Field(max_length=64)
    created_at: datetime = instant()
