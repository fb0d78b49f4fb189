"""The clinic when Dr Cho is ill: Dr Diaz does skin checks too, and can stand in."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from medibook.absences import service as absences
from medibook.absences.jobs import see_to_absences
from medibook.absences.schemas import Board, CaseCard, NewAbsence
from medibook.clinic import service as clinic_service
from medibook.notifications.jobs import deliver_messages
from medibook.operations.service.check import check_invariants
from medibook.wiring import IN_TRANSACTION, STILL_TRUE
from tests.support.clinic import DERMATOLOGY
from tests.support.visits import OpenClinic

WEDNESDAY, THURSDAY = "2026-04-01", "2026-04-02"


def wired(clinic: OpenClinic) -> OpenClinic:
    """All that follows in the house follows here, and Dr Diaz offers what Dr Cho does."""
    clinic.medibook.in_transaction = IN_TRANSACTION
    clinic.perform(
        clinic.diaz,
        clinic_service.offer_service,
        service_id=clinic.service("Dr Cho"),
        fee_minor=5000,
        fee_currency="GBP",
    )
    share_a_specialty(clinic)
    return clinic


def share_a_specialty(clinic: OpenClinic) -> None:
    """Dr Diaz is a dermatologist as well, straight in the database."""
    table = sa.table(
        "practitioner_specialty",
        sa.column("practitioner_id", sa.Uuid),
        sa.column("specialty_id", sa.Uuid),
    )
    row = {"practitioner_id": clinic.diaz.practitioner_id, "specialty_id": DERMATOLOGY}
    with clinic.medibook.engine.begin() as connection:
        connection.execute(sa.insert(table), row)


def absence(clinic: OpenClinic, day: str = WEDNESDAY, until: str = "", **other: Any) -> NewAbsence:
    """Dr Cho is away, whole days unless ``starts`` and ``ends`` say otherwise."""
    return NewAbsence(
        practitioner_id=clinic.doctor(other.pop("who", "Dr Cho")),
        first_day=date.fromisoformat(day),
        last_day=date.fromisoformat(until or day),
        **other,
    )


def start(
    clinic: OpenClinic, day: str = WEDNESDAY, until: str = "", *, by: str = "Gus", **other: Any
) -> Board:
    """Start the plan; returns its board."""
    plan_id = clinic.perform(
        clinic.who(by), absences.start_absence, new=absence(clinic, day, until, **other)
    )
    return board(clinic, plan_id)


def board(clinic: OpenClinic, plan_id: Any) -> Board:
    return clinic.perform(clinic.gus, absences.absence_board, plan_id=plan_id)


def case_of(clinic: OpenClinic, found: Board, name: str) -> CaseCard:
    (card,) = [line.case for line in found.lines if line.case.patient_name == name]
    return card


def take(clinic: OpenClinic, card: CaseCard, place: int = 0, *, who: str = "Ada") -> CaseCard:
    return clinic.perform(
        clinic.who(who),
        absences.take_alternative,
        case_id=card.case_id,
        alternative_id=card.alternatives[place].alternative_id,
    )


def decline(clinic: OpenClinic, card: CaseCard, *, who: str = "Ada") -> CaseCard:
    return clinic.perform(clinic.who(who), absences.decline_alternatives, case_id=card.case_id)


def undo(clinic: OpenClinic, found: Board, *, who: str = "Gus") -> None:
    clinic.perform(clinic.who(who), absences.undo_absence, plan_id=found.plan_id)


def post(clinic: OpenClinic) -> None:
    """Carry out what is due: effects, then the post, as the scheduler does."""
    clinic.work_off()
    deliver_messages(clinic.medibook, STILL_TRUE)


def heard(clinic: OpenClinic, address: str = "ada@example.org") -> set[str]:
    """The kinds of messages that have really gone to an address."""
    return {m.kind for m in clinic.mail_to(address) if m.state == "accepted"}


def beat(clinic: OpenClinic) -> int:
    """The heartbeat of absences."""
    return see_to_absences(clinic.medibook)


def all_is_well(clinic: OpenClinic) -> Any:
    """Every invariant that exists, asked of the database itself."""
    with Session(clinic.medibook.engine) as session:
        found = check_invariants(session, clinic.clock.now())
    return found == () or found
