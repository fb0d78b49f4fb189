"""The read side of the directory: joins over other rooms' tables, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.tables import Location, Service, ServiceOffer, Specialty
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.people.schemas import ApprovalStatus
from medibook.people.tables import AccountStatus, Practitioner, PractitionerSpecialty, User
from medibook.scheduling.tables import AvailableTime

_P = table_of(Practitioner)
_U = table_of(User)
_PS = table_of(PractitionerSpecialty)
_SP = table_of(Specialty)
_AT = table_of(AvailableTime)
_L = table_of(Location)
_SO = table_of(ServiceOffer)
_S = table_of(Service)


@dataclass(frozen=True, slots=True)
class Listed:
    """A practitioner as the directory's tables have it."""

    practitioner_id: UUID
    slug: str
    name: str
    languages: str
    picture_id: UUID | None
    qualifications: str
    years_of_experience: int
    biography: str
    decided_at: datetime | None


def listed(
    uow: UnitOfWork,
    *,
    slug: str = "",
) -> list[Listed]:
    """Return the practitioners who can be booked, by name: all, or the one with this address."""
    wanted = bookable()
    if slug:
        wanted = wanted.where(_P.c.slug == slug)
    return [Listed(*row) for row in uow.session.execute(wanted.order_by(_P.c.name, _P.c.id))]


def bookable() -> sa.Select[tuple[object, ...]]:
    """Those whom an admin has approved, who are not suspended, and who offer something."""
    offers = (
        sa.exists()
        .where(_SO.c.practitioner_id == _P.c.id)
        .where(_SO.c.service_id == _S.c.id, _S.c.retired_at.is_(None))
    )
    return (
        sa.select(
            _P.c.id, _P.c.slug, _P.c.name, _P.c.languages, _P.c.picture_id, _P.c.qualifications,
            _P.c.years_of_experience, _P.c.biography, _P.c.decided_at,
        )
        .join(_U, _U.c.id == _P.c.user_id)
        .where(
            _P.c.status == ApprovalStatus.APPROVED, _U.c.status == AccountStatus.ACTIVE, offers
        )
    )  # fmt: skip


def specialty_ids_by_practitioner(
    uow: UnitOfWork, practitioner_ids: Sequence[UUID]
) -> dict[UUID, list[UUID]]:
    """Return each practitioner's specialties, by name of the specialty."""
    rows = uow.session.execute(
        sa.select(_PS.c.practitioner_id, _PS.c.specialty_id)
        .join(_SP, _SP.c.id == _PS.c.specialty_id)
        .where(_PS.c.practitioner_id.in_(practitioner_ids))
        .order_by(_SP.c.name)
    )
    return _grouped((owner, thing) for owner, thing in rows)


def location_ids_by_practitioner(
    uow: UnitOfWork, practitioner_ids: Sequence[UUID]
) -> dict[UUID, list[UUID]]:
    """Return the locations where each practitioner has opening hours, by name."""
    rows = uow.session.execute(
        sa.select(_AT.c.practitioner_id, _AT.c.location_id)
        .join(_L, _L.c.id == _AT.c.location_id)
        .where(_AT.c.practitioner_id.in_(practitioner_ids))
        .group_by(_AT.c.practitioner_id, _AT.c.location_id, _L.c.name)
        .order_by(_L.c.name)
    )
    return _grouped((owner, thing) for owner, thing in rows)


def cities(uow: UnitOfWork) -> list[str]:
    """Return every city where a bookable practitioner has opening hours."""
    there = sa.select(_L.c.city).distinct().join(_AT, _AT.c.location_id == _L.c.id)
    can = bookable().with_only_columns(_P.c.id)
    rows = uow.session.execute(
        there.where(_L.c.retired_at.is_(None), _AT.c.practitioner_id.in_(can))
    )
    return sorted(rows.scalars())


def languages_spoken(uow: UnitOfWork) -> list[str]:
    """Return every language that some bookable practitioner speaks."""
    rows = uow.session.execute(bookable().with_only_columns(_P.c.languages).distinct())
    return sorted({code for (codes,) in rows for code in codes.split(",") if code})


def _grouped(rows: Iterable[tuple[UUID, UUID]]) -> dict[UUID, list[UUID]]:
    groups: dict[UUID, list[UUID]] = defaultdict(list)
    for owner, thing in rows:
        groups[owner].append(thing)
    return groups
