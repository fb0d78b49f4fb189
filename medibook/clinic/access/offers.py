"""The clinic's visit types and who offers them: everybody may see, each practitioner changes their own."""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.access.policies import merged, with_rules
from medibook.clinic.schemas import ClinicPolicy, OfferSheet, ServiceCard, VisitType
from medibook.clinic.tables import Service, ServiceOffer, ServiceOfferLocation
from medibook.kernel.db import table_of
from medibook.kernel.money import Money
from medibook.kernel.use_case import UnitOfWork

_SERVICE = table_of(Service)
_OFFER = table_of(ServiceOffer)
_ONLY_AT = table_of(ServiceOfferLocation)

# The locations of an offer come in the same look, as one text: a list of offers stays one query.
_PLACES = (
    sa.select(sa.func.aggregate_strings(sa.cast(_ONLY_AT.c.location_id, sa.String), ","))
    .where(
        _ONLY_AT.c.practitioner_id == _OFFER.c.practitioner_id,
        _ONLY_AT.c.service_id == _OFFER.c.service_id,
    )
    .scalar_subquery()
    .label("only_at")
)
_OFFERED = (
    sa.select(_OFFER.c.practitioner_id, _OFFER.c.fee_minor, _OFFER.c.fee_currency)
    .add_columns(_SERVICE, _PLACES)
    .select_from(_OFFER)
    .join(_SERVICE, _OFFER.c.service_id == _SERVICE.c.id)
    .where(_SERVICE.c.retired_at.is_(None))
)
# Written once: building it costs more than running it.
_RULED = with_rules(_OFFERED)
_OFFER_AND_RULES = _RULED.where(
    _OFFER.c.practitioner_id == sa.bindparam("practitioner_id"),
    _OFFER.c.service_id == sa.bindparam("service_id"),
)
_SOMEBODYS = _OFFER.c.practitioner_id.in_(sa.bindparam("practitioner_ids", expanding=True))
_OFFERED_BY = _OFFERED.where(_SOMEBODYS).order_by(_OFFER.c.position, _SERVICE.c.name)
_OFFERS_AND_RULES = _RULED.where(
    _SOMEBODYS, _OFFER.c.service_id.in_(sa.bindparam("service_ids", expanding=True))
)


def visit_types(uow: UnitOfWork, *, only: Collection[UUID] | None = None) -> tuple[VisitType, ...]:
    """The clinic's visit types by name; of those that were asked for, the retired ones too."""
    chosen = sa.select(_SERVICE).order_by(_SERVICE.c.name, _SERVICE.c.minutes)
    if only is None:
        chosen = chosen.where(_SERVICE.c.retired_at.is_(None))
    else:
        chosen = chosen.where(_SERVICE.c.id.in_(only))
    return tuple(VisitType(**visit_type(row)) for row in uow.session.execute(chosen))


def offered(
    uow: UnitOfWork, *, practitioner_ids: Collection[UUID]
) -> dict[UUID, list[ServiceCard]]:
    """What each of these offers, the usual visit first; who offers nothing is absent."""
    asked = {"practitioner_ids": list(practitioner_ids)}
    cards: dict[UUID, list[ServiceCard]] = {}
    for row in uow.session.execute(_OFFERED_BY, asked):
        cards.setdefault(row.practitioner_id, []).append(_card(row))
    return cards


def who_offers(uow: UnitOfWork, service_id: UUID) -> list[UUID]:
    """Everybody who offers a visit type, always in the same order."""
    chosen = sa.select(_OFFER.c.practitioner_id).where(_OFFER.c.service_id == service_id)
    return list(uow.session.execute(chosen.order_by(_OFFER.c.practitioner_id)).scalars())


def offers_of(uow: UnitOfWork) -> Iterator[tuple[UUID, OfferSheet]]:
    """Who offers each visit type; of retired ones, too."""
    chosen = sa.select(_OFFER, _PLACES).order_by(_OFFER.c.service_id, _OFFER.c.practitioner_id)
    for row in uow.session.execute(chosen):
        fee = Money(row.fee_minor, row.fee_currency)
        yield (
            row.service_id,
            OfferSheet(
                practitioner_id=row.practitioner_id, fee=fee, location_ids=_only_at(row.only_at)
            ),
        )


