"""What practitioners are trained in."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.schemas import SpecialtyCard
from medibook.clinic.tables import Specialty
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork

_SPECIALTY = table_of(Specialty)


def specialties(
    uow: UnitOfWork, *, only: Collection[UUID] | None = None
) -> tuple[SpecialtyCard, ...]:
    """The specialties in use, by name; of those that were asked for, the retired ones too."""
    chosen = sa.select(_SPECIALTY).order_by(_SPECIALTY.c.name)
    if only is None:
        chosen = chosen.where(_SPECIALTY.c.retired_at.is_(None))
    else:
        chosen = chosen.where(_SPECIALTY.c.id.in_(only))
    rows = uow.session.execute(chosen)
    return tuple(
        SpecialtyCard(
            specialty_id=row.id,
            code=row.code,
            name=row.name,
            synonyms=tuple(word.strip() for word in row.synonyms.split(",") if word.strip()),
        )
        for row in rows
    )
