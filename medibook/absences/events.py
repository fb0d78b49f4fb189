"""What happens while a practitioner is away."""

from dataclasses import dataclass
from uuid import UUID

from medibook.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class AbsenceFact(Fact):
    """Something happened to the plan for an absence."""

    plan_id: UUID
    practitioner_id: UUID


@dataclass(frozen=True, slots=True)
class AbsenceStarted(AbsenceFact):
    """Somebody is away; their patients are offered other times."""


@dataclass(frozen=True, slots=True)
class AbsenceUndone(AbsenceFact):
    """The plan was taken back before anybody had answered: every visit stays."""


@dataclass(frozen=True, slots=True)
class CaseFact(AbsenceFact):
    """Something happened to one patient's visit in the plan."""

    case_id: UUID
    patient_id: UUID


@dataclass(frozen=True, slots=True)
class CaseAnswered(CaseFact):
    """The patient has taken one of the other times, or wants none of them."""


@dataclass(frozen=True, slots=True)
class CaseChanged(CaseFact):
    """The other times have run out, the visit was changed elsewhere, or somebody was reached."""
