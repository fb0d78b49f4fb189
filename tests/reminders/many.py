"""Many visits at once, straight into the database: each of a patient without an account."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa

from medibook.kernel.db import metadata
from tests.support.clinic import LONDON
from tests.support.visits import OpenClinic

VISIT = metadata.tables["appointment"]
CHANGE = metadata.tables["appointment_change"]
PATIENT = metadata.tables["patient"]
PLAN = metadata.tables["reminder_plan"]
_LENGTH = timedelta(minutes=20)


def size(name: str, usual: int) -> int:
    """How many: a few in the gate, as many as was promised when somebody asks for it."""
    return int(os.environ.get(name, usual))


def add_visits(
    clinic: OpenClinic, starts: Sequence[datetime], *, booked_at: datetime
) -> list[UUID]:
    """Booked visits that begin at these instants, each of another patient with address and number."""
    service_id, practitioner_id = clinic.service("Dr Cho"), clinic.doctor("Dr Cho")
    visits, patients, changes, plans = [], [], [], []
    for number, start in enumerate(starts):
        patient_id, visit_id = uuid4(), uuid4()
        patients.append({
            "id": patient_id, "user_id": None, "name": f"Patient {number}", "address": "",
            "phone": f"+4477009{number:05}", "birth_date": date(1980, 1, 1), "locale": "en",
            "phone_proven_at": booked_at, "email": f"patient-{number}@example.org",
        })  # fmt: skip
        visits.append({
            "id": visit_id, "reference": f"{number:04X}-{number % 7:04}", "patient_id": patient_id,
            "practitioner_id": practitioner_id, "service_id": service_id, "location_id": LONDON,
            "status": "booked", "starts_at": start, "ends_at": start + _LENGTH,
            "wall_start": "2026-01-01T00:00", "zone": "Europe/London", "fee_minor": 4500,
            "fee_currency": "GBP", "cancel_until": start, "late_cancel_allowed": True,
            "booked_by": clinic.ada.user_id, "created_at": booked_at, "version": 1, "reason": "",
            "cancel_reason": "",
        })  # fmt: skip
        changes.append({
            "id": uuid4(), "appointment_id": visit_id, "version": 1, "at": booked_at,
            "by_role": "patient", "from_status": "", "to_status": "booked", "to_start": start,
            "to_end": start + _LENGTH, "reason": "",
        })  # fmt: skip
        plans.append({"appointment_id": visit_id, "since": booked_at, "look_at": booked_at})
    with clinic.medibook.engine.begin() as raw:
        for table, rows in ((PATIENT, patients), (VISIT, visits), (CHANGE, changes), (PLAN, plans)):
            raw.execute(sa.insert(table), rows)
    return [visit["id"] for visit in visits]
