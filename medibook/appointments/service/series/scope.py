"""Which visits of a series a change is meant for, and what may keep one of them where it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.rules.series import SeriesMeanwhile
from medibook.appointments.schemas.series import ReadPlan, Scope
from medibook.appointments.service.series.reading import is_to_come, was_moved_alone
from medibook.appointments.tables import Appointment, AppointmentSeries, SeriesVisit
from medibook.kernel.actor import Role
from medibook.kernel.errors import NotFound, Refusal
from medibook.kernel.use_case import UnitOfWork
from medibook.kernel.words import N_
from medibook.scheduling.schemas import Obstacle, Reason

_ALONE = N_("It was moved on its own before, and stays where it is.")
Member = tuple[Appointment, SeriesVisit]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A series, one of its visits, and those to come that a change of it is meant for."""

    series: AppointmentSeries
    anchor: Member
    members: tuple[Member, ...]


def choose(
    uow: UnitOfWork, appointment_id: UUID, scope: Scope, *, to_change: bool = False
) -> Chosen:
    """The visits that a change is meant for, in the order of their times; past ones never are.

    Raises:
        NotFound: no such visit, or it belongs to no series.
    """
    place = access.place_of(uow, appointment_id)
    if place is None:
        raise NotFound
    series = access.find_series(uow, place.series_id, to_change=to_change)
    visits = access.visits_of_series(uow, series.id, to_change=to_change)
    anchor = next((one for one in visits if one[0].id == appointment_id), None)
    if anchor is None:
        raise NotFound
    members = tuple(one for one in visits if _is_meant(one[0], anchor[0], scope, uow.now))
    return Chosen(series, anchor, members)


def _is_meant(visit: Appointment, anchor: Appointment, scope: Scope, now: datetime) -> bool:
    if not is_to_come(visit, now):
        return False
    match scope:
        case Scope.THIS:
            return visit.id == anchor.id
        case Scope.FOLLOWING:
            return visit.starts_at >= anchor.starts_at
        case Scope.ALL:
            return True


def by_practitioner(members: Iterable[Member]) -> list[Member]:
    """These visits, one practitioner's after the other's.

    What each of them frees is told to the directory in this order: two series that meet at two
    practitioners would otherwise wait for each other in a ring.
    """
    return sorted(members, key=lambda member: member[0].practitioner_id)


def too_late(uow: UnitOfWork, visit: Appointment) -> Obstacle | None:
    """What forbids a patient to change a visit online; the clinic may until it begins."""
    if uow.actor.role is not Role.PATIENT:
        return None
    try:
        rules.check_patient_may_change(
            status=visit.status,
            starts_at=visit.starts_at,
            cancel_until=visit.cancel_until,
            late_allowed=visit.late_cancel_allowed,
            now=uow.now,
            phone=uow.settings.clinic_phone,
        )
    except Refusal as refusal:
        facts = {key: value for key, value in refusal.facts.items() if isinstance(value, str | int)}
        return Obstacle(Reason.TOO_SOON, refusal.sentence, facts=dict(facts))
    return None


def stands_alone(chosen: Chosen, member: Member, usual: timedelta) -> Obstacle | None:
    """A visit that was changed on its own keeps its own time when the others move."""
    visit, place = member
    if visit.id == chosen.anchor[0].id:
        return None
    if was_moved_alone(visit, place) or visit.ends_at - visit.starts_at != usual:
        return Obstacle(Reason.TAKEN, _ALONE)
    return None


def begin_change(chosen: Chosen, read: ReadPlan) -> bool:
    """Whether this change is still to be made; False: its key has made it. Raises SeriesMeanwhile."""
    if chosen.series.last_key == read.key:
        return False
    if chosen.series.version != read.version:
        raise SeriesMeanwhile
    return True


def end_change(chosen: Chosen, read: ReadPlan) -> None:
    """Let the series have one version more, and remember whose change it was."""
    chosen.series.version += 1
    chosen.series.last_key = read.key
