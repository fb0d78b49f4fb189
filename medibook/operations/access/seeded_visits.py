"""Seeded visits as rows: the visit, its history, its key, its time, and the facts that it was."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlmodel import Session

from medibook.appointments.schemas import AppointmentStatus
from medibook.appointments.tables import Appointment, AppointmentChange, BookingKey
from medibook.kernel.outbox import OutboxEvent, payload_of
from medibook.operations.access.bulk import Row, insert
from medibook.operations.rules.chance import named_id
from medibook.operations.rules.histories import facts_of
from medibook.operations.rules.seeds import VisitSeed
from medibook.reminders.tables import ReminderPlan
from medibook.scheduling.tables import BusyTime, ResourceKind, SourceKind


def write_visits(session: Session, visits: Iterable[VisitSeed]) -> None:
    every = tuple(visits)
    insert(session, Appointment, map(_appointment, every))
    insert(session, AppointmentChange, (row for visit in every for row in _changes(visit)))
    insert(
        session,
        BookingKey,
        (
            {
                "id": named_id("booking key", v.id),
                "user_id": v.patient.account.id,
                "key": f"seed-{v.reference}",
                "appointment_id": v.id,
            }
            for v in every
        ),
    )
    insert(session, BusyTime, (row for visit in every if visit.is_active for row in _busy(visit)))
    booked = (v for v in every if v.status is AppointmentStatus.BOOKED)
    written_at = max((step.at for v in every for step in v.steps), default=None)
    insert(session, ReminderPlan, (_plan(v, written_at) for v in booked if written_at))
    insert(session, OutboxEvent, (row for visit in every for row in _facts(visit)))


def _appointment(v: VisitSeed) -> Row:
    last = v.steps[-1]
    cancelled = v.status is AppointmentStatus.CANCELLED
    zone = v.practitioner.place.zone
    return {
        "id": v.id,
        "reference": v.reference,
        "patient_id": v.patient.id,
        "practitioner_id": v.practitioner.id,
        "service_id": v.service.id,
        "location_id": v.practitioner.place.id,
        "room_id": v.room_id,
        "status": v.status,
        "starts_at": v.time.start,
        "ends_at": v.time.end,
        "wall_start": v.wall_start,
        "zone": zone,
        "reason": v.reason,
        "fee_minor": v.fee_minor,
        "fee_currency": v.practitioner.place.currency,
        "cancel_until": v.time.start - timedelta(hours=24),
        "late_cancel_allowed": False,
        "booked_by": v.patient.account.id,
        "override_by": None,
        "lapses_at": v.lapses_at,
        "cancelled_by_patient": v.cancelled_by_patient,
        "cancel_reason": last.reason if cancelled else "",
        "created_at": v.steps[0].at,
        "version": len(v.steps),
    }


def _changes(v: VisitSeed) -> Iterator[Row]:
    start = v.steps[0].from_start or v.time.start
    for version, step in enumerate(v.steps, start=1):
        later = next((s.from_start for s in v.steps[version:] if s.from_start), v.time.start)
        yield {
            "id": named_id("change", v.id, version),
            "appointment_id": v.id,
            "version": version,
            "at": step.at,
            "by_user_id": step.by_user_id,
            "by_role": step.by_role,
            "from_status": step.from_status.value if step.from_status else "",
            "to_status": step.to_status.value,
            "from_start": start if version > 1 else None,
            "to_start": later,
            "reason": step.reason,
        }
        start = later


def _plan(v: VisitSeed, at: datetime) -> Row:
    """Planned at the last of all that has happened: what was due before has been sent before."""
    return {"appointment_id": v.id, "since": at, "look_at": at, "told_hours": None}


def _busy(v: VisitSeed) -> Iterator[Row]:
    before = timedelta(minutes=v.service.buffer_before_minutes)
    after = timedelta(minutes=v.service.buffer_after_minutes)
    resources = (
        (ResourceKind.PRACTITIONER, v.practitioner.id),
        (ResourceKind.PATIENT, v.patient.id),
        (ResourceKind.ROOM, v.room_id),
    )
    for kind, resource in resources:
        if resource is None:
            continue
        is_patient = kind is ResourceKind.PATIENT
        yield {
            "id": named_id("busy", v.id, kind.value),
            "resource_kind": kind,
            "resource_id": resource,
            "starts_at": v.time.start - before * (not is_patient),
            "ends_at": v.time.end + after * (not is_patient),
            "source_kind": SourceKind.APPOINTMENT,
            "source_id": v.id,
            "overbooked_by": None,
        }


def _facts(v: VisitSeed) -> Iterator[Row]:
    """The outbox as it would stand: every fact was acted on when it happened."""
    for step, fact in zip(v.steps, facts_of(v), strict=True):
        yield {
            "id": named_id("fact", v.id, fact.version),
            "kind": type(fact).__name__,
            "payload": payload_of(fact),
            "created_at": step.at,
            "due_at": step.at,
            "attempts": 1,
            "done_at": step.at,
            "problem": "",
        }
