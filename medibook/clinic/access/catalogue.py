"""Visit types as admins change them: the type itself, who offers it, and its own rules."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.access import rows
from medibook.clinic.access.offers import offers_of, visit_type
from medibook.clinic.access.policies import put_rules, rules_of
from medibook.clinic.schemas import BookingRules, NewVisitType, OfferSheet, VisitTypeSheet
from medibook.clinic.tables import Service, ServiceOfferLocation, ServicePolicy
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork

_SERVICE = table_of(Service)
_ONLY_AT = table_of(ServiceOfferLocation)
_OWN = table_of(ServicePolicy)


def visit_type_sheets(uow: UnitOfWork) -> tuple[VisitTypeSheet, ...]:
    """Every visit type, also the retired ones, by name; in three looks."""
    chosen = sa.select(_SERVICE).order_by(_SERVICE.c.name, _SERVICE.c.minutes)
    found = list(uow.session.execute(chosen))
    own = rules_of(uow, service_ids=[row.id for row in found])
    offers: dict[UUID, list[OfferSheet]] = defaultdict(list)
    for service_id, offer in offers_of(uow):
        offers[service_id].append(offer)
    return tuple(
        VisitTypeSheet(
            **visit_type(row),
            version=row.version,
            rules=own.get(row.id, BookingRules()),
            offers=tuple(offers[row.id]),
        )
        for row in found
    )


def insert_visit_type(uow: UnitOfWork, new: NewVisitType) -> UUID:
    """A new visit type, with its own rules."""
    service_id = uow.new_id()
    values = new.model_dump(exclude={"rules"})
    uow.session.execute(sa.insert(_SERVICE).values(id=service_id, **values))
    put_rules(uow, service_id, new.rules)
    return service_id


def change_visit_type(
    uow: UnitOfWork, service_id: UUID, new: NewVisitType, *, version: int
) -> None:
    """Change a visit type as somebody has read it. Raises NotFound, Conflict."""
    values = new.model_dump(exclude={"rules"})
    rows.change(uow, _SERVICE, service_id, version=version, values=values)
    put_rules(uow, service_id, new.rules)


def retire_visit_type(uow: UnitOfWork, service_id: UUID, *, at: datetime | None) -> None:
    """Take a visit type out of use from now on, or bring it back. Raises NotFound."""
    rows.retire(uow, _SERVICE, service_id, at=at)


def remove_visit_type(uow: UnitOfWork, service_id: UUID) -> None:
    """Delete a visit type that nobody offers and nobody came for. Raises NotFound, InUse."""
    own = sa.delete(_OWN).where(_OWN.c.service_id == service_id)
    rows.remove(uow, _SERVICE, service_id, owned=[own])


def limit_offer(
    uow: UnitOfWork,
    *,
    practitioner_id: UUID,
    service_id: UUID,
    location_ids: Collection[UUID],
) -> None:
    """Let an offer hold only at these locations; at none of them is wherever the practitioner works."""
    mine = {"practitioner_id": practitioner_id, "service_id": service_id}
    whose = sa.and_(*(_ONLY_AT.c[name] == value for name, value in mine.items()))
    uow.session.execute(sa.delete(_ONLY_AT).where(whose))
    for location_id in location_ids:
        uow.session.execute(sa.insert(_ONLY_AT).values(**mine, location_id=location_id))
