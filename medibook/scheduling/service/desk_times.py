"""Free times as the front desk gives them away: for a patient, without the notice that binds patients."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.clinic.schemas import ClinicPolicy, ServiceCard
from medibook.kernel.actor import staff
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query
from medibook.people import service as people
from medibook.scheduling import access
from medibook.scheduling.access.workdays import working_at
from medibook.scheduling.rules import open_time
from medibook.scheduling.rules.refusals import NotBookable
from medibook.scheduling.rules.terms import usual_place
from medibook.scheduling.schemas import FreeTime, SlotBoard
from medibook.scheduling.service.first_times import Asked, policies_of, soonest_free
from medibook.scheduling.service.free import board_of
from medibook.scheduling.service.openings import Viewer

_MINUTE = timedelta(minutes=1)
_AHEAD = timedelta(days=180)
_STAGES = (timedelta(days=2), timedelta(days=14), timedelta(days=60))
_MOST = 300


@query(allow=staff)
def board_at_desk(
    uow: UnitOfWork,
    *,
    practitioner_id: UUID,
    service_id: UUID,
    patient_id: UUID,
    first_day: date | None = None,
    days: int = 7,
) -> SlotBoard:
    """The free times that the front desk can give this patient: also the next ones, and half a year ahead.

    Raises:
        NotBookable, ServiceNotOffered.
    """
    if not people.is_bookable(uow, practitioner_id):
        raise NotBookable
    service, policy = clinic.service_and_policy(uow, practitioner_id, service_id)
    return board_of(
        uow,
        {practitioner_id: service},
        _for_desk(policy),
        Viewer(patient_id),
        first_day=first_day,
        days=days,
    )


def soonest(
    uow: UnitOfWork, services: Mapping[UUID, ServiceCard], *, patient_id: UUID
) -> dict[UUID, FreeTime]:
    """The first time of each of these practitioners that this patient could have; who has none is absent.

    Looked for in widening stages: most have one within two days.
    """
    policies = {i: _for_desk(policy) for i, policy in policies_of(uow, services).items()}
    viewer = Viewer(patient_id)
    found: dict[UUID, FreeTime] = {}
    for stage in _STAGES:
        left = {who: Asked(card, uow.now) for who, card in services.items() if who not in found}
        until = uow.now + stage
        times = soonest_free(uow, left, policies=policies, until=until, viewer=viewer)
        found |= {who: first for who, (first,) in times.items()}
    return found


def who_works_at(uow: UnitOfWork, location_ids: Collection[UUID]) -> list[UUID]:
    """Practitioners with hours at these places, as many as a screen can list."""
    return working_at(uow, location_ids, most=_MOST)


def usual_place_of(uow: UnitOfWork, practitioner_id: UUID, at: datetime) -> UUID | None:
    """Where a practitioner is open at that time; else where on that day of the week, or usually."""
    hours = access.rules_of(uow, practitioner_id)
    for _span, location_id, _zone in open_time(hours, Interval(at, at + _MINUTE)):
        return location_id
    usual = usual_place(hours, at)
    return usual.location_id if usual else None


def _for_desk(policy: ClinicPolicy) -> ClinicPolicy:
    return policy.model_copy(update={"minimum_notice": timedelta(0), "horizon": _AHEAD})
