"""I13, I16, I17 and the guards themselves: what must hold whatever the clinic did."""

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from medibook.appointments.rules import ACTIVE
from medibook.appointments.tables import Appointment
from medibook.clinic.tables import ServiceOffer
from medibook.kernel.actor import Role
from medibook.kernel.db import metadata, table_of
from medibook.kernel.money import EXPONENTS
from medibook.people.schemas import ApprovalStatus
from medibook.people.tables import AccountStatus, Practitioner, User

_USER = table_of(User)
_VISIT = table_of(Appointment)
_PRACTITIONER = table_of(Practitioner)
_PRICED = (_VISIT, table_of(ServiceOffer), _PRACTITIONER)
_SQLITE_GUARDS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
_POSTGRESQL_GUARDS = (
    "SELECT conname FROM pg_constraint WHERE conrelid = 'busy_time'::regclass AND contype = 'x' "
    "UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
)
_WANTED = {
    "sqlite": (
        "busy_time_no_overlap_insert",
        "busy_time_no_overlap_update",
        "audit_event_keeps_update",
        "audit_event_keeps_delete",
        "appointment_change_keeps_update",
        "appointment_change_keeps_delete",
        "audit_event_keeps_insert",
        "appointment_change_keeps_insert",
    ),
    "postgresql": (
        "busy_time_no_overlap",
        "audit_event_keeps",
        "audit_event_keeps_all",
        "appointment_change_keeps",
        "appointment_change_keeps_all",
    ),
}


def missing_guards(session: Session) -> list[str]:
    """The triggers and constraints that should protect time and history, and are not there."""
    dialect = session.get_bind().dialect.name
    asked = _SQLITE_GUARDS if dialect == "sqlite" else _POSTGRESQL_GUARDS
    present = set(session.execute(sa.text(asked)).scalars())
    return [guard for guard in _WANTED[dialect] if guard not in present]


def impossible_money(session: Session) -> Iterator[str]:
    """Tables with fees below nothing, or in a currency that does not exist."""
    for table in _PRICED:
        wrong = sa.or_(table.c.fee_minor < 0, table.c.fee_currency.not_in(EXPONENTS))
        number = session.execute(
            sa.select(sa.func.count()).select_from(table).where(wrong)
        ).scalar_one()
        if number:
            yield f"{table.name}: {number} fees below nothing or in no currency of ISO 4217"


def is_without_admin(session: Session) -> bool:
    """Tell whether there are accounts, but no active admin among them."""
    active = sa.and_(_USER.c.role == Role.ADMIN, _USER.c.status == AccountStatus.ACTIVE)
    accounts, admins = session.execute(
        sa.select(sa.func.count(), sa.func.count(sa.case((active, 1)))).select_from(_USER)
    ).one()
    return bool(accounts and not admins)


def visits_with_unapproved(session: Session) -> list[tuple[UUID, UUID]]:
    """Active visits with a practitioner whom no admin has approved."""
    rows = session.execute(
        sa.select(_VISIT.c.id, _PRACTITIONER.c.id)
        .join_from(_VISIT, _PRACTITIONER, _PRACTITIONER.c.id == _VISIT.c.practitioner_id)
        .where(_VISIT.c.status.in_(ACTIVE), _PRACTITIONER.c.status != ApprovalStatus.APPROVED)
    )
    return [(visit, practitioner) for visit, practitioner in rows]


def broken_references(session: Session) -> Iterator[str]:
    """Foreign keys that point nowhere; asked of the rows, since constraints can be switched off."""
    for table in metadata.sorted_tables:
        for reference in table.foreign_keys:
            target = reference.column.table.alias()
            there = sa.exists().where(target.c[reference.column.name] == reference.parent)
            lost = (
                sa.select(sa.func.count())
                .select_from(table)
                .where(reference.parent.is_not(None), ~there)
            )
            if number := session.execute(lost).scalar_one():
                yield f"{table.name}.{reference.parent.name}: {number} rows point nowhere"


def engine_faults(session: Session) -> Iterator[str]:
    """What the database itself says about its files, or about constraints that it has not proven."""
    if session.get_bind().dialect.name == "sqlite":
        told = session.execute(sa.text("PRAGMA integrity_check")).scalars()
        yield from (f"integrity_check: {line}" for line in told if line != "ok")
        return
    unproven = sa.text(
        "SELECT conrelid::regclass || '.' || conname FROM pg_constraint WHERE NOT convalidated"
    )
    yield from (f"constraint {name} is not valid" for name in session.execute(unproven).scalars())
