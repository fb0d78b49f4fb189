"""Whom a link in a message, or an SMS from a number, lets act: judged when it is used, not before."""

from uuid import UUID

import sqlalchemy as sa

from medibook.kernel.actor import Actor, Role
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.people.access.guardians import booked_for_by
from medibook.people.tables import AccountStatus, Patient, User

_U, _P = table_of(User), table_of(Patient)
_PATIENT = sa.select(_P.c.user_id, _P.c.locale).where(_P.c.id == sa.bindparam("patient_id"))
_PROVEN = (
    sa.select(_P.c.id)
    .where(_P.c.phone == sa.bindparam("number"), _P.c.phone_proven_at.is_not(None))
    .order_by(_P.c.id)
)
_OF_NUMBER = sa.select(_P.c.id).where(_P.c.phone == sa.bindparam("number")).order_by(_P.c.id)
_ACCOUNT = (
    sa.select(_U.c.name, _U.c.locale, _P.c.id.label("patient_id"))
    .join(_P, _P.c.user_id == _U.c.id)
    .where(
        _U.c.id == sa.bindparam("user_id"),
        _U.c.role == Role.PATIENT,
        _U.c.status == AccountStatus.ACTIVE,
        _U.c.email_verified_at.is_not(None),
    )
)


def behind_link(
    uow: UnitOfWork, *, user_id: UUID | None, patient_id: UUID, name: str
) -> Actor | None:
    """Return who acts for a patient by a link that was sent to ``user_id``; None: nobody any more.

    A guardian whose time is over and a suspended account act no longer. Without an account it is the
    patient alone, under the link's ``name``; who has opened one since acts as that account.
    """
    patient = uow.session.execute(_PATIENT, {"patient_id": patient_id}).one_or_none()
    if patient is None:
        return None
    account_id = user_id or patient.user_id
    if account_id is None:
        return Actor(role=Role.PATIENT, patient_id=patient_id, name=name, locale=patient.locale)
    account = uow.session.execute(_ACCOUNT, {"user_id": account_id}).one_or_none()
    if account is None:
        return None
    actor = Actor(
        role=Role.PATIENT,
        user_id=account_id,
        patient_id=account.patient_id,
        name=account.name,
        locale=account.locale,
    )
    return actor if patient_id in booked_for_by(uow, actor) else None


def behind_number(uow: UnitOfWork, number: str) -> tuple[Actor, ...]:
    """Return who acts by an SMS from a number (E.164): each patient whose number it is proven to be.

    A suspended account acts no longer. Patients without an account act for themselves alone.
    """
    found = uow.session.execute(_PROVEN, {"number": number}).scalars()
    actors = (
        behind_link(uow, user_id=None, patient_id=patient_id, name="sms") for patient_id in found
    )
    return tuple(dict.fromkeys(actor for actor in actors if actor is not None))


def patients_of_number(uow: UnitOfWork, number: str) -> frozenset[UUID]:
    """Return all the patients that a number may speak of: who has it, and for whom they book."""
    theirs = set(uow.session.execute(_OF_NUMBER, {"number": number}).scalars())
    for actor in behind_number(uow, number):
        theirs |= booked_for_by(uow, actor)
    return frozenset(theirs)
