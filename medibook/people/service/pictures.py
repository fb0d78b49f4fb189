"""Portraits: kept anew by us, shown to those who may see them."""

from uuid import UUID

from medibook.kernel.actor import anyone, applicant, patient, practitioner
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.people.access import patients, pictures, profiles
from medibook.people.events import ProfileChanged
from medibook.people.rules.pictures import portrait
from medibook.people.schemas import PictureFile
from medibook.people.tables import Patient, Practitioner


@use_case(allow=patient | practitioner | applicant)
def keep_picture(uow: UnitOfWork, *, content: bytes) -> UUID:
    """Keep one's portrait in place of the one before; raises UnfitPicture.

    The picture is drawn anew inside the transaction; a door that takes large ones shrinks them
    first (``rules.portrait``), so that writers do not wait for a photograph.
    """
    drawn = portrait(content)
    mine = _mine(uow)
    kept = pictures.replace(uow, mine, media_type=drawn.media_type, content=drawn.content)
    _tell(uow, mine)
    return kept


@use_case(allow=patient | practitioner | applicant)
def remove_picture(uow: UnitOfWork) -> None:
    """Remove one's portrait."""
    mine = _mine(uow)
    pictures.remove(uow, mine)
    _tell(uow, mine)


@query(allow=anyone)
def picture(uow: UnitOfWork, *, picture_id: UUID) -> PictureFile:
    """A portrait: an approved practitioner's is public, anybody else's is their own."""
    return pictures.find(uow, picture_id)


def _mine(uow: UnitOfWork) -> Patient | Practitioner:
    if uow.actor.patient_id is not None:
        return patients.my_patient(uow)
    return profiles.my_practitioner(uow)


def _tell(uow: UnitOfWork, mine: Patient | Practitioner) -> None:
    if mine.user_id is None:  # who signs in has an account
        raise NotFound
    is_patient = isinstance(mine, Patient)
    uow.audit("picture", mine.picture_id, patient_id=mine.id if is_patient else None)
    uow.record(ProfileChanged(mine.user_id, None if is_patient else mine.id))
