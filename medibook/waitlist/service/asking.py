"""What somebody is about to wait for, from where they come: a full board, a search, or their own visit."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import service as appointments
from medibook.clinic import service as clinic
from medibook.clinic.schemas import ServiceCard
from medibook.kernel.actor import patient
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork, query
from medibook.people import service as people
from medibook.waitlist.schemas import JoinPage, NewEntry

_DAY = timedelta(days=1)


@query(allow=patient)
def wish_from_board(uow: UnitOfWork, *, slug: str, service_id: UUID | None = None) -> JoinPage:
    """Waiting for a practitioner's visit, the usual one unless another is named. Raises NotFound."""
    profile = people.find_practitioner_by_slug(uow, slug)
    services = clinic.services_of(uow, profile.practitioner_id)
    service = next((s for s in services if s.service_id == service_id), next(iter(services), None))
    if service is None:
        raise NotFound
    return _page(uow, _for(service, (profile.practitioner_id,)), service.name, profile.name)


@query(allow=patient)
def wish_from_search(uow: UnitOfWork, *, specialty: str, city: str = "") -> JoinPage:
    """Waiting for anybody of a specialty, in a city when one was searched for. Raises NotFound."""
    found = next((s for s in clinic.specialties(uow) if s.code == specialty), None)
    if found is None:
        raise NotFound
    wish = NewEntry(specialty_id=found.specialty_id, city=city[:80])
    return _page(uow, wish, found.name, "")


@query(allow=patient)
def wish_from_visit(uow: UnitOfWork, *, appointment_id: UUID) -> JoinPage:
    """Waiting for an earlier time than a visit that one has. Raises NotFound."""
    visit = appointments.visit(uow, appointment_id=appointment_id)
    if visit.starts_at <= uow.now:
        raise NotFound
    on = visit.starts_at.astimezone(ZoneInfo(visit.zone)).date()
    wish = NewEntry(
        service_id=visit.service_id,
        practitioner_ids=(visit.practitioner_id,),
        last_day=max(on - _DAY, uow.now.date()),
        replaces_id=visit.appointment_id,
        for_patient=visit.patient_id,
    )
    page = _page(uow, wish, visit.service_name, visit.practitioner_name)
    return page.model_copy(
        update={
            "replaces_start": visit.starts_at,
            "replaces_zone": visit.zone,
            "patient_name": visit.patient_name,
        }
    )


def _for(service: ServiceCard, practitioner_ids: tuple[UUID, ...]) -> NewEntry:
    return NewEntry(service_id=service.service_id, practitioner_ids=practitioner_ids)


def _page(uow: UnitOfWork, wish: NewEntry, what: str, whom: str) -> JoinPage:
    today: date = uow.now.date()
    horizon = (
        clinic.policy_for(uow, wish.service_id) if wish.service_id else clinic.policy(uow)
    ).horizon
    last = wish.last_day or today + horizon
    return JoinPage(
        wish=wish.model_copy(update={"first_day": today, "last_day": last}),
        what=what,
        practitioner_name=whom,
        people=people.people_i_book_for(uow),
    )