def offer_and_policy(
    uow: UnitOfWork, *, practitioner_id: UUID, service_id: UUID
) -> tuple[ServiceCard, ClinicPolicy] | None:
    """One offer and the rules for it in one look, for the paths where every query counts."""
    asked = {"practitioner_id": practitioner_id, "service_id": service_id}
    row = uow.session.execute(_OFFER_AND_RULES, asked).one_or_none()
    return None if row is None else (_card(row), merged(row))


def offers_and_policies(
    uow: UnitOfWork, service_by_practitioner: Mapping[UUID, UUID]
) -> dict[UUID, tuple[ServiceCard, ClinicPolicy]]:
    """One offer of each of these and the rules for it; whoever does not offer it any more is absent."""
    asked = {
        "practitioner_ids": list(service_by_practitioner),
        "service_ids": list(set(service_by_practitioner.values())),
    }
    policies: dict[UUID, ClinicPolicy] = {}
    found = {}
    for row in uow.session.execute(_OFFERS_AND_RULES, asked):
        if row.id == service_by_practitioner[row.practitioner_id]:
            policy = policies.get(row.id) or policies.setdefault(row.id, merged(row))
            found[row.practitioner_id] = _card(row), policy
    return found


def add_visit_type(uow: UnitOfWork, *, name: str, minutes: int) -> UUID:
    """The visit type of this name and length: the clinic's own if there is one, else a new one."""
    same = sa.select(_SERVICE.c.id).where(
        _SERVICE.c.name == name,
        _SERVICE.c.minutes == minutes,
        _SERVICE.c.retired_at.is_(None),
    )
    found: UUID | None = uow.session.execute(same.limit(1)).scalar_one_or_none()
    if found is not None:
        return found
    made = Service(id=uow.new_id(), name=name, minutes=minutes)
    uow.session.add(made)
    uow.session.flush()
    return made.id


def put_offer(uow: UnitOfWork, *, practitioner_id: UUID, service_id: UUID, fee: Money) -> None:
    """Let a practitioner offer a visit type at this fee, or at this fee from now on."""
    own = (_OFFER.c.practitioner_id == practitioner_id, _OFFER.c.service_id == service_id)
    fees = {"fee_minor": fee.minor, "fee_currency": fee.currency}
    done: Any = uow.session.execute(sa.update(_OFFER).where(*own).values(**fees))
    if done.rowcount == 0:
        ids = {"practitioner_id": practitioner_id, "service_id": service_id}
        last = sa.select(sa.func.coalesce(sa.func.max(_OFFER.c.position), 0)).where(own[0])
        position = int(uow.session.execute(last).scalar_one()) + 1
        uow.session.execute(sa.insert(_OFFER).values(**ids, **fees, position=position))


def remove_offer(uow: UnitOfWork, *, practitioner_id: UUID, service_id: UUID) -> None:
    """Take a visit type out of a practitioner's offers; visits that are booked keep it."""
    uow.session.execute(
        sa.delete(_OFFER).where(
            _OFFER.c.practitioner_id == practitioner_id, _OFFER.c.service_id == service_id
        )
    )


def visit_type(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of Core columns
    """What a row says about a visit type, for any of its shapes."""
    return {
        "service_id": row.id,
        "name": row.name,
        "length": timedelta(minutes=row.minutes),
        "buffer_before": timedelta(minutes=row.buffer_before_minutes),
        "buffer_after": timedelta(minutes=row.buffer_after_minutes),
        "pool_id": row.pool_id,
        "is_video": row.is_video,
        "visit_kind": row.visit_kind,
        "is_retired": row.retired_at is not None,
    }


def _card(row: Any) -> ServiceCard:  # noqa: ANN401 - likewise
    return ServiceCard(
        **visit_type(row),
        fee=Money(row.fee_minor, row.fee_currency),
        location_ids=_only_at(row.only_at),
    )


def _only_at(places: str | None) -> frozenset[UUID] | None:
    return frozenset(map(UUID, places.split(","))) if places else None
