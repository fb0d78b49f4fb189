"""Whom one books for: oneself, the minors one adds, and those for whom the clinic grants it."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from medibook.kernel.actor import Role, patient, staff
from medibook.kernel.errors import Forbidden, Invalid
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.kernel.words import N_
from medibook.people import rules
from medibook.people.access import accounts, guardians, patients
from medibook.people.events import GuardianshipEnded, GuardianshipGranted, PatientChanged
from medibook.people.rules.claims import CheckedDependant, check_dependant
from medibook.people.rules.fields import one_line
from medibook.people.rules.guardians import MOST_DEPENDANTS, ends_on, relation_of
from medibook.people.rules.naming import folded
from medibook.people.schemas import (
    GuardianCard,
    NewDependant,
    NewGuardian,
    PersonCard,
    Relation,
)
from medibook.people.service.patients import without_account
from medibook.people.service.registration import clinic_of
from medibook.people.tables import AccountStatus, Guardianship, Patient, User

_LATELY: Final = timedelta(days=30)


@query(allow=patient)
def people_i_book_for(uow: UnitOfWork) -> tuple[PersonCard, ...]:
    """Oneself first, then those one is a guardian of at this instant, the eldest first."""
    me = patients.my_patient(uow)
    own = PersonCard(patient_id=me.id, name=me.name, birth_date=me.birth_date, is_self=True)
    return (own, *guardians.cards(uow))


@use_case(allow=patient)
def add_dependant(uow: UnitOfWork, *, new: NewDependant) -> UUID:
    """Write down a minor whom one will book for, until they come of age; returns who they are.

    Raises:
        DependantKnown: one books for somebody of this name and birthday already.
        TooManyDependants: for as many as one account may. Invalid: with every field's problem; an
            adult decides for themselves, the clinic is asked.
    """
    checked = check_dependant(new, clinic_of(uow))
    user = accounts.find(uow, uow.actor.user_id)
    uow.lock(user.id)  # of two clicks, the second must see whom the first has added
    mine = guardians.cards(uow)
    if any(_is_same(known, checked) for known in mine):
        raise rules.DependantKnown(name=checked.name)
    # Those given up again count for a month: their visits stay booked, and a new child has none yet.
    lately = guardians.granted_by_oneself(uow, since=uow.now - _LATELY)
    if max(len(mine), lately) >= MOST_DEPENDANTS:
        raise rules.TooManyDependants(count=MOST_DEPENDANTS)
    row = without_account(uow, name=checked.name, birth_date=checked.birth_date)
    row.locale = user.locale
    patients.add_patient(uow, row)
    _grant(uow, user, row, checked.relation)
    uow.record(PatientChanged(row.id))
    return row.id


@use_case(allow=patient)
def change_dependant(uow: UnitOfWork, *, patient_id: UUID, name: str, relation: str) -> None:
    """Correct the name of somebody one books for, or what they are to one; not the date of birth.

    The date decides until when one acts for them: the clinic corrects it. So it does the name of
    somebody who has an account of their own.

    Raises: NotFound: one does not act for them. Invalid.
    """
    guardianship = guardians.mine(uow, patient_id)
    row = patients.find(uow, patient_id)
    checked = check_dependant(
        NewDependant(name=name, birth_date=row.birth_date.isoformat(), relation=relation),
        clinic_of(uow),
    )
    guardianship.relation = checked.relation
    if row.user_id is None:
        row.name = checked.name
        patients.keep_findable(uow, row)
    uow.audit("patient", row.id, patient_id=row.id)
    uow.record(PatientChanged(row.id))


@use_case(allow=patient)
def stop_acting_for(uow: UnitOfWork, *, patient_id: UUID) -> None:
    """Give up acting for somebody; what is booked for them stays booked. Raises NotFound."""
    _end(uow, guardians.mine(uow, patient_id), reason="")


@query(allow=staff)
def guardians_of(uow: UnitOfWork, *, patient_id: UUID) -> tuple[GuardianCard, ...]:
    """Who acts for a patient at this instant, as the front desk sees it."""
    return guardians.cards_of(uow, patient_id)


@use_case(allow=staff)
def grant_guardianship(uow: UnitOfWork, *, new: NewGuardian) -> None:
    """Let somebody with an account act for a patient, for a reason that the clinic has checked.

    A minor's guardian acts until they come of age; an adult's until the clinic ends it.

    Raises:
        GuardianKnown: they do already. NotFound: no such patient. Invalid: no reason, no account.
    """
    reason, relation = _needed_reason(new.reason), relation_of(new.relation)
    row = patients.find(uow, new.patient_id)
    user = accounts.by_email(uow, rules.address_key(new.email))
    if user is None or not _is_usable(user) or user.id == row.user_id:
        raise Invalid({"email": N_("No patient's account has this e-mail address.")})
    if relation is None:
        raise Invalid({"relation": N_("Please choose what they are to each other.")})
    uow.lock(user.id)
    if any(known.user_id == user.id for known in guardians.cards_of(uow, row.id)):
        raise rules.GuardianKnown(name=user.name)
    _grant(uow, user, row, relation, new=new, reason=reason)


@use_case(allow=staff)
def revoke_guardianship(uow: UnitOfWork, *, guardianship_id: UUID, reason: str) -> None:
    """Let somebody no longer act for a patient, from this instant; with a reason. Raises NotFound."""
    _end(uow, guardians.find(uow, guardianship_id), reason=_needed_reason(reason))


def _grant(
    uow: UnitOfWork,
    user: User,
    row: Patient,
    relation: Relation,
    *,
    new: NewGuardian | None = None,
    reason: str = "",
) -> None:
    if uow.actor.user_id is None:  # the guard lets nobody else in
        raise Forbidden
    granted = Guardianship(
        id=uow.new_id(),
        user_id=user.id,
        patient_id=row.id,
        relation=relation,
        may_book=new.may_book if new else True,
        may_see_records=new.may_see_records if new else True,
        granted_at=uow.now,
        granted_by=uow.actor.user_id,
        reason=reason,
        expires_on=ends_on(row.birth_date, uow.now.date()),
    )
    guardians.add(uow, granted)
    uow.audit("guardianship", granted.id, patient_id=row.id, reason=reason)
    uow.record(GuardianshipGranted(user.id, row.id))


def _end(uow: UnitOfWork, row: Guardianship, *, reason: str) -> None:
    row.revoked_at, row.revoked_by = uow.now, uow.actor.user_id
    uow.audit("guardianship", row.id, patient_id=row.patient_id, reason=reason)
    uow.record(GuardianshipEnded(row.user_id, row.patient_id))


def _is_same(known: PersonCard, checked: CheckedDependant) -> bool:
    same_name = folded(known.name) == folded(checked.name)
    return same_name and known.birth_date == checked.birth_date


def _is_usable(user: User) -> bool:
    is_active = user.status is AccountStatus.ACTIVE and user.email_verified_at is not None
    return user.role is Role.PATIENT and is_active


def _needed_reason(text: str) -> str:
    tidy = one_line(text)
    if not tidy or len(tidy) > 200:
        raise rules.ReasonNeeded
    return tidy
