"""Why a time cannot be had: every reason, in order, in the words of whoever asks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.clinic import service as clinic
from medibook.kernel.actor import Role, anyone
from medibook.kernel.errors import NotFound
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query
from medibook.people import service as people
from medibook.scheduling import access
from medibook.scheduling.rules import Reason, WeeklyHours
from medibook.scheduling.rules.hours import stretches
from medibook.scheduling.rules.openings import Openings
from medibook.scheduling.rules.reasons import Commitment, Grounds, RoomState, obstacles
from medibook.scheduling.rules.seconds import first_second
from medibook.scheduling.rules.terms import Override, on_terms, usual_place
from medibook.scheduling.schemas import Obstacle, SlotWish, StaffTerms, TimeAnswer
from medibook.scheduling.service.choosing import bookable, latest_begin, look
from medibook.scheduling.service.free import nearest_free_times
from medibook.scheduling.service.openings import Outlook, Viewer

_NEAREST = 1


@query(allow=anyone)
def why_not(
    uow: UnitOfWork,
    *,
    wish: SlotWish,
    patient_id: UUID | None = None,
    terms: StaffTerms | None = None,
) -> tuple[Obstacle, ...]:
    """All that stands against a time, in the order in which one says it; empty when it is free.

    The front desk and the practitioner hear everything, and may ask for any patient. Everybody else
    asks for themselves, and hears nothing that tells of others. With ``terms`` it is what would stop
    the clinic itself from taking the time: its own hours and absences, whatever the terms say of them.

    Raises:
        NotBookable, ServiceNotOffered.
    """
    in_full = _hears_everything(uow, wish.practitioner_id)
    viewer = Viewer(patient_id if in_full else uow.actor.patient_id)
    service, policy = bookable(uow, wish)
    asked_at = uow.now
    if in_full and terms is not None:
        viewer = Viewer(patient_id, terms.moves)
        service = service.model_copy(update={"length": terms.length or service.length})
        asked_at = latest_begin(uow, service)
    outlook = look(uow, wish, (service, policy), viewer)
    openings = outlook.openings
    if in_full and terms is not None:
        openings = on_terms(openings, terms, Override(), None)
    against = openings.reasons_against(wish.starts_at, asked_at)
    return in_words(uow, wish.starts_at, outlook, against, viewer)


@query(allow=anyone)
def ask_about_time(
    uow: UnitOfWork,
    *,
    practitioner_id: UUID,
    service_id: UUID,
    day: date,
    reading: time,
    for_patient: UUID | None = None,
) -> TimeAnswer:
    """What stands against a time as somebody reads it off the wall, and the nearest that is free.

    For ``for_patient``, whom the actor books for; without, for the actor.

    Raises:
        NotFound: the actor does not act for this patient.
        NotBookable, ServiceNotOffered.
    """
    zone = _zone_on(uow, practitioner_id, day)
    asked = datetime.combine(day, reading, tzinfo=ZoneInfo(zone))
    viewer = Viewer(for_patient or uow.actor.patient_id)
    if for_patient is not None and not _may_ask_for(uow, practitioner_id, for_patient):
        raise NotFound
    answers = []
    for instant in dict.fromkeys(asked.replace(fold=fold).astimezone(UTC) for fold in (0, 1)):
        wish = SlotWish(practitioner_id=practitioner_id, service_id=service_id, starts_at=instant)
        outlook = look(uow, wish, bookable(uow, wish), viewer)
        against = outlook.openings.reasons_against(instant, uow.now)
        if instant.astimezone(asked.tzinfo).time() != reading:
            against = (Reason.SKIPPED,)
        answers.append((wish, in_words(uow, instant, outlook, against, viewer)))
    wish, told = min(answers, key=lambda answer: len(answer[1]) > 0)
    near = nearest_free_times(uow, wish, count=_NEAREST, viewer=viewer) if told else ()
    return TimeAnswer(starts_at=wish.starts_at, zone=zone, obstacles=told, nearest=near)


def in_words(
    uow: UnitOfWork, at: datetime, outlook: Outlook, against: tuple[Reason, ...], viewer: Viewer
) -> tuple[Obstacle, ...]:
    """These reasons in the words of whoever asks; nothing is told that is not theirs to know."""
    if not against:
        return ()
    in_full = _hears_everything(uow, outlook.openings.practitioner_id)
    grounds = _grounds(uow, at, outlook, viewer)
    if in_full:
        grounds = replace(grounds, commitments=_commitments(uow, outlook, grounds))
    return obstacles(against, grounds, in_full=in_full)


def _hears_everything(uow: UnitOfWork, practitioner_id: UUID) -> bool:
    """Whether this is the front desk, or the practitioner whose time it is."""
    actor = uow.actor
    return actor.role is Role.STAFF or (
        actor.role is Role.PRACTITIONER and actor.practitioner_id == practitioner_id
    )


def _may_ask_for(uow: UnitOfWork, practitioner_id: UUID, patient_id: UUID) -> bool:
    return _hears_everything(uow, practitioner_id) or people.may_act_for(uow, patient_id)


def _zone_on(uow: UnitOfWork, practitioner_id: UUID, day: date) -> str:
    """On whose wall a day of this practitioner is read."""
    weekly = access.rules_of(uow, practitioner_id)
    usual = usual_place(weekly, datetime.combine(day, time(12), tzinfo=UTC))
    return usual.zone if usual else "UTC"


def _grounds(uow: UnitOfWork, at: datetime, outlook: Outlook, viewer: Viewer) -> Grounds:
    """What is known about this time; ``commitments`` are only the clinic's to know."""
    openings, ground = outlook.openings, outlook.ground
    service, policy = ground.offers[openings.practitioner_id]
    around = _around(at, outlook)
    visit = Interval(at, at + openings.service.length)
    here = _place_at(openings, visit)
    place = clinic.locations_by_id(uow, [here.location_id]).get(here.location_id) if here else None
    rows = [row for row in outlook.taken if row.stands and row.time.overlaps(around)]
    whose = openings.practitioner_id
    return Grounds(
        time=visit,
        buffers=(service.buffer_before, service.buffer_after),
        zone=here.zone if here else "UTC",
        place=place.name if place else "",
        policy=policy,
        daily_limit=openings.plan.policy.daily_limit,
        closed=ground.closed.get(here.location_id, ()) if here else (),
        time_off=tuple(
            row.time for row in rows if row.resource_id == whose and row.source_id is None
        ),
        own=tuple(row.time for row in rows if row.resource_id == viewer.patient_id),
        rooms=tuple(
            RoomState(room.name, _is_out(ground.outages.get(room.room_id, ()), around))
            for room in ground.rooms
            if here is not None and room.location_id == here.location_id
        ),
    )


