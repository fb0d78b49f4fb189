"""Locations, rooms, specialties, services and who offers them, and the clinic's policy."""

from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from medibook.kernel.db import Table, enum_column


class LateCancel(StrEnum):
    """What happens when a patient cancels or moves after the cut-off."""

    ASK_CLINIC = "ask-clinic"
    ALLOWED = "allowed"


class Specialty(Table, table=True):
    """What a practitioner is trained in, in plain words."""

    __tablename__ = "specialty"

    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=80, description="English; a msgid of the catalogue")
    synonyms: str = Field(
        default="", max_length=300, description="plain words, separated by commas: skin, rash"
    )


class Location(Table, table=True):
    """A place where people are seen; its zone is the one on its wall clock."""

    __tablename__ = "location"

    name: str = Field(max_length=80)
    address: str = Field(max_length=200)
    city: str = Field(max_length=80, index=True)
    postcode: str = Field(default="", max_length=12)
    country: str = Field(max_length=2, description="ISO 3166")
    zone: str = Field(max_length=40, description="IANA")
    phone: str = Field(default="", max_length=20)


class Room(Table, table=True):
    """A room at a location that a visit occupies."""

    __tablename__ = "room"

    location_id: UUID = Field(foreign_key="location.id", index=True)
    name: str = Field(max_length=60)


class Service(Table, table=True):
    """A visit type: how long it takes, and how much time is kept before and after it."""

    __tablename__ = "service"

    name: str = Field(max_length=80, description="English; a msgid of the catalogue")
    minutes: int
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    needs_room: bool = False


class ServiceOffer(SQLModel, table=True):
    """A practitioner offers a service, at a fee in minor units."""

    __tablename__ = "service_offer"

    practitioner_id: UUID = Field(foreign_key="practitioner.id", primary_key=True)
    service_id: UUID = Field(foreign_key="service.id", primary_key=True)
    fee_minor: int
    fee_currency: str = Field(max_length=3)
    position: int = Field(
        description="the order in which patients see them; the first is the usual one"
    )


class Policy(SQLModel, table=True):
    """The clinic's rules for booking, in a single row; shown to the patient before they book."""

    __tablename__ = "policy"

    id: int = Field(default=1, primary_key=True)
    minimum_notice_minutes: int = 120
    horizon_days: int = 60
    cancel_cutoff_hours: int = 24
    late_cancel: LateCancel = Field(
        default=LateCancel.ASK_CLINIC, sa_type=enum_column(LateCancel), nullable=False
    )
    daily_limit: int | None = None
    open_per_patient: int = 10
    request_lapses_hours: int = 72
    hold_minutes: int = 10
    grid_minutes: int = 10
