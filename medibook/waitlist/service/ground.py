"""What a freed time could be for those who wait: from rows of many rooms to what the rules read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from medibook.appointments import service as appointments
from medibook.appointments.schemas import OpenVisit
from medibook.clinic import service as clinic
from medibook.clinic.schemas import ClinicPolicy
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import FreeTime
from medibook.waitlist.access import entries, offers
from medibook.waitlist.rules import Candidate, Freed, Opening, Wish
from medibook.waitlist.schemas import PassReason


@dataclass(frozen=True, slots=True)
class Ground:
    """A practitioner's freed time: what it could be used for, and who waits for that, in order."""

    practitioner_id: UUID
    time: Interval
    freed: Freed
    candidates: tuple[Candidate, ...]
    rows: Mapping[UUID, Any]
    policies: Mapping[UUID, ClinicPolicy]

    @property
    def where(self) -> Opening | None:
        """The first of the times that a visit could have; None when none could."""
        return next((times[0] for times in self.freed.openings.values()), None)


def ground_of(uow: UnitOfWork, practitioner_id: UUID, time: Interval) -> Ground:
    """Who waits for this practitioner, and the times that their visits could have; cheap facts only."""
    rows, usual = _who_waits(uow, practitioner_id)
    wanted = {row.service_id or usual for row in rows}
    services = [
        card
        for card in (clinic.services_of(uow, practitioner_id) if rows else ())
        if card.service_id in wanted
    ]
    times = scheduling.times_within(
        uow, practitioner_id=practitioner_id, services=services, freed=time
    )
    policies = clinic.policies_for(uow, times) if times else {}
    notice = {service_id: policy.minimum_notice for service_id, policy in policies.items()}
    return Ground(
        practitioner_id=practitioner_id,
        time=time,
        freed=Freed(_openings(uow, times), notice),
        candidates=tuple(candidate_of(row, row.service_id or usual) for row in rows),
        rows={row.id: row for row in rows},
        policies=policies,
    )


def _who_waits(uow: UnitOfWork, practitioner_id: UUID) -> tuple[list[Any], UUID]:
    """The entries that this practitioner could serve, and the visit type for whoever named none."""
    services = clinic.services_of(uow, practitioner_id)
    if not services or not people.is_bookable(uow, practitioner_id):
        return [], practitioner_id
    profile = people.practitioners(uow, [practitioner_id])[practitioner_id]
    rows = entries.candidates(
        uow,
        practitioner_id,
        service_ids=[card.service_id for card in services],
        specialty_ids=profile.specialty_ids,
    )
    return rows, services[0].service_id


def candidate_of(row: Any, service_id: UUID) -> Candidate:  # noqa: ANN401 - a row of Core columns
    """An entry as the rules read it, without what stands against its patient."""
    return Candidate(
        entry_id=row.id,
        patient_id=row.patient_id,
        service_id=service_id,
        priority=row.priority,
        since=row.since,
        wish=wish_of(row),
    )


def wish_of(row: Any) -> Wish:  # noqa: ANN401 - likewise
    """When and where an entry wants its visit."""
    return Wish(
        first_day=row.first_day,
        last_day=row.last_day,
        weekdays=frozenset(map(int, row.weekdays)),
        not_before=row.not_before,
        not_after=row.not_after,
        city=row.city,
    )


def _openings(
    uow: UnitOfWork, times: Mapping[UUID, Sequence[FreeTime]]
) -> dict[UUID, tuple[Opening, ...]]:
    places = clinic.locations_by_id(
        uow, {time.location_id for each in times.values() for time in each}
    )
    return {
        service_id: tuple(
            Opening(t.starts_at, t.ends_at, t.location_id, t.zone, places[t.location_id].city)
            for t in each
        )
        for service_id, each in times.items()
    }


def with_facts(uow: UnitOfWork, ground: Ground, some: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """These candidates with all that stands against each; a handful of looks for however many."""
    patients = {candidate.patient_id for candidate in some}
    if not patients:
        return ()
    starts = [o.starts_at for times in ground.freed.openings.values() for o in times]
    ends = [o.ends_at for times in ground.freed.openings.values() for o in times]
    window = Interval(min(starts), max(ends))
    reached = people.who_can_be_asked(uow, patients)
    asked = offers.entries_asked(uow, {candidate.entry_id for candidate in some})
    refused = offers.refused(uow, ground.practitioner_id, patients, window)
    busy = _busy(uow, patients, window)
    visits = appointments.open_visits(uow, patients)
    like_it = _specialists(uow, ground, some, visits)
    known = []
    for candidate in some:
        row, own = ground.rows[candidate.entry_id], visits.get(candidate.patient_id, ())
        others = tuple(visit for visit in own if visit.appointment_id != row.replaces_id)
        hindrance = None
        if candidate.patient_id not in reached:
            hindrance = PassReason.OUT_OF_REACH
        elif candidate.entry_id in asked:
            hindrance = PassReason.OTHER_OFFER
        elif _has_it_already(row, others, like_it):
            hindrance = PassReason.BOOKED_ELSEWHERE
        elif _has_enough(candidate, row, own, ground):
            hindrance = PassReason.ENOUGH_VISITS
        known.append(
            replace(
                candidate,
                hindrance=hindrance,
                busy=busy.get(candidate.patient_id, ()),
                refused=refused.get(candidate.patient_id, ()),
                before=next(
                    (v.starts_at for v in own if v.appointment_id == row.replaces_id), None
                ),
            )
        )
    return tuple(known)


def _busy(
    uow: UnitOfWork, patients: set[UUID], window: Interval
) -> dict[UUID, tuple[Interval, ...]]:
    """When these patients have something else, or consider what is kept in another's name."""
    taken = scheduling.busy_then(uow, patients, window)
    considered = offers.considered_times(uow, patients, window)
    return {each: (*taken.get(each, ()), *considered.get(each, ())) for each in patients}


def _specialists(
    uow: UnitOfWork,
    ground: Ground,
    some: Sequence[Candidate],
    visits: Mapping[UUID, Sequence[OpenVisit]],
) -> dict[UUID, frozenset[UUID]]:
    """The specialties of whoever these patients will see, when somebody waits for a specialty."""
    if all(ground.rows[candidate.entry_id].specialty_id is None for candidate in some):
        return {}
    seen = {visit.practitioner_id for own in visits.values() for visit in own}
    profiles = people.practitioners(uow, seen)
    return {who: frozenset(profile.specialty_ids) for who, profile in profiles.items()}


def _has_it_already(
    row: Any,  # noqa: ANN401 - a row of Core columns
    others: Sequence[OpenVisit],
    specialties: Mapping[UUID, frozenset[UUID]],
) -> bool:
    """Whether a patient has booked what they wait for, since they wait."""
    return any(
        visit.booked_at >= row.since
        and (
            visit.service_id == row.service_id
            or row.specialty_id in specialties.get(visit.practitioner_id, ())
        )
        for visit in others
    )


def _has_enough(
    candidate: Candidate,
    row: Any,  # noqa: ANN401 - likewise
    own: Sequence[OpenVisit],
    ground: Ground,
) -> bool:
    """Whether one more would be more visits than the policy allows; an exchange is not one more."""
    policy = ground.policies.get(candidate.service_id)
    if policy is None or any(visit.appointment_id == row.replaces_id for visit in own):
        return False
    return (
        len({visit.series_id or visit.appointment_id for visit in own}) >= policy.open_per_patient
    )