def _commitments(uow: UnitOfWork, outlook: Outlook, grounds: Grounds) -> tuple[Commitment, ...]:
    """The visits and holds that stand in the way, each with when the visit itself is."""
    around = _around(grounds.time.start, outlook)
    rows = [
        row
        for row in outlook.taken
        if row.resource_id == outlook.openings.practitioner_id
        and row.stands
        and row.source_id is not None
        and row.time.overlaps(around)
    ]
    visits = access.patients_time(uow, [row.source_id for row in rows if row.source_id])
    return tuple(
        Commitment(row.time, visits.get(row.source_id, row.time), row.is_hold)
        for row in sorted(rows, key=lambda row: row.begins)
        if row.source_id is not None
    )


def _around(at: datetime, outlook: Outlook) -> Interval:
    service = outlook.openings.service
    return Interval(at - service.buffer_before, at + service.length + service.buffer_after)


def _place_at(openings: Openings, visit: Interval) -> WeeklyHours | None:
    """The hours in which the visit would be, or those that say where the practitioner usually is."""
    plan = openings.plan
    begins = first_second(visit.start)
    there = stretches(plan.hours, begins, first_second(visit.end))
    open_now = (piece.hours for piece in there if piece.begins <= begins < piece.ends)
    return next(open_now, None) or usual_place(plan.hours, visit.start)


def _is_out(outages: Sequence[Interval], around: Interval) -> bool:
    return any(outage.overlaps(around) for outage in outages)
