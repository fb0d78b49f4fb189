"""Who is in the directory, who should be, and who should not."""

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.tables import Service, ServiceOffer
from medibook.directory.access.entries import chunks
from medibook.directory.access.profiles import bookable
from medibook.directory.access.rows import ENTRY, OFFER, PREFERENCE
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.people.tables import Practitioner
from medibook.scheduling.tables import AvailableTime

_PRACTITIONER = table_of(Practitioner)
_OFFERED = table_of(ServiceOffer)
_SERVICE = table_of(Service)
_HOURS = table_of(AvailableTime)


def astray(uow: UnitOfWork, *, limit: int) -> list[UUID]:
    """Practitioners of whom the directory says something else than is the case.

    They are missing, cannot be booked any more, or offer other visit types: after a migration, an
    import, a visit type that was retired.
    """
    can = bookable().with_only_columns(_PRACTITIONER.c.id)
    absent = can.where(~sa.exists().where(ENTRY.c.practitioner_id == _PRACTITIONER.c.id))
    offered = (
        sa.select(_OFFERED.c.practitioner_id, _OFFERED.c.service_id)
        .join(_SERVICE, _SERVICE.c.id == _OFFERED.c.service_id)
        .where(_SERVICE.c.retired_at.is_(None))
        .subquery()
    )
    here = sa.select(OFFER.c.practitioner_id).where(
        ~sa.exists().where(
            offered.c.practitioner_id == OFFER.c.practitioner_id,
            offered.c.service_id == OFFER.c.service_id,
        )
    )
    there = (
        sa.select(offered.c.practitioner_id)
        .join(ENTRY, ENTRY.c.practitioner_id == offered.c.practitioner_id)
        .where(
            ~sa.exists().where(
                OFFER.c.practitioner_id == offered.c.practitioner_id,
                OFFER.c.service_id == offered.c.service_id,
            )
        )
    )
    found = sa.union(absent, sa.select(_unbookable().subquery().c[0]), here, there).limit(limit)
    return list(uow.session.execute(found).scalars())


def _unbookable() -> sa.Select[tuple[UUID]]:
    can = bookable().with_only_columns(_PRACTITIONER.c.id)
    return sa.select(ENTRY.c.practitioner_id).where(ENTRY.c.practitioner_id.not_in(can))


def practitioner_of(uow: UnitOfWork, user_id: UUID) -> UUID | None:
    """The practitioner behind an account."""
    own = sa.select(_PRACTITIONER.c.id).where(_PRACTITIONER.c.user_id == user_id)
    found: UUID | None = uow.session.execute(own).scalar_one_or_none()
    return found


def all_ids(uow: UnitOfWork) -> Iterator[list[UUID]]:
    """Everybody who can be booked, some at a time."""
    chosen = bookable().with_only_columns(_PRACTITIONER.c.id)
    yield from chunks(list(uow.session.execute(chosen).scalars()))


def offering(uow: UnitOfWork, service_id: UUID) -> list[UUID]:
    """Who offers a visit type, retired or not."""
    own = sa.select(_OFFERED.c.practitioner_id).where(_OFFERED.c.service_id == service_id)
    return list(uow.session.execute(own).scalars())


def working_at(uow: UnitOfWork, location_id: UUID) -> list[UUID]:
    """Who has opening hours at a location."""
    there = sa.select(_HOURS.c.practitioner_id).distinct()
    return list(uow.session.execute(there.where(_HOURS.c.location_id == location_id)).scalars())


def takes_new(uow: UnitOfWork, practitioner_id: UUID) -> bool:
    """Whether a practitioner takes new patients; yes until they have said no."""
    own = sa.select(PREFERENCE.c.accepts_new).where(PREFERENCE.c.practitioner_id == practitioner_id)
    said: bool | None = uow.session.execute(own).scalar_one_or_none()
    return said is not False
