"""Lists of visits: a patient's own, the practitioner's day, and its steps."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import access, rules
from medibook.appointments.access import Action
from medibook.appointments.events import VisitProgressed
from medibook.appointments.schemas import (
    AppointmentCard,
    AppointmentStatus,
    DayPlan,
    DayRow,
    Visits,
)
from medibook.appointments.service.cards import card, cards, day_rows
from medibook.clinic import service as clinic
from medibook.kernel.actor import admin, patient, practitioner, staff
from medibook.kernel.errors import Conflict
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.scheduling import service as scheduling

# Walls are up to fourteen hours ahead of UTC and twelve behind it.
_AROUND = timedelta(hours=14)
_DAY = timedelta(days=1)
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(9000, 1, 1)  # an address may name any day


@query(allow=patient)
def my_visits(uow: UnitOfWork) -> Visits:
    """The patient's visits, upcoming and past; a cancelled one is past."""
    upcoming = access.of_patient(uow, upcoming=True)
    past = access.of_patient(uow, upcoming=False)
    found = cards(uow, [*upcoming, *past])
    return Visits(upcoming=found[: len(upcoming)], past=found[len(upcoming) :])


@query(allow=patient | practitioner | staff | admin)
def visit(uow: UnitOfWork, *, appointment_id: UUID) -> AppointmentCard:
    """One visit. Raises NotFound, also when it is somebody else's."""
    return card(uow, access.find(uow, appointment_id, to=Action.SEE))


@query(allow=practitioner | staff)
def visit_at_hand(uow: UnitOfWork, *, appointment_id: UUID) -> DayRow:
    """One visit as the clinic's lists show it, with its contact and the next steps. Raises NotFound."""
    return day_rows(uow, [access.find(uow, appointment_id, to=Action.SEE)])[0]


@query(allow=practitioner)
def day(uow: UnitOfWork, *, on: date | None = None) -> DayPlan:
    """The practitioner's visits of one day on the wall of their location, cancelled ones too.

    Without ``on`` it is today, where the practitioner works.
    """
    today = uow.now.astimezone(_zone_of(uow)).date()
    chosen = min(max(on or today, _FIRST_DAY), _LAST_DAY)
    midnight = datetime.combine(chosen, time(0), tzinfo=UTC)
    around = access.between(uow, midnight - _AROUND, midnight + _DAY + _AROUND)
    on_the_wall = [v for v in around if v.starts_at.astimezone(ZoneInfo(v.zone)).date() == chosen]
    return DayPlan(day=chosen, today=today, rows=day_rows(uow, on_the_wall))


def _zone_of(uow: UnitOfWork) -> ZoneInfo:
    """The zone of the first place where the practitioner who acts has hours; UTC before there are any."""
    own = uow.actor.practitioner_id
    hours = scheduling.schedule_of(uow, own).hours if own else ()
    places = clinic.locations_by_id(uow, [row.location_id for row in hours[:1]])
    return next((ZoneInfo(place.zone) for place in places.values()), ZoneInfo("UTC"))


@query(allow=practitioner)
def count_requests(uow: UnitOfWork) -> int:
    """How many requests wait for this practitioner's answer."""
    return len(access.pending(uow))


@query(allow=practitioner)
def requests(uow: UnitOfWork) -> tuple[DayRow, ...]:
    """What patients have asked this practitioner for and can still be answered, soonest visit first."""
    return day_rows(uow, access.pending(uow))


@use_case(allow=practitioner | staff)
def advance(
    uow: UnitOfWork,
    *,
    appointment_id: UUID,
    to: AppointmentStatus,
    version: int,
    reason: str = "",
) -> AppointmentCard:
    """Take a step of the day, or take one back; the same click twice takes one step.

    Raises:
        Conflict: the visit has changed since ``version`` was shown.
        NoSuchStep, TooEarly: the graph, or the clock, is against it.
        Invalid: a missed visit is called none without a reason.
    """
    found = access.find(uow, appointment_id, to=Action.ADVANCE)
    if found.status is to:
        return card(uow, found)
    if found.version != version:
        raise Conflict
    said = rules.tidy_reason(reason)
    rules.check_step(
        status=found.status,
        to=to,
        starts_at=found.starts_at,
        zone=found.zone,
        now=uow.now,
        role=uow.actor.role,
        reason=said,
    )
    before, found.status = found.status, to
    found.version += 1
    access.write_history(
        uow, found, from_status=before.value, from_start=found.starts_at, reason=said
    )
    uow.audit("appointment", found.id, patient_id=found.patient_id, reason=said)
    uow.record(VisitProgressed(found.id, found.practitioner_id, found.patient_id, found.version))
    return card(uow, found)
