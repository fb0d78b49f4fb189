"""What the public may know about a practitioner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.clinic.schemas import LocationCard, SpecialtyCard
from medibook.directory.access import profiles as access
from medibook.directory.schemas import PublicProfile
from medibook.kernel.actor import anyone
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork, query
from medibook.scheduling import service as scheduling


@query(allow=anyone)
def profile(uow: UnitOfWork, *, slug: str) -> PublicProfile:
    """Show a doctor to the public; NotFound when not approved, suspended or without a service."""
    if not slug.isprintable():  # an address may hold NUL, which PostgreSQL does not take
        raise NotFound
    rows = access.listed(uow, slug=slug)
    if not rows:
        raise NotFound
    row = rows[0]
    about = _About.of(uow, [row.practitioner_id])
    policy = clinic.policy(uow)
    return PublicProfile(
        practitioner_id=row.practitioner_id,
        slug=row.slug,
        name=row.name,
        specialties=about.specialties_of(row.practitioner_id),
        locations=about.locations_of(row.practitioner_id),
        languages=tuple(row.languages.split(",")),
        qualifications=row.qualifications,
        years_of_experience=row.years_of_experience,
        biography=row.biography,
        picture_id=row.picture_id,
        services=clinic.services_of(uow, row.practitioner_id),
        booking_mode=scheduling.booking_mode(uow, row.practitioner_id),
        approved_on=row.decided_at.date() if row.decided_at else None,
        cancel_cutoff_hours=int(policy.cancel_cutoff.total_seconds() // 3600),
        horizon_days=policy.horizon.days,
    )


@dataclass(frozen=True, slots=True)
class _About:
    """Specialties and locations of some practitioners, asked for once."""

    specialties: Mapping[UUID, SpecialtyCard]
    locations: Mapping[UUID, LocationCard]
    has: Mapping[UUID, Sequence[UUID]]
    works_at: Mapping[UUID, Sequence[UUID]]

    @classmethod
    def of(cls, uow: UnitOfWork, practitioner_ids: Sequence[UUID]) -> "_About":
        has = access.specialty_ids_by_practitioner(uow, practitioner_ids)
        works_at = access.location_ids_by_practitioner(uow, practitioner_ids)
        return cls(
            specialties=clinic.specialties_by_id(uow, {i for ids in has.values() for i in ids}),
            locations=clinic.locations_by_id(uow, {i for ids in works_at.values() for i in ids}),
            has=has,
            works_at=works_at,
        )

    def specialties_of(self, practitioner_id: UUID) -> tuple[SpecialtyCard, ...]:
        return tuple(self.specialties[i] for i in self.has.get(practitioner_id, ()))

    def locations_of(self, practitioner_id: UUID) -> tuple[LocationCard, ...]:
        found = (self.locations[i] for i in self.works_at.get(practitioner_id, ()))
        return tuple(place for place in found if not place.is_retired)
