"""Moving visits of a series by the same shift: the wall time stays the same over daylight saving."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import access
from medibook.appointments.events import SeriesChanged, SeriesVisitMoved
from medibook.appointments.rules.series import SeriesMeanwhile, instant_on
from medibook.appointments.schemas.series import (
    ReadPlan,
    SeriesCard,
    SeriesMove,
    SeriesPlan,
    SeriesStep,
)
from medibook.appointments.service.cards import cards
from medibook.appointments.service.changing import put
from medibook.appointments.service.series.asking import GAP, for_series, offers_of, word_of
from medibook.appointments.service.series.reading import series_card
from medibook.appointments.service.series.scope import (
    Chosen,
    Member,
    begin_change,
    by_practitioner,
    choose,
    end_change,
    stands_alone,
    too_late,
)
from medibook.appointments.tables import Appointment
from medibook.clinic import service as clinic
from medibook.clinic.rules import ServiceNotOffered
from medibook.clinic.schemas import ServiceCard
from medibook.kernel.actor import Role, patient, practitioner, staff
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.scheduling import service as scheduling
from medibook.scheduling.events import SlotFreed
from medibook.scheduling.rules import Reason, SlotTaken
from medibook.scheduling.schemas import HeldSlot, Obstacle, SlotWish
from medibook.scheduling.service.ahead import Taken, clear_for_all, lock_all, look_ahead
from medibook.scheduling.service.openings import Viewer

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Goal:
    """Where a visit would go: what the wall will say there, and when that is; None: never."""

    wall: str
    start: datetime | None


@dataclass(slots=True)
class _Moves:
    """What a move would do: the new time of each visit that goes, and what keeps the others."""

    chosen: Chosen
    goals: dict[UUID, _Goal]
    services: dict[UUID, ServiceCard]
    against: dict[UUID, Obstacle]
    times: dict[UUID, HeldSlot]
    in_the_way: tuple[Taken, ...] = ()


@query(allow=patient | practitioner | staff)
def plan_series_move(uow: UnitOfWork, *, move: SeriesMove) -> SeriesPlan:
    """What would become of each visit to come, before anything is written. Raises NotFound."""
    return _plan(uow, _moves(uow, move, choose(uow, move.appointment_id, move.scope)))


@use_case(allow=patient | practitioner | staff)
def move_series(uow: UnitOfWork, *, move: SeriesMove, read: ReadPlan) -> SeriesCard:
    """Move the visits by one shift, in one transaction; past visits and those that stay are not touched.

    Raises:
        SeriesMeanwhile: the plan is no longer the one that was read; nothing has moved.
    """
    # The rows of the visits before the people: so does whoever moves one visit alone (else a deadlock).
    chosen = choose(uow, move.appointment_id, move.scope, to_change=True)
    if not begin_change(chosen, read):
        return series_card(uow, chosen.series)
    whose = {visit.practitioner_id for visit, _ in chosen.members}
    lock_all(uow, chosen.series.patient_id, list(whose))
    moves = _moves(uow, move, chosen)
    if not moves.times or not moves.against.keys() <= read.staying:
        raise SeriesMeanwhile
    end_change(chosen, read)
    for visit_id in moves.times:
        scheduling.vacate(uow, visit_id)
    clear_for_all(uow, moves.in_the_way, list(moves.times.values()))
    for visit, _ in by_practitioner(chosen.members):
        if visit.id in moves.times:
            _move(uow, moves, visit)
    series = chosen.series
    uow.audit("series", series.id, patient_id=series.patient_id)
    uow.record(SeriesChanged(series.id, series.practitioner_id, series.patient_id, series.version))
    return series_card(uow, series)


def _move(uow: UnitOfWork, moves: _Moves, visit: Appointment) -> None:
    held, old = moves.times[visit.id], Interval(visit.starts_at, visit.ends_at)
    try:
        scheduling.occupy(uow, appointment_id=visit.id, held=held)
    except SlotTaken as taken:  # what the rules missed, the database has seen
        raise SeriesMeanwhile from taken
    put(uow, visit, held)
    access.write_history(
        uow, visit, from_status=visit.status.value, from_start=old.start, from_end=old.end
    )
    version = moves.chosen.series.version
    access.touch_place(uow, visit.id, wall_start=moves.goals[visit.id].wall, version=version)
    uow.record(SlotFreed(visit.practitioner_id, old.start, old.end))
    whose = (visit.id, visit.practitioner_id, visit.patient_id)
    uow.record(SeriesVisitMoved(*whose, visit.version, moved_from=old.start))


def _plan(uow: UnitOfWork, moves: _Moves) -> SeriesPlan:
    shown = cards(uow, [visit for visit, _ in moves.chosen.members])
    return SeriesPlan(
        series_id=moves.chosen.series.id,
        version=moves.chosen.series.version,
        steps=tuple(
            SeriesStep(
                visit=card,
                new_start=held.starts_at
                if (held := moves.times.get(card.appointment_id))
                else None,
                obstacle=moves.against.get(card.appointment_id),
            )
            for card in shown
        ),
    )


def _moves(uow: UnitOfWork, move: SeriesMove, chosen: Chosen) -> _Moves:
    """Judge every new time; a visit that has to stay is in the way of the others again."""
    whose = {visit.practitioner_id for visit, _ in chosen.members}
    services = offers_of(uow, whose, chosen.series.service_id)
    goals = {one[0].id: _goal(move, chosen, one[0]) for one in chosen.members}
    moves = _Moves(chosen, goals, services, {}, {})
    for one in chosen.members:
        if obstacle := _fixed(uow, moves, one):
            moves.against[one[0].id] = obstacle
    while refused := _refused(uow, moves):
        moves.against |= refused
    return moves


def _goal(move: SeriesMove, chosen: Chosen, visit: Appointment) -> _Goal:
    """So many days on as the visit that was chosen goes, at its new time on the wall."""
    anchor, _ = chosen.anchor
    there = move.to_time.astimezone(ZoneInfo(anchor.zone))
    days = there.date() - date.fromisoformat(anchor.wall_start[:10])
    if visit.id == anchor.id:
        return _Goal(f"{there:%Y-%m-%dT%H:%M}", move.to_time)
    day = date.fromisoformat(visit.wall_start[:10]) + days
    start = instant_on(day, there.time(), visit.zone, fold=there.fold)
    return _Goal(f"{day}T{there:%H:%M}", start)


def _fixed(uow: UnitOfWork, moves: _Moves, member: Member) -> Obstacle | None:
    """What keeps a visit where it is, whatever the calendar says."""
    visit, _ = member
    service = moves.services.get(visit.practitioner_id)
    if service is None:
        return Obstacle(Reason.TAKEN, ServiceNotOffered.sentence)
    if moves.goals[visit.id].start is None:
        return Obstacle(Reason.CLOSED, GAP)
    return stands_alone(moves.chosen, member, service.length) or too_late(uow, visit)


def _refused(uow: UnitOfWork, moves: _Moves) -> dict[UUID, Obstacle]:
    """The visits that cannot go where they should; the others' new times stand in ``moves``."""
    series, moves.times = moves.chosen.series, {}
    going = {
        visit.id: SlotWish(
            practitioner_id=visit.practitioner_id, service_id=series.service_id, starts_at=start
        )
        for visit, _ in moves.chosen.members
        if visit.id not in moves.against and (start := moves.goals[visit.id].start)
    }
    if not going:
        return {}
    policy = for_series(clinic.policy_for(uow, series.service_id), uow.actor)
    starts = [wish.starts_at for wish in going.values()]
    window = Interval(min(starts) - _DAY, max(starts) + _DAY)
    viewer = Viewer(series.patient_id, along=frozenset(going))
    sight = look_ahead(uow, moves.services, window, policy=policy, viewer=viewer)
    moves.in_the_way = sight.in_the_way
    refused = {}
    for visit_id, wish in going.items():
        said = sight.take(uow, wish, series.patient_id)
        if isinstance(said, Reason):
            in_full = uow.actor.role is not Role.PATIENT
            refused[visit_id] = word_of(said, wish.starts_at, policy, in_full=in_full)
        else:
            moves.times[visit_id] = said
    return refused
