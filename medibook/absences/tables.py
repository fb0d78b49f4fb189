"""Plans for absences, the visits that they are about, and the other times that were offered."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from medibook.absences.schemas import AlternativeKind, CaseState, PlanState
from medibook.kernel.db import Table, enum_column, instant


class AbsencePlan(Table, table=True):
    """A practitioner is away for some time: half-open, UTC; ``zone`` is on whose wall it was said."""

    __tablename__ = "absence_plan"
    __table_args__ = (sa.CheckConstraint("starts_at < ends_at", name="forward"),)

    practitioner_id: UUID = Field(foreign_key="practitioner.id", index=True)
    starts_at: datetime = instant()
    ends_at: datetime = instant(index=True)
    zone: str = Field(max_length=40)
    time_off_id: UUID = Field(description="the absence that it wrote; may be gone by now")
    state: PlanState = Field(
        default=PlanState.RUNNING, sa_type=enum_column(PlanState), nullable=False
    )
    started_by: UUID = Field(foreign_key="user_account.id")
    started_at: datetime = instant()
    undone_at: datetime | None = instant(nullable=True)


class AbsenceCase(Table, table=True):
    """A visit that cannot be, and how far it has come with its patient."""

    __tablename__ = "absence_case"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "appointment_id"),
        sa.Index("ix_absence_case_state_lapses_at", "state", "lapses_at"),
        # Of two plans that are started at once, one has the visit.
        sa.Index(
            "uq_absence_case_open",
            "appointment_id",
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'call')"),
            postgresql_where=sa.text("state IN ('waiting', 'call')"),
        ),
    )

    plan_id: UUID = Field(foreign_key="absence_plan.id")
    appointment_id: UUID = Field(foreign_key="appointment.id", index=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    was_at: datetime = instant()
    state: CaseState = Field(sa_type=enum_column(CaseState), nullable=False)
    is_here: bool = Field(description="the patient had arrived when the plan was started")
    lapses_at: datetime | None = instant(nullable=True)
    cancelled_at: datetime | None = instant(nullable=True)
    reached_at: datetime | None = instant(nullable=True)
    reached_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    answered_at: datetime | None = instant(nullable=True)
    answered_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    by_phone: bool = False
    taken_id: UUID | None = Field(default=None, description="the alternative that was taken")
    visit_id: UUID = Field(
        foreign_key="appointment.id", description="the visit as it is now: itself, or booked anew"
    )


class AbsenceAlternative(Table, table=True):
    """Another time that was offered for a visit; kept by the hold of the same id, while that lasts."""

    __tablename__ = "absence_alternative"

    case_id: UUID = Field(foreign_key="absence_case.id", index=True)
    kind: AlternativeKind = Field(sa_type=enum_column(AlternativeKind), nullable=False)
    practitioner_id: UUID = Field(foreign_key="practitioner.id")
    service_id: UUID = Field(foreign_key="service.id")
    location_id: UUID = Field(foreign_key="location.id")
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    zone: str = Field(max_length=40)
    expires_at: datetime = instant()
