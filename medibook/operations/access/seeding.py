"""From a clinic as plain values to rows, in a few large inserts; the database's own guards stay on."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from medibook.appointments.tables import Appointment
from medibook.clinic.schemas import LateCancel
from medibook.clinic.tables import (
    Location,
    Policy,
    Room,
    RoomPool,
    Service,
    ServiceOffer,
    Specialty,
)
from medibook.kernel.db import table_of
from medibook.operations.access.bulk import Row, insert
from medibook.operations.access.seeded_visits import write_visits
from medibook.operations.rules.chance import named_id
from medibook.operations.rules.seeds import (
    ROOMS,
    AccountSeed,
    ClinicSeed,
    PatientSeed,
    PractitionerSeed,
)
from medibook.people.rules.naming import search_keys
from medibook.people.tables import (
    AccountStatus,
    Patient,
    PatientKey,
    Practitioner,
    PractitionerSpecialty,
    User,
)
from medibook.scheduling.tables import (
    AvailableTime,
    PractitionerSchedule,
    TimeOff,
)

# The first of each role is the oldest: the one that a visitor signs in as.
_APART = timedelta(seconds=1)


def write(
    session: Session, clinic: ClinicSeed, *, password_hash: str, decided_by: UUID | None = None
) -> None:
    """Insert the whole clinic, in an order that satisfies every foreign key."""
    insert(session, Policy, [_policy(clinic)])
    insert(session, Specialty, (asdict(s) for s in clinic.specialties))
    insert(session, RoomPool, [asdict(ROOMS)])
    insert(session, Location, (_location(place) for place in clinic.places))
    insert(
        session,
        Room,
        (
            {"id": room_id, "name": name, "location_id": place.id, "pool_id": ROOMS.id}
            for place in clinic.places
            for room_id, name in place.rooms
        ),
    )
    insert(session, Service, (asdict(s) for s in clinic.services))
    people = [
        *clinic.accounts,
        *(p.account for p in clinic.practitioners),
        *(p.account for p in clinic.patients),
    ]
    insert(
        session,
        User,
        (_account(a, clinic.opened_at + n * _APART, password_hash) for n, a in enumerate(people)),
    )
    insert(session, Patient, (_patient(p, clinic.opened_at) for p in clinic.patients))
    insert(session, PatientKey, (key for p in clinic.patients for key in _keys(p)))
    _practitioners(session, clinic.practitioners, clinic.opened_at, decided_by)
    write_visits(session, clinic.visits)


def is_there(session: Session, account_id: UUID) -> bool:
    """Tell whether this seeded account exists."""
    return (
        session.execute(
            sa.select(table_of(User).c.id).where(table_of(User).c.id == account_id)
        ).first()
        is not None
    )


def has_addresses_at(session: Session, domain: str) -> bool:
    """Tell whether any account has an address at this domain."""
    email = table_of(User).c.email
    found = sa.select(email).where(email.endswith(f"@{domain}", autoescape=True)).limit(1)
    return session.execute(found).first() is not None


def is_empty(session: Session) -> bool:
    """Tell whether nobody has an account yet."""
    return session.execute(sa.select(table_of(User).c.id).limit(1)).first() is None


def counts(session: Session) -> tuple[int, int, int]:
    """How many practitioners, patients and visits there are."""
    found = [
        session.execute(sa.select(sa.func.count()).select_from(table_of(table))).scalar_one()
        for table in (Practitioner, Patient, Appointment)
    ]
    return found[0], found[1], found[2]


def _policy(clinic: ClinicSeed) -> Row:
    usual = {"id": 1, "daily_limit": None, "request_lapses_hours": 72, "hold_minutes": 10}
    chosen = asdict(clinic.policy)
    return {**usual, **chosen, "late_cancel": LateCancel(chosen["late_cancel"])}


def _location(place: Any) -> Row:  # noqa: ANN401 - any seed; its fields are the columns
    return {
        name: value for name, value in asdict(place).items() if name not in {"rooms", "currency"}
    }


def _account(account: AccountSeed, at: datetime, password_hash: str) -> Row:
    return {
        **asdict(account),
        "email_verified_at": at,
        "password_hash": password_hash,
        "status": AccountStatus.ACTIVE,
        "suspended_reason": "",
        "created_at": at,
    }


def _patient(p: PatientSeed, at: datetime) -> Row:
    return {
        "id": p.id,
        "user_id": p.account.id,
        "name": p.account.name,
        "phone": p.phone,
        "phone_proven_at": at,
        "address": p.address,
        "birth_date": p.birth_date,
        "picture_id": None,
        "email": "",
        "locale": p.account.locale,
    }


def _keys(p: PatientSeed) -> Iterator[Row]:
    """What the front desk finds a patient by."""
    for key in search_keys(p.account.name, p.phone):
        yield {"patient_id": p.id, "key": key}


def _practitioners(
    session: Session,
    everybody: tuple[PractitionerSeed, ...],
    at: datetime,
    decided_by: UUID | None,
) -> None:
    insert(session, Practitioner, (_practitioner(p, at, decided_by) for p in everybody))
    for table, rows_of in (
        (PractitionerSpecialty, _specialties),
        (PractitionerSchedule, _schedule),
        (ServiceOffer, _offers),
        (AvailableTime, _hours),
        (TimeOff, _time_off),
    ):
        insert(session, table, (row for p in everybody for row in rows_of(p)))


def _specialties(p: PractitionerSeed) -> list[Row]:
    return [{"practitioner_id": p.id, "specialty_id": s.id} for s in p.specialties]


def _schedule(p: PractitionerSeed) -> list[Row]:
    row = {"practitioner_id": p.id, "booking_mode": p.booking_mode, "version": 1}
    return [row] if p.hours else []


def _offers(p: PractitionerSeed) -> list[Row]:
    currency = p.place.currency
    return [
        {
            "practitioner_id": p.id,
            "service_id": s.id,
            "fee_minor": fee,
            "fee_currency": currency,
            "position": position,
        }
        for position, (s, fee) in enumerate(p.offers, start=1)
    ]


def _hours(p: PractitionerSeed) -> list[Row]:
    return [
        {"id": named_id("hours", p.slug, number), "practitioner_id": p.id, **asdict(hours)}
        for number, hours in enumerate(p.hours)
    ]


def _time_off(p: PractitionerSeed) -> list[Row]:
    return [
        {
            "id": off.id,
            "practitioner_id": p.id,
            "kind": off.kind,
            "starts_at": off.time.start,
            "ends_at": off.time.end,
            "reason": off.reason,
        }
        for off in p.time_off
    ]


def _practitioner(p: PractitionerSeed, at: datetime, decided_by: UUID | None) -> Row:
    decided = p.status.value == "approved"
    fee = p.offers[0][1] if p.offers else 0
    return {
        "id": p.id,
        "user_id": p.account.id,
        "slug": p.slug,
        "name": p.name,
        "phone": p.phone,
        "qualifications": p.qualifications,
        "licence_number": p.licence_number,
        "years_of_experience": p.years_of_experience,
        "languages": p.languages,
        "biography": p.biography,
        "fee_minor": fee or 5000,
        "fee_currency": p.place.currency,
        "location_id": p.place.id,
        "status": p.status,
        "decision_reason": "",
        "decided_at": at if decided else None,
        "decided_by": decided_by if decided else None,
        "applied_at": p.applied_at or at,
        "picture_id": None,
        "version": 1,
    }
