"""Rows of how patients without an account want to be reached."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.schemas.reach import Reach
from medibook.notifications.tables import PatientReach

_R = table_of(PatientReach)
_SAID = tuple(_R.c[name] for name in Reach.model_fields)


def reach_of(uow: UnitOfWork, patient_ids: Collection[UUID]) -> dict[UUID, Reach]:
    """What these patients have said; of whom nothing is known is absent."""
    if not patient_ids:
        return {}
    found = sa.select(_R.c.patient_id, *_SAID).where(_R.c.patient_id.in_(patient_ids))
    rows = uow.session.execute(found)
    return {
        row.patient_id: Reach(**{n: getattr(row, n) for n in Reach.model_fields}) for row in rows
    }


def keep_reach(uow: UnitOfWork, patient_id: UUID, reach: Reach) -> None:
    """Put what a patient says now in the place of what they said before."""
    uow.session.execute(sa.delete(_R).where(_R.c.patient_id == patient_id))
    row = {"patient_id": patient_id, "changed_at": uow.now, **reach.model_dump()}
    uow.session.execute(sa.insert(_R).values(row))
