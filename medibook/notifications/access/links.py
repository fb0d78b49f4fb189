"""Rows of links that answer without signing in; found by the hash of their token alone."""

from sqlmodel import select

from medibook.kernel.crypto import hash_token
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.schemas import About, AnswerLink
from medibook.notifications.tables import AnswerAddress


def add_link(uow: UnitOfWork, token: str, link: AnswerLink) -> None:
    """Keep a link; the token itself goes into the message and nowhere else."""
    about = link.about
    row = AnswerAddress(
        id=link.link_id,
        token_hash=hash_token(token),
        about_kind=about.kind,
        about_id=about.about_id,
        about_mark=about.mark,
        patient_id=about.patient_id,
        user_id=link.user_id,
        actions=",".join(link.actions),
        locale=link.locale,
        created_at=uow.now,
        expires_at=link.expires_at,
    )
    uow.session.add(row)
    uow.session.flush()


def link_of(uow: UnitOfWork, token: str) -> AnswerLink:
    """The link of this token while it lasts. Raises NotFound: unknown and expired look alike."""
    asked = select(AnswerAddress).where(
        AnswerAddress.token_hash == hash_token(token), AnswerAddress.expires_at > uow.now
    )
    row = uow.session.exec(asked).one_or_none()
    if row is None:
        raise NotFound
    about = About(
        kind=row.about_kind, about_id=row.about_id, mark=row.about_mark, patient_id=row.patient_id
    )
    return AnswerLink(
        link_id=row.id,
        about=about,
        actions=tuple(row.actions.split(",")),
        user_id=row.user_id,
        locale=row.locale,
        expires_at=row.expires_at,
    )
