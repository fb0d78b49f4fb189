"""Rows that say who may act for whom. A guardianship is judged at the instant of its use, never before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from medibook.kernel.actor import Actor, Role
from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.people.schemas import GuardianCard, PersonCard
from medibook.people.tables import AccountStatus, Guardianship, Patient, User

_G, _U, _P = table_of(Guardianship), table_of(User), table_of(Patient)


def _living(today: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """What is neither revoked nor over: ``today`` is reckoned in UTC, as all of this room's days."""
    not_over = sa.or_(_G.c.expires_on.is_(None), _G.c.expires_on > today)
    return sa.and_(_G.c.revoked_at.is_(None), not_over)


# Written once: it is asked at every hold and every booking, and building it costs more than running it.
_WHOM_TO_BOOK_FOR = sa.select(_G.c.patient_id).where(
    _G.c.user_id == sa.bindparam("user_id"), _living(sa.bindparam("today")), _G.c.may_book
)


@dataclass(frozen=True, slots=True)
class Guardian:
    """Somebody who acts for a patient, and how they are reached."""

    patient_id: UUID
    user_id: UUID
    name: str
    email: str
    phone: str
    locale: str
    may_book: bool
    status: AccountStatus
    texts_to: str


def patient_ids_of(uow: UnitOfWork) -> frozenset[UUID]:
    """The patients for whom the actor books: themselves, and whom they are a living guardian of."""
    return booked_for_by(uow, uow.actor)


def booked_for_by(uow: UnitOfWork, actor: Actor) -> frozenset[UUID]:
    """The patients for whom somebody books, at this instant."""
    if actor.role is not Role.PATIENT or actor.patient_id is None:
        return frozenset()
    asked = {"user_id": actor.user_id, "today": uow.now.date()}
    theirs = uow.session.execute(_WHOM_TO_BOOK_FOR, asked).scalars()
    return frozenset({actor.patient_id, *theirs})


def may_act_for(uow: UnitOfWork, patient_id: UUID) -> bool:
    """Tell whether the actor may book for a patient, at this instant."""
    return patient_id in patient_ids_of(uow)


def cards(uow: UnitOfWork) -> tuple[PersonCard, ...]:
    """Return whom the actor acts for, the eldest first; the actor is not among them."""
    theirs = (
        sa.select(_G, _P.c.name, _P.c.birth_date)
        .join(_P, _P.c.id == _G.c.patient_id)
        .where(_is_guardian(uow, uow.actor))
        .order_by(_P.c.birth_date, _P.c.name)
    )
    return tuple(
        PersonCard(
            patient_id=row.patient_id,
            name=row.name,
            birth_date=row.birth_date,
            relation=row.relation,
            expires_on=row.expires_on,
            may_book=row.may_book,
            may_see_records=row.may_see_records,
        )
        for row in uow.session.execute(theirs)
    )


def mine(uow: UnitOfWork, patient_id: UUID) -> Guardianship:
    """Return the actor's living guardianship of a patient; or NotFound, whether or not there is one."""
    asked = select(Guardianship).where(
        _is_guardian(uow, uow.actor), col(Guardianship.patient_id) == patient_id
    )
    found = uow.session.exec(asked.with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def find(uow: UnitOfWork, guardianship_id: UUID) -> Guardianship:
    """Return a guardianship that has not been revoked, for the clinic's people; or NotFound."""
    asked = select(Guardianship).where(
        col(Guardianship.id) == guardianship_id, col(Guardianship.revoked_at).is_(None)
    )
    found = uow.session.exec(asked.with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def add(uow: UnitOfWork, row: Guardianship) -> None:
    """Keep a guardianship; one of the same two that is over but was never revoked makes way."""
    uow.session.execute(
        sa.update(_G)
        .where(
            _G.c.user_id == row.user_id,
            _G.c.patient_id == row.patient_id,
            _G.c.revoked_at.is_(None),
            _G.c.expires_on <= uow.now.date(),
        )
        .values(revoked_at=uow.now, revoked_by=uow.actor.user_id)
    )
    uow.session.add(row)
    uow.session.flush()


def of_patients(uow: UnitOfWork, patient_ids: Collection[UUID]) -> Sequence[Guardian]:
    """Return the living guardians of these patients, who was granted it first before the others."""
    if not patient_ids:
        return ()
    own = sa.select(_P.c.phone).where(_P.c.user_id == _U.c.id).limit(1)
    proven = own.where(_P.c.phone_proven_at.is_not(None))
    asked = (
        sa.select(
            _G,
            _U.c.name,
            _U.c.email,
            _U.c.locale,
            _U.c.status,
            own.scalar_subquery().label("phone"),
            proven.scalar_subquery().label("texts_to"),
        )
        .join(_U, _U.c.id == _G.c.user_id)
        .where(_G.c.patient_id.in_(set(patient_ids)), _living(uow.now.date()))
        .order_by(_G.c.granted_at, _G.c.id)
    )
    return [
        Guardian(
            patient_id=row.patient_id,
            user_id=row.user_id,
            name=row.name,
            email=row.email,
            phone=row.phone or "",
            locale=row.locale,
            may_book=row.may_book,
            status=row.status,
            texts_to=row.texts_to or "",
        )
        for row in uow.session.execute(asked)
    ]


def first_of(uow: UnitOfWork, patient_ids: Collection[UUID]) -> dict[UUID, Guardian]:
    """Return the first living guardian of each of these patients; who has none is absent."""
    found: dict[UUID, Guardian] = {}
    for guardian in of_patients(uow, patient_ids):
        found.setdefault(guardian.patient_id, guardian)
    return found


def cards_of(uow: UnitOfWork, patient_id: UUID) -> tuple[GuardianCard, ...]:
    """Return who acts for a patient, for the clinic's people."""
    asked = (
        sa.select(_G, _U.c.name, _U.c.email)
        .join(_U, _U.c.id == _G.c.user_id)
        .where(_G.c.patient_id == patient_id, _living(uow.now.date()))
        .order_by(_G.c.granted_at, _G.c.id)
    )
    return tuple(
        GuardianCard(
            guardianship_id=row.id,
            user_id=row.user_id,
            name=row.name,
            email=row.email,
            relation=row.relation,
            granted_at=row.granted_at,
            expires_on=row.expires_on,
            may_book=row.may_book,
            may_see_records=row.may_see_records,
            reason=row.reason,
        )
        for row in uow.session.execute(asked)
    )


def granted_by_oneself(uow: UnitOfWork, *, since: datetime) -> int:
    """Return how many the actor has added since then, whether or not they still act for them."""
    added = (_G.c.user_id == uow.actor.user_id, _G.c.granted_by == uow.actor.user_id)
    chosen = sa.select(sa.func.count()).where(*added, _G.c.granted_at > since)
    return int(uow.session.execute(chosen).scalar_one())


def _is_guardian(uow: UnitOfWork, actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(_G.c.user_id == actor.user_id, _living(uow.now.date()))
