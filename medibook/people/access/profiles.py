"""Rows of practitioners."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from medibook.kernel.errors import Invalid, NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.kernel.words import N_
from medibook.people.rules.fields import one_line
from medibook.people.schemas import ApprovalStatus, NamePlate, PractitionerProfile
from medibook.people.tables import (
    AccountStatus,
    Practitioner,
    PractitionerSpecialty,
    User,
)

# Rooms above ours; we only ask whether the row that somebody names is there.
_SPECIALTY = sa.table("specialty", sa.column("id", sa.Uuid))
_LOCATION = sa.table("location", sa.column("id", sa.Uuid))
# Where a practitioner and their account are joined: approved, and not suspended.
CAN_BE_BOOKED = (
    col(Practitioner.status) == ApprovalStatus.APPROVED,
    col(User.status) == AccountStatus.ACTIVE,
)
# Written once: it is asked at every hold and every booking, and building it costs more than running it.
_BOOKABLE = (
    select(Practitioner.id)
    .join(User, col(User.id) == Practitioner.user_id)
    .where(col(Practitioner.id).in_(sa.bindparam("ids", expanding=True)), *CAN_BE_BOOKED)
)

# What a list says of a practitioner. Written once: it is asked on the pages that are open all day.
_NAME_PLATES = (
    sa.select(
        col(Practitioner.id),
        col(Practitioner.name),
        col(Practitioner.slug),
        sa.and_(*CAN_BE_BOOKED).label("is_bookable"),
    )
    .join_from(Practitioner, User, col(User.id) == Practitioner.user_id)
    .where(col(Practitioner.id).in_(sa.bindparam("ids", expanding=True)))
)


def add_practitioner(uow: UnitOfWork, row: Practitioner, specialty_ids: Sequence[UUID]) -> None:
    """Keep a new practitioner with their specialties."""
    uow.session.add(row)
    uow.session.flush()
    set_specialties(uow, row.id, specialty_ids)


def set_specialties(uow: UnitOfWork, practitioner_id: UUID, specialty_ids: Sequence[UUID]) -> None:
    """Replace the specialties of a practitioner."""
    mine = col(PractitionerSpecialty.practitioner_id) == practitioner_id
    uow.session.execute(sa.delete(PractitionerSpecialty).where(mine))
    for specialty_id in specialty_ids:
        uow.session.add(
            PractitionerSpecialty(practitioner_id=practitioner_id, specialty_id=specialty_id)
        )
    uow.session.flush()


def check_claimed_places(
    uow: UnitOfWork, specialty_ids: Sequence[UUID], location_id: UUID | None
) -> None:
    """Refuse specialties and a location that the clinic does not have: ids are claims."""
    problems = {}
    known = (
        sa.select(sa.func.count()).select_from(_SPECIALTY).where(_SPECIALTY.c.id.in_(specialty_ids))
    )
    if uow.session.execute(known).scalar_one() != len(specialty_ids):
        problems["specialty_ids"] = N_("Please choose specialties from the list.")
    here = sa.select(sa.func.count()).select_from(_LOCATION).where(_LOCATION.c.id == location_id)
    if location_id is not None and not uow.session.execute(here).scalar_one():
        problems["location_id"] = N_("Please choose a location from the list.")
    if problems:
        raise Invalid(problems)


def free_slug(uow: UnitOfWork, wish: str) -> str:
    """Return ``wish``, or it with the first number that nobody has in their address."""
    alike = select(Practitioner.slug).where(
        sa.or_(
            col(Practitioner.slug) == wish,
            col(Practitioner.slug).startswith(f"{wish}-", autoescape=True),
        )
    )
    taken = set(uow.session.exec(alike).all())
    number = 2
    slug = wish
    while slug in taken:
        slug, number = f"{wish}-{number}", number + 1
    return slug


def my_practitioner(uow: UnitOfWork) -> Practitioner:
    """Return the practitioner that the actor is."""
    return find_practitioner(uow, uow.actor.practitioner_id)


def find_practitioner(uow: UnitOfWork, practitioner_id: UUID | None) -> Practitioner:
    """Return a practitioner as they stand now, for themselves and for admins; or NotFound."""
    found = (
        uow.session.get(Practitioner, practitioner_id, populate_existing=True)
        if practitioner_id
        else None
    )
    if found is None:
        raise NotFound
    return found


def practitioner_of(uow: UnitOfWork, user_id: UUID) -> Practitioner | None:
    """Return the practitioner of an account."""
    return uow.session.exec(
        select(Practitioner).where(Practitioner.user_id == user_id)
    ).one_or_none()


def practitioners(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, PractitionerProfile]:
    """Return these practitioners, in two questions for a whole list."""
    return _profiles(uow, col(Practitioner.id).in_(set(ids))) if ids else {}


def name_plates(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, NamePlate]:
    """Return what these practitioners are called, and who of them can be booked, in one question."""
    found = uow.session.execute(_NAME_PLATES, {"ids": list(set(ids))}) if ids else ()
    return {row[0]: NamePlate(*row) for row in found}


def practitioners_named(uow: UnitOfWork, text: str) -> tuple[PractitionerProfile, ...]:
    """The approved practitioners of this name, or else those whose name holds the text; ten at most."""
    plain = one_line(text).casefold()
    name = sa.func.lower(col(Practitioner.name))
    approved = col(Practitioner.status) == ApprovalStatus.APPROVED
    same = tuple(_profiles(uow, approved, name == plain).values())
    wanted = select(Practitioner.id).where(approved, name.contains(plain, autoescape=True))
    return same or tuple(_profiles(uow, col(Practitioner.id).in_(wanted.limit(10))).values())


def specialists(uow: UnitOfWork, specialty_id: UUID) -> tuple[UUID, ...]:
    """Everybody who has a specialty, bookable or not, always in the same order."""
    chosen = select(PractitionerSpecialty.practitioner_id).where(
        PractitionerSpecialty.specialty_id == specialty_id
    )
    ordered = chosen.order_by(col(PractitionerSpecialty.practitioner_id))
    return tuple(uow.session.exec(ordered).all())


def find_practitioner_by_slug(uow: UnitOfWork, slug: str) -> PractitionerProfile:
    """Return the bookable practitioner of a public address; NotFound for everybody else."""
    found = _profiles(uow, Practitioner.slug == slug, *CAN_BE_BOOKED)
    if not found:
        raise NotFound
    return next(iter(found.values()))


def is_bookable(uow: UnitOfWork, practitioner_id: UUID) -> bool:
    """Tell whether patients may book a practitioner: approved, and the account is not suspended."""
    return practitioner_id in bookable(uow, [practitioner_id])


def bookable(uow: UnitOfWork, practitioner_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of these practitioners who can be booked, in one question for a whole list."""
    asked = {"ids": list(set(practitioner_ids))}
    return frozenset(uow.session.execute(_BOOKABLE, asked).scalars())


