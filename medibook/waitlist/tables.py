"""Who waits for what, the freed times, whom they were offered to, and who was passed over and why."""

from datetime import date, datetime, time
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from medibook.kernel.db import Table, enum_column, instant
from medibook.waitlist.schemas import Cause, EntryState, OfferState, PassReason, RoundState, Step


class WaitlistEntry(Table, table=True):
    """Somebody waits for a visit type, or for any of a specialty; days and hours are on the wall."""

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        sa.CheckConstraint("(service_id IS NULL) <> (specialty_id IS NULL)", name="one_wish"),
        # What every freed time asks: who waits for such a visit.
        sa.Index("ix_waitlist_entry_state_service_id", "state", "service_id"),
        sa.Index("ix_waitlist_entry_state_specialty_id", "state", "specialty_id"),
    )

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    service_id: UUID | None = Field(default=None, foreign_key="service.id")
    specialty_id: UUID | None = Field(default=None, foreign_key="specialty.id")
    any_practitioner: bool = Field(description="or only those of its waitlist_practitioner rows")
    city: str = Field(default="", max_length=80, description="only there; empty: anywhere")
    weekdays: str = Field(default="", max_length=7, description="0 is Monday: '024'; empty: any")
    not_before: time | None = None
    not_after: time | None = Field(default=None, description="the visit is over by then")
    first_day: date
    last_day: date = Field(description="inclusive")
    replaces_id: UUID | None = Field(
        default=None,
        foreign_key="appointment.id",
        description="a later visit, kept until an offer is accepted",
    )
    priority: int = Field(default=0, description="higher goes first")
    priority_reason: str = Field(default="", max_length=200)
    since: datetime = instant()
    state: EntryState = Field(
        default=EntryState.WAITING, sa_type=enum_column(EntryState), nullable=False
    )
    closed_at: datetime | None = instant(nullable=True)
    appointment_id: UUID | None = Field(
        default=None, foreign_key="appointment.id", description="what the waiting has come to"
    )
    created_by: UUID = Field(foreign_key="user_account.id")
    version: int = 1


class WaitlistPractitioner(SQLModel, table=True):
    """A practitioner with whom somebody waits for a visit."""

    __tablename__ = "waitlist_practitioner"

    entry_id: UUID = Field(foreign_key="waitlist_entry.id", primary_key=True)
    practitioner_id: UUID = Field(foreign_key="practitioner.id", primary_key=True, index=True)


class WaitlistChange(Table, table=True):
    """A row of an entry's history: who has done what to it when, and why; never changed or removed."""

    __tablename__ = "waitlist_change"

    entry_id: UUID = Field(foreign_key="waitlist_entry.id", index=True)
    version: int
    at: datetime = instant()
    step: Step = Field(sa_type=enum_column(Step), nullable=False)
    priority: int
    reason: str = Field(default="", max_length=200)
    by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    by_role: str = Field(max_length=16)


class WaitlistRound(Table, table=True):
    """A freed time and how it goes on: whom it is offered to, one after the other."""

    __tablename__ = "waitlist_round"
    __table_args__ = (
        sa.Index("ix_waitlist_round_practitioner_id_starts_at", "practitioner_id", "starts_at"),
        sa.Index("ix_waitlist_round_state_next_at", "state", "next_at"),
        sa.Index("ix_waitlist_round_freed_at", "freed_at"),
    )

    practitioner_id: UUID = Field(foreign_key="practitioner.id")
    location_id: UUID = Field(foreign_key="location.id")
    zone: str = Field(max_length=40)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    cause: Cause = Field(sa_type=enum_column(Cause), nullable=False)
    freed_at: datetime = instant()
    state: RoundState = Field(
        default=RoundState.OPEN, sa_type=enum_column(RoundState), nullable=False
    )
    next_at: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)


_OPEN = sa.text("state = 'open'")
_KEEPS = sa.text("state = 'open' AND keeps")


class WaitlistOffer(Table, table=True):
    """A freed time is kept for one person until they answer or it expires; or for some who are asked at once.

    The database itself lets one that keeps the time be open for a freed time, and one for a wish.
    """

    __tablename__ = "waitlist_offer"
    __table_args__ = (
        sa.Index(
            "uq_waitlist_offer_open_round",
            "round_id",
            unique=True,
            sqlite_where=_KEEPS,
            postgresql_where=_KEEPS,
        ),
        sa.Index(
            "uq_waitlist_offer_open_entry",
            "entry_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        sa.Index("ix_waitlist_offer_entry_id_offered_at", "entry_id", "offered_at"),
        sa.Index("ix_waitlist_offer_practitioner_id_starts_at", "practitioner_id", "starts_at"),
    )

    round_id: UUID = Field(foreign_key="waitlist_round.id", index=True)
    entry_id: UUID = Field(foreign_key="waitlist_entry.id")
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    practitioner_id: UUID = Field(foreign_key="practitioner.id")
    service_id: UUID = Field(foreign_key="service.id")
    location_id: UUID = Field(foreign_key="location.id")
    zone: str = Field(max_length=40)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    # No foreign key: the row of a hold is forgotten a day after it ended.
    hold_id: UUID
    keeps: bool = Field(
        default=True,
        sa_column_kwargs={"server_default": sa.true()},
        description="the hold is in its name; of some who are asked at once, for all of them",
    )
    asked_with: int = Field(
        default=1,
        sa_column_kwargs={"server_default": "1"},
        description="how many were asked at once, themselves included",
    )
    priority: int = Field(description="of the entry, when it was its turn")
    offered_at: datetime = instant()
    expires_at: datetime = instant()
    state: OfferState = Field(sa_type=enum_column(OfferState), nullable=False)
    closed_at: datetime | None = instant(nullable=True)
    closed_because: str = Field(default="", max_length=200)
    override_reason: str = Field(
        default="", max_length=200, description="why the front desk gave it out of turn"
    )
    appointment_id: UUID | None = Field(default=None, foreign_key="appointment.id")


class WaitlistPass(Table, table=True):
    """Somebody who ranks before whom a freed time was offered to was passed over, for this reason."""

    __tablename__ = "waitlist_pass"
    __table_args__ = (sa.UniqueConstraint("round_id", "entry_id"),)

    round_id: UUID = Field(foreign_key="waitlist_round.id")
    entry_id: UUID = Field(foreign_key="waitlist_entry.id", index=True)
    at: datetime = instant()
    reason: PassReason = Field(sa_type=enum_column(PassReason), nullable=False)
    priority: int = Field(description="of the entry, when it was its turn")
