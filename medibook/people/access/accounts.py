"""Rows of accounts."""

from uuid import NAMESPACE_URL, UUID, uuid5

import sqlalchemy as sa
from sqlmodel import col, select

from medibook.kernel.actor import Role
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.people.schemas import AccountPage, AccountRow, ApprovalStatus, Person
from medibook.people.tables import (
    AccountStatus,
    Patient,
    Practitioner,
    PractitionerSpecialty,
    SignInSession,
    User,
)

PER_PAGE = 50
ADMINS_LOCK = uuid5(NAMESPACE_URL, "medibook:admins")


def lock_address(uow: UnitOfWork, email: str) -> None:
    """Let one registration of an address decide at a time, also while it has no row yet."""
    uow.lock(uuid5(NAMESPACE_URL, f"mailto:{email}"))


def by_email(uow: UnitOfWork, email: str) -> User | None:
    """Return the account of an address (in its written form)."""
    return uow.session.exec(select(User).where(User.email == email)).one_or_none()


def find(uow: UnitOfWork, user_id: UUID | None) -> User:
    """Return an account as it stands now; NotFound when there is none."""
    user = uow.session.get(User, user_id, populate_existing=True) if user_id else None
    if user is None:
        raise NotFound
    return user


def add(uow: UnitOfWork, user: User) -> User:
    """Keep a new account."""
    uow.session.add(user)
    uow.session.flush()
    return user


def active_admins_besides(uow: UnitOfWork, user_id: UUID) -> int:
    """Count who could still run the clinic; lock ``ADMINS_LOCK`` first, or the answer is stale."""
    others = (
        select(sa.func.count())
        .select_from(User)
        .where(User.role == Role.ADMIN, User.status == AccountStatus.ACTIVE, User.id != user_id)
    )
    return uow.session.exec(others).one()


def is_active(uow: UnitOfWork, user_id: UUID | None) -> bool:
    """Tell whether an account may act at this moment, whatever it might when its session was read."""
    status = select(User.status).where(User.id == user_id)
    return uow.session.exec(status).one_or_none() is AccountStatus.ACTIVE


def first_of(uow: UnitOfWork, role: Role) -> User | None:
    """Return the oldest account of a role that can sign in; of practitioners, an approved one."""
    found = (
        select(User)
        .outerjoin(Practitioner, col(Practitioner.user_id) == User.id)
        .where(
            User.role == role,
            User.status == AccountStatus.ACTIVE,
            col(User.email_verified_at).is_not(None),
            sa.or_(
                col(User.role) != Role.PRACTITIONER,
                col(Practitioner.status) == ApprovalStatus.APPROVED,
            ),
        )
        .order_by(col(User.created_at), User.email)
        .limit(1)
    )
    return uow.session.exec(found).one_or_none()


def forget_claims(uow: UnitOfWork, user: User) -> None:
    """Remove the profile of an account that nobody has proven to be theirs; it never acted."""
    for found in uow.session.exec(select(Patient).where(Patient.user_id == user.id)).all():
        uow.session.delete(found)
    for claimed in uow.session.exec(
        select(Practitioner).where(Practitioner.user_id == user.id)
    ).all():
        mine = col(PractitionerSpecialty.practitioner_id) == claimed.id
        uow.session.execute(sa.delete(PractitionerSpecialty).where(mine))
        uow.session.delete(claimed)
    uow.session.flush()


def person(uow: UnitOfWork, user_id: UUID) -> Person:
    """Return whom a message is for; NotFound when there is no such account."""
    return _person(find(uow, user_id))


def admins(uow: UnitOfWork) -> tuple[Person, ...]:
    """Return the admins who can act, oldest first."""
    found = (
        select(User)
        .where(User.role == Role.ADMIN, User.status == AccountStatus.ACTIVE)
        .order_by(col(User.created_at))
    )
    return tuple(_person(user) for user in uow.session.exec(found).all())


def _person(user: User) -> Person:
    return Person(
        user_id=user.id, name=user.name, email=user.email, locale=user.locale, role=user.role.value
    )


def page(uow: UnitOfWork, *, search: str, role: Role | None, number: int) -> AccountPage:
    """Return a page of accounts by name; ``search`` looks into names and addresses."""
    wanted: list[sa.ColumnElement[bool]] = [] if role is None else [col(User.role) == role]
    if search:
        wanted.append(
            sa.or_(
                sa.func.lower(User.name).contains(search.casefold(), autoescape=True),
                col(User.email).contains(search.casefold(), autoescape=True),
            )
        )
    total = uow.session.exec(select(sa.func.count()).select_from(User).where(*wanted)).one()
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(number, 1), pages)
    seen = (
        select(sa.func.max(SignInSession.last_seen_at))
        .where(SignInSession.user_id == User.id)
        .scalar_subquery()
    )
    rows = uow.session.execute(
        sa.select(User, seen)
        .where(*wanted)
        .order_by(sa.func.lower(User.name), User.email)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    shown = tuple(_row(user, last_seen) for user, last_seen in rows)
    return AccountPage(rows=shown, page=number, pages=pages, total=total)


def _row(user: User, last_seen: object) -> AccountRow:
    return AccountRow.model_validate(
        {
            "user_id": user.id,
            "name": user.name,
            "email": user.email,
            "role": user.role.value,
            "status": user.status.value,
            "is_verified": user.email_verified_at is not None,
            "last_seen_at": last_seen,
            "created_at": user.created_at,
        }
    )
