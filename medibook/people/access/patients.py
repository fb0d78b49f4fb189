"""Rows of patients: with an account or without, how to find them, and how to reach them."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import sqlalchemy as sa

from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.people.access import guardians
from medibook.people.rules.naming import Sought, folded, search_keys
from medibook.people.schemas import (
    PatientContact,
    PatientHit,
    PatientProfile,
)
from medibook.people.schemas.reach import Recipient
from medibook.people.tables import AccountStatus, Patient, PatientKey, User

MOST_HITS = 20
Named = sa.Select[tuple[UUID]]
_KEY = table_of(PatientKey)
_PATIENT = table_of(Patient)
_USER = table_of(User)
# Written once, and columns only: these are asked for whole lists, on the pages that are open all day.
_NAMES = sa.select(_PATIENT.c.id, _PATIENT.c.name).where(
    _PATIENT.c.id.in_(sa.bindparam("ids", expanding=True))
)
_CONTACTS = (
    sa.select(
        _PATIENT.c.id,
        _PATIENT.c.name,
        _PATIENT.c.phone,
        _PATIENT.c.phone_proven_at,
        _PATIENT.c.birth_date,
        _PATIENT.c.user_id,
        sa.func.coalesce(_USER.c.email, _PATIENT.c.email).label("email"),
        sa.func.coalesce(_USER.c.locale, _PATIENT.c.locale).label("locale"),
    )
    .outerjoin_from(_PATIENT, _USER, _USER.c.id == _PATIENT.c.user_id)
    .where(_PATIENT.c.id.in_(sa.bindparam("ids", expanding=True)))
)
_REACHED = (
    sa.select(
        _PATIENT.c.id,
        _PATIENT.c.name,
        _PATIENT.c.phone,
        _PATIENT.c.email,
        _PATIENT.c.user_id,
        _USER.c.status,
        _USER.c.email_verified_at,
    )
    .outerjoin_from(_PATIENT, _USER, _USER.c.id == _PATIENT.c.user_id)
    .where(_PATIENT.c.id.in_(sa.bindparam("ids", expanding=True)))
)
_LAST = "\U0010ffff"  # no word has it, and every word sorts before it


def add_patient(uow: UnitOfWork, patient: Patient) -> None:
    """Keep a new patient, and what they are found by."""
    uow.session.add(patient)
    keep_findable(uow, patient)


def keep_findable(uow: UnitOfWork, patient: Patient) -> None:
    """Write down what a patient is found by; after every change of the name or the number."""
    uow.session.flush()
    uow.session.execute(sa.delete(_KEY).where(_KEY.c.patient_id == patient.id))
    keys = search_keys(patient.name, patient.phone)
    uow.session.execute(sa.insert(_KEY), [{"patient_id": patient.id, "key": key} for key in keys])


def find(uow: UnitOfWork, patient_id: UUID) -> Patient:
    """Return a patient as they stand now, for whom the caller has judged to be allowed; or NotFound."""
    found = uow.session.get(Patient, patient_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def my_patient(uow: UnitOfWork) -> Patient:
    """Return the patient that the actor is."""
    if uow.actor.patient_id is None:
        raise NotFound
    return find(uow, uow.actor.patient_id)


def my_patient_alone(uow: UnitOfWork) -> Patient:
    """Return the patient that the actor is, whom nobody else changes until this ends.

    A number is proven as it stands: it must not become another one between the look and the note.
    """
    if uow.actor.patient_id is not None:
        uow.lock(uow.actor.patient_id)
    return my_patient(uow)


def patient_profile(uow: UnitOfWork, patient: Patient) -> PatientProfile:
    """Return a patient's own contact data."""
    user = uow.session.get(User, patient.user_id) if patient.user_id else None
    return PatientProfile(
        patient_id=patient.id,
        name=patient.name,
        email=user.email if user else patient.email,
        phone=patient.phone,
        address=patient.address,
        birth_date=patient.birth_date,
        picture_id=patient.picture_id,
    )


def hits(uow: UnitOfWork, wanted: Sought, *, most: int = MOST_HITS) -> tuple[PatientHit, ...]:
    """Return the first patients by name that fit all words, or one way of typing a number."""
    found = (
        sa.select(_PATIENT).where(*_fits(wanted)).order_by(_PATIENT.c.name, _PATIENT.c.birth_date)
    )
    return tuple(hit(row) for row in uow.session.execute(found.limit(most)))


def named(wanted: Sought) -> Named:
    """Return the question for the ids of whoever fits what is looked for; nobody for too little.

    It stands within the question of the list: cut to some number of ids of the whole clinic, it would
    leave out patients whom the reader may see.
    """
    return sa.select(_PATIENT.c.id).where(*_fits(wanted) if wanted.is_enough else (sa.false(),))


