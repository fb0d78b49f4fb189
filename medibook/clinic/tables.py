"""Locations, rooms, specialties, services and who offers them, and the clinic's policy.

What people have used is never deleted: ``retired_at`` takes it out of every list to choose from.
``version`` rises with every change, so that two people at two screens do not undo each other.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from medibook.clinic.schemas import LateCancel, PoolKind, VisitKind
from medibook.kernel.db import Table, enum_column, instant


def _version() -> Any:  # noqa: ANN401 - as SQLModel's Field
    return Field(default=1, sa_column_kwargs={"server_default": "1"})


class Specialty(Table, table=True):
    """What a practitioner is trained in, in plain words."""

    __tablename__ = "specialty"

    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=80, description="English; a msgid of the catalogue")
    synonyms: str = Field(
        default="", max_length=300, description="plain words, separated by commas: skin, rash"
    )
    retired_at: datetime | None = instant(nullable=True)
    version: int = _version()


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
    region: str | None = Field(
        default=None,
        max_length=8,
        description="the part of the country whose public holidays it keeps: BY",
    )
    latitude: float | None = None
    longitude: float | None = None
    retired_at: datetime | None = instant(nullable=True)
    version: int = _version()


class Closure(Table, table=True):
    """Whole days on which a location is closed to everybody, from midnight to midnight on its wall."""

    __tablename__ = "closure"
    __table_args__ = (
        sa.CheckConstraint("first_day <= last_day", name="forward"),
        sa.Index("ix_closure_location_id_last_day", "location_id", "last_day"),
    )

    location_id: UUID = Field(foreign_key="location.id")
    first_day: date
    last_day: date
    name: str = Field(max_length=80, description="what patients may read: Christmas Day")


class RoomPool(Table, table=True):
    """Rooms, or pieces of equipment, that do for each other: a visit needs one of them."""

    __tablename__ = "room_pool"

    name: str = Field(max_length=60, unique=True)
    kind: PoolKind = Field(sa_type=enum_column(PoolKind), nullable=False)


class Room(Table, table=True):
    """A room, or a piece of equipment, at a location that a visit occupies."""

    __tablename__ = "room"

    location_id: UUID = Field(foreign_key="location.id", index=True)
    name: str = Field(max_length=60)
    pool_id: UUID | None = Field(
        default=None, foreign_key="room_pool.id", description="none: no visit takes it by itself"
    )
    retired_at: datetime | None = instant(nullable=True)


class RoomOutage(Table, table=True):
    """A time in which a room or a piece of equipment cannot be used."""

    __tablename__ = "room_outage"
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="forward"),
        sa.Index("ix_room_outage_room_id_ends_at", "room_id", "ends_at"),
    )

    room_id: UUID = Field(foreign_key="room.id")
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    reason: str = Field(default="", max_length=120)


class Service(Table, table=True):
    """A visit type: how long it takes, and how much time is kept before and after it."""

    __tablename__ = "service"

    name: str = Field(max_length=80, description="English; a msgid of the catalogue")
    minutes: int
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    pool_id: UUID | None = Field(
        default=None, foreign_key="room_pool.id", description="a visit needs one of this pool"
    )
    is_video: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    visit_kind: VisitKind = Field(
        default=VisitKind.ANY,
        sa_type=enum_column(VisitKind),
        nullable=False,
        sa_column_kwargs={"server_default": VisitKind.ANY.value},
    )
    retired_at: datetime | None = instant(nullable=True)
    version: int = _version()


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


class ServiceOfferLocation(SQLModel, table=True):
    """A practitioner offers a service only here; without any row, wherever they work."""

    __tablename__ = "service_offer_location"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["practitioner_id", "service_id"],
            ["service_offer.practitioner_id", "service_offer.service_id"],
            name="fk_service_offer_location_offer",
            ondelete="CASCADE",
        ),
    )

    practitioner_id: UUID = Field(primary_key=True)
    service_id: UUID = Field(primary_key=True)
    location_id: UUID = Field(foreign_key="location.id", primary_key=True)


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
    patient_daily_limit: int | None = None
    reminder_hours: str = Field(
        default="24,2",
        max_length=24,
        description="how long before a visit, in hours; empty: no reminders",
        sa_column_kwargs={"server_default": "24,2"},
    )
    change_grace_minutes: int = Field(default=10, sa_column_kwargs={"server_default": "10"})
    waitlist_batch: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    version: int = _version()


class ServicePolicy(SQLModel, table=True):
    """Where the rules for one visit type differ from the clinic's; what is null is as in the clinic.

    For the two limits, 0 says that there is none, whatever the clinic's own.
    """

    __tablename__ = "service_policy"

    service_id: UUID = Field(foreign_key="service.id", primary_key=True)
    minimum_notice_minutes: int | None = None
    horizon_days: int | None = None
    cancel_cutoff_hours: int | None = None
    late_cancel: LateCancel | None = Field(
        default=None, sa_type=enum_column(LateCancel), nullable=True
    )
    daily_limit: int | None = None
    patient_daily_limit: int | None = None
    open_per_patient: int | None = None
    request_lapses_hours: int | None = None
    hold_minutes: int | None = None
    grid_minutes: int | None = None
    reminder_hours: str | None = Field(default=None, max_length=24)
    change_grace_minutes: int | None = None
    waitlist_batch: int | None = None
