"""What practitioners are trained in, and the plain words by which patients look for it."""

from uuid import UUID

from medibook.clinic import access
from medibook.clinic.events import SpecialtyChanged
from medibook.clinic.rules.specialties import checked_specialty, code_of
from medibook.clinic.schemas import SpecialtySheet
from medibook.kernel.actor import admin, staff
from medibook.kernel.use_case import UnitOfWork, query, use_case


@query(allow=admin | staff)
def all_specialties(uow: UnitOfWork) -> tuple[SpecialtySheet, ...]:
    """Every specialty, also the retired ones, by name."""
    return access.specialty_sheets(uow)


@use_case(allow=admin)
def add_specialty(uow: UnitOfWork, *, name: str, synonyms: str = "") -> UUID:
    """A new specialty; ``synonyms`` are plain words, separated by commas. Raises Invalid, NameTaken."""
    tidy, words = checked_specialty(name, synonyms)
    specialty_id = access.add_specialty(uow, code=code_of(tidy), name=tidy, synonyms=words)
    _changed(uow, specialty_id)
    return specialty_id


@use_case(allow=admin)
def change_specialty(
    uow: UnitOfWork, *, specialty_id: UUID, name: str, synonyms: str, version: int
) -> None:
    """Another name, or other plain words. Raises Invalid, NotFound, Conflict."""
    tidy, words = checked_specialty(name, synonyms)
    access.change_specialty(uow, specialty_id, name=tidy, synonyms=words, version=version)
    _changed(uow, specialty_id)


@use_case(allow=admin)
def retire_specialty(uow: UnitOfWork, *, specialty_id: UUID) -> None:
    """Offer it to nobody any more; who has it keeps it."""
    access.retire_specialty(uow, specialty_id, at=uow.now)
    _changed(uow, specialty_id)


@use_case(allow=admin)
def bring_back_specialty(uow: UnitOfWork, *, specialty_id: UUID) -> None:
    """Offer it again."""
    access.retire_specialty(uow, specialty_id, at=None)
    _changed(uow, specialty_id)


@use_case(allow=admin)
def remove_specialty(uow: UnitOfWork, *, specialty_id: UUID) -> None:
    """Delete a specialty that nobody has. Raises InUse."""
    access.remove_specialty(uow, specialty_id)
    _changed(uow, specialty_id)


def _changed(uow: UnitOfWork, specialty_id: UUID) -> None:
    uow.audit("specialty", specialty_id)
    uow.record(SpecialtyChanged(specialty_id))
