"""The rules for booking: one row of the clinic's, and a row for each visit type that differs."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.access import rows
from medibook.clinic.rules.booking import hours_of_reminders
from medibook.clinic.schemas import BookingRules, ClinicPolicy, LateCancel, RulesSheet
from medibook.clinic.tables import Policy, Service, ServicePolicy
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork

_SERVICE = table_of(Service)
_POLICY = table_of(Policy)
_OWN = table_of(ServicePolicy)
RULES = tuple(column.name for column in _OWN.c if column.name != "service_id")
_LIMITS = frozenset({"daily_limit", "patient_daily_limit"})


def merged_columns() -> list[sa.Label[Any]]:
    """What holds for a visit type, rule by rule: its own word, or else the clinic's."""
    # A clinic that never touched its rules has no row: then the defaults of the table hold.
    usual = Policy()
    return [
        sa.func.coalesce(
            _OWN.c[rule], _POLICY.c[rule], sa.literal(getattr(usual, rule), _POLICY.c[rule].type)
        ).label(f"rule_{rule}")
        for rule in RULES
    ]


def with_rules(statement: sa.Select[Any]) -> sa.Select[Any]:
    """The statement over visit types, with the rules for each in the same look."""
    return (
        statement.add_columns(*merged_columns())
        .outerjoin(_POLICY, _POLICY.c.id == 1)
        .outerjoin(_OWN, _OWN.c.service_id == _SERVICE.c.id)
    )


# Written once: building it costs more than running it.
_RULES_OF_SERVICES = with_rules(sa.select(_SERVICE.c.id).select_from(_SERVICE)).where(
    _SERVICE.c.id.in_(sa.bindparam("service_ids", expanding=True))
)


def merged(row: Any) -> ClinicPolicy:  # noqa: ANN401 - a row of Core columns
    """The rules that hold for the visit type of this row."""
    kept = row._mapping
    return _policy({rule: kept[f"rule_{rule}"] for rule in RULES})


def policy(uow: UnitOfWork) -> ClinicPolicy:
    """The clinic's rules for booking; a clinic that never touched them has the defaults."""
    row = uow.session.execute(sa.select(_POLICY).where(_POLICY.c.id == 1)).one_or_none()
    found = row or Policy()
    return _policy({rule: getattr(found, rule) for rule in RULES})


def policies_for(uow: UnitOfWork, *, service_ids: Collection[UUID]) -> dict[UUID, ClinicPolicy]:
    """The rules that hold for each of these visit types."""
    rows = uow.session.execute(_RULES_OF_SERVICES, {"service_ids": list(service_ids)})
    return {row.id: merged(row) for row in rows}


def rules_of_clinic(uow: UnitOfWork) -> RulesSheet:
    """The clinic's own rules, as an admin changes them."""
    row = uow.session.execute(sa.select(_POLICY).where(_POLICY.c.id == 1)).one_or_none()
    found = row or Policy()
    said = {rule: getattr(found, rule) for rule in RULES}
    # For the clinic, no limit is null; on the screen it is 0, as for a visit type.
    for limit in _LIMITS:
        said[limit] = said[limit] or 0
    return RulesSheet(rules=BookingRules(**said), version=found.version)


def change_rules_of_clinic(uow: UnitOfWork, rules: BookingRules, *, version: int) -> None:
    """Put other rules in the place of those that somebody has read. Raises Conflict."""
    values = rules.model_dump() | {name: getattr(rules, name) or None for name in _LIMITS}
    if uow.session.execute(sa.select(_POLICY.c.id)).first() is None:
        usual = Policy().model_dump() | {"version": 1}
        uow.session.execute(sa.insert(_POLICY).values(usual))
    rows.change(uow, _POLICY, 1, version=version, values=values)


def rules_of(uow: UnitOfWork, *, service_ids: Collection[UUID]) -> dict[UUID, BookingRules]:
    """Where visit types differ from the clinic; those that do not are absent."""
    chosen = sa.select(_OWN).where(_OWN.c.service_id.in_(service_ids))
    return {
        row.service_id: BookingRules(**{rule: row._mapping[rule] for rule in RULES})
        for row in uow.session.execute(chosen)
    }


def put_rules(uow: UnitOfWork, service_id: UUID, rules: BookingRules) -> None:
    """Let a visit type differ from the clinic in these rules, and in no other."""
    uow.session.execute(sa.delete(_OWN).where(_OWN.c.service_id == service_id))
    if rules != BookingRules():
        uow.session.execute(sa.insert(_OWN).values(service_id=service_id, **rules.model_dump()))


def _policy(rules: dict[str, Any]) -> ClinicPolicy:
    return ClinicPolicy(
        minimum_notice=timedelta(minutes=rules["minimum_notice_minutes"]),
        horizon=timedelta(days=rules["horizon_days"]),
        cancel_cutoff=timedelta(hours=rules["cancel_cutoff_hours"]),
        late_cancel_allowed=rules["late_cancel"] == LateCancel.ALLOWED,
        daily_limit=rules["daily_limit"] or None,
        open_per_patient=rules["open_per_patient"],
        request_lapses=timedelta(hours=rules["request_lapses_hours"]),
        hold=timedelta(minutes=rules["hold_minutes"]),
        grid=timedelta(minutes=rules["grid_minutes"]),
        patient_daily_limit=rules["patient_daily_limit"] or None,
        reminder_hours=hours_of_reminders(rules["reminder_hours"]) or (),
        change_grace=timedelta(minutes=rules["change_grace_minutes"]),
        waitlist_batch=rules["waitlist_batch"],
    )