def awaiting(uow: UnitOfWork) -> tuple[PractitionerProfile, ...]:
    """Return the claims that an admin has to judge or waits for, the longest waiting first."""
    found = _profiles(
        uow, col(Practitioner.status).in_([ApprovalStatus.PENDING, ApprovalStatus.ASKED])
    )
    return tuple(
        sorted(found.values(), key=lambda p: (p.status != ApprovalStatus.PENDING, p.applied_at))
    )


def profile(uow: UnitOfWork, row: Practitioner) -> PractitionerProfile:
    """Return one practitioner as they present themselves."""
    uow.session.flush()
    return _profiles(uow, Practitioner.id == row.id)[row.id]


def _profiles(uow: UnitOfWork, *wanted: object) -> dict[UUID, PractitionerProfile]:
    conditions = [sa.and_(*wanted)]  # type: ignore[arg-type]  # conditions of SQLModel columns are typed bool
    found = uow.session.exec(
        select(Practitioner, User)
        .join(User, col(User.id) == Practitioner.user_id)
        .where(*conditions)
    ).all()
    ids = [row.id for row, _ in found]
    specialties: dict[UUID, list[UUID]] = {key: [] for key in ids}
    listed = select(PractitionerSpecialty).where(
        col(PractitionerSpecialty.practitioner_id).in_(ids)
    )
    for link in uow.session.exec(listed).all():
        specialties[link.practitioner_id].append(link.specialty_id)
    return {row.id: _profile(row, user, specialties[row.id]) for row, user in found}


def _profile(row: Practitioner, user: User, specialty_ids: list[UUID]) -> PractitionerProfile:
    return PractitionerProfile(
        practitioner_id=row.id,
        user_id=user.id,
        slug=row.slug,
        name=row.name,
        email=user.email,
        phone=row.phone,
        specialty_ids=tuple(sorted(specialty_ids)),
        qualifications=row.qualifications,
        licence_number=row.licence_number,
        years_of_experience=row.years_of_experience,
        languages=tuple(row.languages.split(",")),
        location_id=row.location_id,
        fee_minor=row.fee_minor,
        fee_currency=row.fee_currency,
        biography=row.biography,
        status=row.status,
        decision_reason=row.decision_reason,
        applied_at=row.applied_at,
        picture_id=row.picture_id,
        version=row.version,
    )
