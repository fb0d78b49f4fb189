"""The rules for booking: one row of the clinic's, and a row for each visit type that differs."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.schemas import ClinicPolicy
from medibook.clinic.tables import LateCancel, Policy, Service, ServicePolicy
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork

_SERVICE = table_of(Service)
_POLICY = table_of(Policy)
_OWN = table_of(ServicePolicy)
RULES = tuple(column.name for column in _OWN.c if column.name != "service_id")


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
    chosen = with_rules(sa.select(_SERVICE.c.id).select_from(_SERVICE))
    rows = uow.session.execute(chosen.where(_SERVICE.c.id.in_(service_ids)))
    return {row.id: merged(row) for row in rows}


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
    )