def _fits(wanted: Sought) -> list[sa.ColumnElement[bool]]:
    fits = [_begin_with(word) for word in wanted.words]
    if wanted.digits:
        fits.append(sa.or_(*map(_begin_with, wanted.digits)))
    return fits


def _begin_with(start: str) -> sa.ColumnElement[bool]:
    within = sa.and_(_KEY.c.key >= start, _KEY.c.key < start + _LAST)
    return _PATIENT.c.id.in_(sa.select(_KEY.c.patient_id).where(within))


def lock_person(uow: UnitOfWork, name: str, born: date) -> None:
    """Let one writer at a time decide whether a person is already known."""
    uow.lock(uuid5(NAMESPACE_URL, f"patient:{folded(name)}:{born}"))


def alike(uow: UnitOfWork, name: str, born: date) -> tuple[PatientHit, ...]:
    """Return the patients of the same name, however accented, who were born on the same day."""
    same = folded(name)
    words = [_KEY.c.key == word for word in same.split()]
    named = [_PATIENT.c.id.in_(sa.select(_KEY.c.patient_id).where(word)) for word in words]
    found = sa.select(_PATIENT).where(_PATIENT.c.birth_date == born, *named)
    return tuple(hit(r) for r in uow.session.execute(found) if folded(r.name) == same)


def hit(row: Any) -> PatientHit:  # noqa: ANN401 - a Patient, or a row of Core columns
    """A patient as the front desk's list shows them."""
    return PatientHit(
        patient_id=row.id,
        name=row.name,
        birth_date=row.birth_date,
        phone=row.phone,
        has_account=row.user_id is not None,
    )


def patient_names(uow: UnitOfWork, patient_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what these patients are called: all that a calendar tells of them before it is asked."""
    found = uow.session.execute(_NAMES, {"ids": list(set(patient_ids))}) if patient_ids else ()
    return dict(map(tuple, found))


def contacts(uow: UnitOfWork, patient_ids: Collection[UUID]) -> dict[UUID, PatientContact]:
    """Return who these patients are and how to reach them, in two questions at most for a whole list.

    Who has no account is reached by the address that the clinic has, or through their first guardian.
    """
    if not patient_ids:
        return {}
    found = uow.session.execute(_CONTACTS, {"ids": list(set(patient_ids))}).all()
    through = guardians.first_of(uow, [row.id for row in found if row.user_id is None])
    return {row.id: _contact(row, through.get(row.id)) for row in found}


def _contact(
    row: Any,  # noqa: ANN401 - a row of Core columns
    guardian: guardians.Guardian | None,
) -> PatientContact:
    by_guardian = guardian is not None and not (row.email and row.phone)
    return PatientContact(
        patient_id=row.id,
        user_id=row.user_id,
        name=row.name,
        phone=row.phone or (guardian.phone if guardian else ""),
        email=row.email or (guardian.email if guardian else ""),
        birth_date=row.birth_date,
        locale=guardian.locale if guardian else row.locale,
        texts_to=(row.phone if row.phone_proven_at else "")
        or (guardian.texts_to if guardian else ""),
        reached_through=guardian.name if guardian is not None and by_guardian else "",
    )


def who_can_be_asked(uow: UnitOfWork, patient_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of these patients whom a question reaches, in two looks at most for a whole list.

    Not who was erased, whose account is suspended or unproven, and who without an account has neither
    an address nor a number, nor a guardian who books for them.
    """
    if not patient_ids:
        return frozenset()
    found = uow.session.execute(_REACHED, {"ids": list(set(patient_ids))}).all()
    on_their_own = {row.id for row in found if row.user_id is None}
    guarded = {
        guardian.patient_id
        for guardian in guardians.of_patients(uow, on_their_own)
        if guardian.may_book and guardian.status is AccountStatus.ACTIVE
    }
    return frozenset(
        row.id
        for row in found
        if row.name
        and (
            (row.status is AccountStatus.ACTIVE and row.email_verified_at is not None)
            if row.user_id is not None
            else (row.email or row.phone or row.id in guarded)
        )
    )


def recipients(uow: UnitOfWork, patient_id: UUID) -> tuple[Recipient, ...]:
    """Return where messages about a patient's visits go: the patient, and who books for them."""
    patient = find(uow, patient_id)
    phone = patient.phone if patient.phone_proven_at else ""
    user = uow.session.get(User, patient.user_id) if patient.user_id else None
    told = []
    if user is not None:
        told.append(Recipient(user_id=user.id, email=user.email, locale=user.locale, phone=phone))
    elif patient.email or phone:
        told.append(
            Recipient(user_id=None, email=patient.email, locale=patient.locale, phone=phone)
        )
    told += [
        Recipient(
            user_id=g.user_id, email=g.email, locale=g.locale, phone=g.texts_to, is_patient=False
        )
        for g in guardians.of_patients(uow, [patient_id])
        if g.may_book and g.status is AccountStatus.ACTIVE
    ]
    return tuple(told)
