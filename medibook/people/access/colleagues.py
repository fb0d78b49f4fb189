"""Who could see a patient in a practitioner's place: the bookable ones of the same specialty."""

from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.people.access.profiles import CAN_BE_BOOKED
from medibook.people.tables import Practitioner, PractitionerSpecialty, User

_PRACTITIONER = table_of(Practitioner)
_SPECIALTY = table_of(PractitionerSpecialty)
_USER = table_of(User)


def colleagues(uow: UnitOfWork, practitioner_id: UUID, *, limit: int) -> tuple[UUID, ...]:
    """Those who share a specialty with this practitioner: of the same place first, then by name."""
    own = sa.select(_SPECIALTY.c.specialty_id).where(
        _SPECIALTY.c.practitioner_id == practitioner_id
    )
    place = (
        sa.select(_PRACTITIONER.c.location_id)
        .where(_PRACTITIONER.c.id == practitioner_id)
        .scalar_subquery()
    )
    shares = sa.exists().where(
        _SPECIALTY.c.practitioner_id == _PRACTITIONER.c.id, _SPECIALTY.c.specialty_id.in_(own)
    )
    elsewhere = sa.case((_PRACTITIONER.c.location_id == place, 0), else_=1)
    chosen = (
        sa.select(_PRACTITIONER.c.id)
        .join_from(_PRACTITIONER, _USER, _USER.c.id == _PRACTITIONER.c.user_id)
        .where(shares, _PRACTITIONER.c.id != practitioner_id, *CAN_BE_BOOKED)
        .order_by(elsewhere, _PRACTITIONER.c.name, _PRACTITIONER.c.id)
        .limit(limit)
    )
    return tuple(uow.session.execute(chosen).scalars())
