"""What a plan is made from: whose absence, the visits in it, who could see these patients, and when."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.absences import rules
from medibook.absences.schemas import AlternativeKind, Candidate, NewAbsence, Wanting
from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentCard
from medibook.clinic import service as clinic
from medibook.clinic.schemas import ServiceCard
from medibook.kernel.actor import Role
from medibook.kernel.errors import Invalid, NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules.weekly import time_off_interval
from medibook.scheduling.schemas import FreeTime, NewTimeOff

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_ASKED = 200  # colleagues of whom it is asked what they offer, those of the same place first
_MOST_COLLEAGUES = 12
_NEAREST = 120  # times of one practitioner that are weighed for one visit

Could = Mapping[UUID, Mapping[UUID, ServiceCard]]
"""By visit type: who offers it, and how."""


@dataclass(frozen=True, slots=True)
class Said:
    """An absence as it was said, judged, and turned into instants."""

    practitioner_id: UUID
    off: NewTimeOff
    period: Interval
    video_instead: Mapping[UUID, UUID]


def said(uow: UnitOfWork, new: NewAbsence) -> Said:
    """Judge what was said about an absence. Raises Invalid field by field; NotFound: not theirs."""
    whose = whose_absence(uow, new.practitioner_id)
    off = rules.as_time_off(new, zone_of(uow, whose), now=uow.now)
    zones = {
        place.zone for place in clinic.locations_by_id(uow, clinic.every_location_id(uow)).values()
    }
    if problems := rules.problems_of(off, zones=zones, now=uow.now):
        raise Invalid(problems)
    return Said(whose, off, time_off_interval(off), new.video_instead)


def whose_absence(uow: UnitOfWork, practitioner_id: UUID) -> UUID:
    """Whose absence the actor may see to: practitioners their own, the clinic anybody's. NotFound."""
    actor = uow.actor
    if actor.role is Role.PRACTITIONER and actor.practitioner_id != practitioner_id:
        raise NotFound
    if practitioner_id not in people.name_plates(uow, [practitioner_id]):
        raise NotFound
    return practitioner_id


def zone_of(uow: UnitOfWork, practitioner_id: UUID) -> str:
    """On whose wall a practitioner's absence is meant."""
    soon = Interval(uow.now, uow.now + _DAY)
    if zone := scheduling.agenda(uow, practitioner_id, soon).zone:
        return zone
    places = clinic.locations_by_id(uow, clinic.every_location_id(uow)).values()
    return min((place.zone for place in places), default="UTC")


def visits_affected(uow: UnitOfWork, absence: Said) -> tuple[AppointmentCard, ...]:
    """The visits that cannot be. Raises Invalid when they are more than one plan can hold."""
    visits = appointments.visits_during(uow, absence.practitioner_id, absence.period)
    if len(visits) > rules.MOST_CASES:
        raise Invalid({"last_day": rules.TOO_MANY})
    return visits


def who_could(
    uow: UnitOfWork, practitioner_id: UUID, service_ids: Iterable[UUID]
) -> dict[UUID, dict[UUID, ServiceCard]]:
    """Who offers these visit types: the practitioner, and colleagues, those of the same place first."""
    asked = (practitioner_id, *people.colleagues(uow, practitioner_id, limit=_ASKED))
    offered = clinic.services_by_practitioner(uow, asked)
    found: dict[UUID, dict[UUID, ServiceCard]] = {}
    for service_id in set(service_ids):
        cards = {
            who: card
            for who in asked
            for card in offered.get(who, ())
            if card.service_id == service_id
        }
        found[service_id] = dict(list(cards.items())[: _MOST_COLLEAGUES + 1])
    return found


def wanting(
    uow: UnitOfWork, absence: Said, visits: Sequence[AppointmentCard], could: Could
) -> list[Wanting]:
    """For each visit all the times that could be offered instead, the nearest first."""
    if not visits:
        return []
    window = _window(absence.period, uow.now)
    wanted = {visit.service_id for visit in visits}
    wanted |= {absence.video_instead[each] for each in wanted if each in absence.video_instead}
    pools = {each: _pool(uow, absence, could.get(each, {}), window) for each in wanted}
    busy = scheduling.taken_besides(
        uow,
        {visit.patient_id for visit in visits},
        Interval(window.start - _DAY, window.end + _DAY),
        besides={visit.appointment_id for visit in visits},
    )
    return [
        Wanting(
            appointment_id=visit.appointment_id,
            patient_id=visit.patient_id,
            starts_at=visit.starts_at,
            candidates=_candidates(
                visit, _pools_for(visit, pools, absence), busy.get(visit.patient_id, ())
            ),
        )
        for visit in visits
    ]


def _window(period: Interval, now: datetime) -> Interval:
    start = max(now + rules.NOTICE, period.start - _WEEK)
    return Interval(start, max(start, period.end) + rules.LOOK_PAST)


def _pool(
    uow: UnitOfWork, absence: Said, cards: Mapping[UUID, ServiceCard], window: Interval
) -> list[list[Candidate]]:
    """The times of each who offers a visit type, earliest first; not those at which they are away."""
    if not cards:
        return []
    free = scheduling.free_instead(uow, cards, window)
    return [
        [
            candidate
            for candidate in (_candidate(absence, cards[who], time) for time in times)
            if who != absence.practitioner_id or not candidate.around.overlaps(absence.period)
        ]
        for who, times in free.items()
    ]


def _candidate(absence: Said, card: ServiceCard, free: FreeTime) -> Candidate:
    kind = AlternativeKind.COLLEAGUE
    if card.is_video:
        kind = AlternativeKind.VIDEO
    if free.practitioner_id == absence.practitioner_id:
        kind = AlternativeKind.SAME_PRACTITIONER
    return Candidate(
        kind=kind,
        practitioner_id=free.practitioner_id,
        service_id=free.service_id,
        location_id=free.location_id,
        zone=free.zone,
        time=Interval(free.starts_at, free.ends_at),
        around=Interval(free.starts_at - card.buffer_before, free.ends_at + card.buffer_after),
        day=free.starts_at.astimezone(ZoneInfo(free.zone)).date(),
    )


def _pools_for(
    visit: AppointmentCard, pools: Mapping[UUID, list[list[Candidate]]], absence: Said
) -> list[list[Candidate]]:
    video = absence.video_instead.get(visit.service_id)
    return [*pools[visit.service_id], *(pools.get(video, []) if video else [])]


def _candidates(
    visit: AppointmentCard, pools: Iterable[list[Candidate]], busy: Sequence[Interval]
) -> tuple[Candidate, ...]:
    near = [
        candidate
        for pool in pools
        for candidate in _nearest(pool, visit.starts_at)
        if not any(candidate.time.overlaps(time) for time in busy)
    ]
    near.sort(key=lambda c: (abs(c.time.start - visit.starts_at), c.time.start, c.practitioner_id))
    return tuple(near)


def _nearest(pool: list[Candidate], at: datetime) -> list[Candidate]:
    place = bisect_left(pool, at, key=lambda candidate: candidate.time.start)
    return pool[max(0, place - _NEAREST) : place + _NEAREST]
