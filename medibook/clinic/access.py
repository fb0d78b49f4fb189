"""The clinic's rows. Everybody may see what the clinic offers; each practitioner changes their own offers."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from medibook.clinic.schemas import (
    ClinicPolicy,
    LocationCard,
    RoomCard,
    ServiceCard,
    SpecialtyCard,
    VisitType,
)
from medibook.clinic.tables import (
    LateCancel,
    Location,
    Policy,
    Room,
    Service,
    ServiceOffer,
    Specialty,
)
from medibook.kernel.db import table_of
from medibook.kernel.money import Money
from medibook.kernel.use_case import UnitOfWork

_SPECIALTY = table_of(Specialty)
_LOCATION = table_of(Location)
_ROOM = table_of(Room)
_SERVICE = table_of(Service)
_OFFER = table_of(ServiceOffer)
_POLICY = table_of(Policy)

_OFFERED = sa.select(
    _OFFER.c.practitioner_id, _OFFER.c.fee_minor, _OFFER.c.fee_currency, _SERVICE
).join_from(_OFFER, _SERVICE, _OFFER.c.service_id == _SERVICE.c.id)


def specialties(uow: UnitOfWork) -> tuple[SpecialtyCard, ...]:
    """Every specialty, by name."""
    rows = uow.session.execute(sa.select(_SPECIALTY).order_by(_SPECIALTY.c.name))
    return tuple(
        SpecialtyCard(
            specialty_id=row.id,
            code=row.code,
            name=row.name,
            synonyms=tuple(word.strip() for word in row.synonyms.split(",") if word.strip()),
        )
        for row in rows
    )


def locations(uow: UnitOfWork, *, only: Collection[UUID] | None = None) -> tuple[LocationCard, ...]:
    """The clinic's locations, or those that were asked for, by name."""
    chosen = sa.select(_LOCATION).order_by(_LOCATION.c.name)
    if only is not None:
        chosen = chosen.where(_LOCATION.c.id.in_(only))
    return tuple(
        LocationCard(
            location_id=row.id,
            name=row.name,
            address=row.address,
            city=row.city,
            postcode=row.postcode,
            country=row.country,
            zone=row.zone,
            phone=row.phone,
        )
        for row in uow.session.execute(chosen)
    )


def rooms(uow: UnitOfWork, *, location_ids: Collection[UUID]) -> tuple[RoomCard, ...]:
    """The rooms of these locations, in the order in which they are filled."""
    chosen = (
        sa.select(_ROOM)
        .where(_ROOM.c.location_id.in_(location_ids))
        .order_by(_ROOM.c.name, _ROOM.c.id)
    )
    return tuple(
        RoomCard(room_id=row.id, location_id=row.location_id, name=row.name)
        for row in uow.session.execute(chosen)
    )


def policy(uow: UnitOfWork) -> ClinicPolicy:
    """The clinic's rules for booking; a clinic that never touched them has the defaults."""
    row = uow.session.execute(sa.select(_POLICY).where(_POLICY.c.id == 1)).one_or_none()
    return _policy(row or Policy())


def visit_types(uow: UnitOfWork, *, only: Collection[UUID] | None = None) -> tuple[VisitType, ...]:
    """The clinic's visit types, or those that were asked for, by name; also those nobody offers now."""
    chosen = sa.select(_SERVICE).order_by(_SERVICE.c.name, _SERVICE.c.minutes)
    if only is not None:
        chosen = chosen.where(_SERVICE.c.id.in_(only))
    return tuple(VisitType(**_visit_type(row)) for row in uow.session.execute(chosen))


def offered(
    uow: UnitOfWork, *, practitioner_ids: Collection[UUID]
) -> dict[UUID, list[ServiceCard]]:
    """What each of these offers, the usual visit first; who offers nothing is absent."""
    chosen = _OFFERED.where(_OFFER.c.practitioner_id.in_(practitioner_ids))
    cards: dict[UUID, list[ServiceCard]] = {}
    for row in uow.session.execute(chosen.order_by(_OFFER.c.position, _SERVICE.c.name)):
        cards.setdefault(row.practitioner_id, []).append(_card(row))
    return cards


def offer_and_policy(
    uow: UnitOfWork, *, practitioner_id: UUID, service_id: UUID
) -> tuple[ServiceCard, ClinicPolicy] | None:
    """One offer and the clinic's rules in one look, for the paths where every query counts."""
    columns = [column.label(f"policy_{column.name}") for column in _POLICY.c]
    chosen = (
        _OFFERED.add_columns(*columns)
        .outerjoin(_POLICY, _POLICY.c.id == 1)
        .where(_OFFER.c.practitioner_id == practitioner_id, _OFFER.c.service_id == service_id)
    )
    row = uow.session.execute(chosen).one_or_none()
    if row is None:
        return None
    if row.policy_id is None:
        return _card(row), _policy(Policy())
    kept = row._mapping
    return _card(row), _policy(Policy(**{c.name: kept[f"policy_{c.name}"] for c in _POLICY.c}))


def add_visit_type(uow: UnitOfWork, *, name: str, minutes: int) -> UUID:
    """The visit type of this name and length: the clinic's own if there is one, else a new one."""
    same = sa.select(_SERVICE.c.id).where(_SERVICE.c.name == name, _SERVICE.c.minutes == minutes)
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


def _visit_type(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of Core columns
    return {
        "service_id": row.id,
        "name": row.name,
        "length": timedelta(minutes=row.minutes),
        "buffer_before": timedelta(minutes=row.buffer_before_minutes),
        "buffer_after": timedelta(minutes=row.buffer_after_minutes),
        "needs_room": row.needs_room,
    }


def _card(row: Any) -> ServiceCard:  # noqa: ANN401 - likewise
    return ServiceCard(**_visit_type(row), fee=Money(row.fee_minor, row.fee_currency))


def _policy(row: Any) -> ClinicPolicy:  # noqa: ANN401 - likewise, or the table's defaults
    return ClinicPolicy(
        minimum_notice=timedelta(minutes=row.minimum_notice_minutes),
        horizon=timedelta(days=row.horizon_days),
        cancel_cutoff=timedelta(hours=row.cancel_cutoff_hours),
        late_cancel_allowed=row.late_cancel == LateCancel.ALLOWED,
        daily_limit=row.daily_limit,
        open_per_patient=row.open_per_patient,
        request_lapses=timedelta(hours=row.request_lapses_hours),
        hold=timedelta(minutes=row.hold_minutes),
        grid=timedelta(minutes=row.grid_minutes),
    )
