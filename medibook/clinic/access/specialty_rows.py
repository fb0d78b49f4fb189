"""What practitioners are trained in."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.access import rows
from medibook.clinic.schemas import SpecialtyCard, SpecialtySheet
from medibook.clinic.tables import Specialty
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork

_SPECIALTY = table_of(Specialty)
# Written once: building it costs more than running it.
_BY_NAME = sa.select(_SPECIALTY).order_by(_SPECIALTY.c.name)
_IS_ONE = _SPECIALTY.c.id.in_(sa.bindparam("ids", expanding=True))
_THESE = _BY_NAME.where(_IS_ONE)
_IN_USE_AND_THESE = _BY_NAME.where(sa.or_(_SPECIALTY.c.retired_at.is_(None), _IS_ONE))


def specialties(
    uow: UnitOfWork, *, only: Collection[UUID] | None = None, also: Collection[UUID] = ()
) -> tuple[SpecialtyCard, ...]:
    """The specialties in use, and ``also`` these, by name; or only those that were asked for."""
    chosen, ids = (_IN_USE_AND_THESE, also) if only is None else (_THESE, only)
    found = uow.session.execute(chosen, {"ids": list(ids)})
    return tuple(SpecialtyCard(**_card(row)) for row in found)


def specialty_sheets(uow: UnitOfWork) -> tuple[SpecialtySheet, ...]:
    """Every specialty as an admin changes it, also the retired ones, by name."""
    return tuple(
        SpecialtySheet(**_card(row), version=row.version, is_retired=row.retired_at is not None)
        for row in uow.session.execute(_BY_NAME)
    )


def add_specialty(uow: UnitOfWork, *, code: str, name: str, synonyms: str) -> UUID:
    """A new specialty. Raises NameTaken."""
    return rows.add_named(uow, _SPECIALTY, {"code": code, "name": name, "synonyms": synonyms})


def change_specialty(
    uow: UnitOfWork, specialty_id: UUID, *, name: str, synonyms: str, version: int
) -> None:
    """Another name or other plain words; the code stays, for files know it. Raises NotFound, Conflict."""
    values = {"name": name, "synonyms": synonyms}
    rows.change(uow, _SPECIALTY, specialty_id, version=version, values=values)


def retire_specialty(uow: UnitOfWork, specialty_id: UUID, *, at: datetime | None) -> None:
    """Take a specialty out of use from now on, or bring it back. Raises NotFound."""
    rows.retire(uow, _SPECIALTY, specialty_id, at=at)


def remove_specialty(uow: UnitOfWork, specialty_id: UUID) -> None:
    """Delete a specialty that nobody has. Raises NotFound, InUse."""
    rows.remove(uow, _SPECIALTY, specialty_id)


def _card(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of Core columns
    return {
        "specialty_id": row.id,
        "code": row.code,
        "name": row.name,
        "synonyms": tuple(word.strip() for word in row.synonyms.split(",") if word.strip()),
    }
