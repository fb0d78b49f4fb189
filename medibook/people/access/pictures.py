"""Rows of portraits, and who may see which."""

import hashlib
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from medibook.kernel.actor import Role
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.people.schemas import ApprovalStatus, PictureFile
from medibook.people.tables import AccountStatus, Patient, Picture, Practitioner, User


def replace(
    uow: UnitOfWork, owner: Patient | Practitioner, *, media_type: str, content: bytes
) -> UUID:
    """Keep a portrait in place of the one before."""
    if owner.user_id is None:  # who has no account keeps no portrait
        raise NotFound
    row = Picture(
        id=uow.new_id(),
        owner_id=owner.user_id,
        media_type=media_type,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    before, owner.picture_id = owner.picture_id, row.id
    uow.session.flush()
    _drop(uow, before)
    return row.id


def remove(uow: UnitOfWork, owner: Patient | Practitioner) -> None:
    """Remove a portrait; without one nothing happens."""
    before, owner.picture_id = owner.picture_id, None
    uow.session.flush()
    _drop(uow, before)


def _drop(uow: UnitOfWork, picture_id: UUID | None) -> None:
    if picture_id is not None:
        uow.session.execute(sa.delete(Picture).where(col(Picture.id) == picture_id))


def find(uow: UnitOfWork, picture_id: UUID) -> PictureFile:
    """Return a portrait that the actor may see; absent and forbidden look alike."""
    picture = uow.session.get(Picture, picture_id)
    if picture is None:
        raise NotFound
    treats = (
        select(Practitioner.status, User.status)
        .join(User, col(User.id) == Practitioner.user_id)
        .where(Practitioner.user_id == picture.owner_id)
    )
    standing = uow.session.exec(treats).one_or_none()
    is_public = standing == (ApprovalStatus.APPROVED, AccountStatus.ACTIVE)
    # An admin looks at an applicant's portrait before deciding.
    judges = standing is not None and uow.actor.role is Role.ADMIN
    if not (is_public or judges or picture.owner_id == uow.actor.user_id):
        raise NotFound
    return PictureFile(media_type=picture.media_type, content=picture.content, is_public=is_public)
