"""A series as people look at it: all its visits, and where one of them stands in it."""

from datetime import date, datetime
from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.rules.series import dates, rule_of
from medibook.appointments.schemas.series import SeriesCard, SeriesPlace
from medibook.appointments.service.cards import cards
from medibook.appointments.tables import Appointment, AppointmentSeries, SeriesVisit
from medibook.clinic import service as clinic
from medibook.kernel.actor import admin, patient, practitioner, staff
from medibook.kernel.use_case import UnitOfWork, query
from medibook.people import service as people


@query(allow=patient | practitioner | staff | admin)
def whole_series(uow: UnitOfWork, *, series_id: UUID) -> SeriesCard:
    """A series with those of its visits that the actor may see. Raises NotFound."""
    return series_card(uow, access.find_series(uow, series_id))


@query(allow=patient | practitioner | staff | admin)
def series_of_visit(uow: UnitOfWork, *, appointment_id: UUID) -> SeriesPlace | None:
    """Where a visit stands in its series; None when it repeats nothing. Raises NotFound."""
    access.find(uow, appointment_id, to=access.Action.SEE)
    place = access.place_of(uow, appointment_id)
    if place is None:
        return None
    row = access.find_series(uow, place.series_id)
    visits = access.visits_of_series(uow, row.id)
    number = next(n for n, (_, p) in enumerate(visits, 1) if p.appointment_id == appointment_id)
    own, _ = visits[number - 1]
    said = datetime.fromisoformat(place.wall_start)
    return SeriesPlace(
        series_id=row.id,
        version=row.version,
        number=number,
        total=len(visits),
        to_come=sum(is_to_come(visit, uow.now) for visit, _ in visits),
        following=sum(is_to_come(visit, uow.now) for visit, _ in visits[number - 1 :]),
        rule=rule_of(row.rule),
        day=said.date(),
        wall_time=said.time(),
        moved_alone=was_moved_alone(own, place),
    )


def series_card(uow: UnitOfWork, row: AppointmentSeries) -> SeriesCard:
    """A series with the visits that the actor may see, in the order of their times."""
    visits = access.visits_of_series(uow, row.id)
    first = datetime.fromisoformat(row.wall_start)
    return SeriesCard(
        series_id=row.id,
        practitioner_name=people.practitioners(uow, [row.practitioner_id])[
            row.practitioner_id
        ].name,
        service_name=clinic.visit_types_by_id(uow, [row.service_id])[row.service_id].name,
        rule=rule_of(row.rule),
        first_day=first.date(),
        wall_time=first.time(),
        zone=row.zone,
        version=row.version,
        visits=cards(uow, [visit for visit, _ in visits]),
        moved_alone=frozenset(v.id for v, place in visits if was_moved_alone(v, place)),
        left_out=_left_out(uow, row),
    )


def is_to_come(visit: Appointment, now: datetime) -> bool:
    """Whether a visit can still be moved or cancelled at all: it is open and has not begun."""
    return visit.status in rules.CHANGEABLE_BY_PATIENT and visit.starts_at > now


def was_moved_alone(visit: Appointment, place: SeriesVisit) -> bool:
    """Whether a visit has another time than the series says: moved alone, or replaced when booked."""
    return visit.wall_start != place.wall_start


def _left_out(uow: UnitOfWork, row: AppointmentSeries) -> tuple[date, ...]:
    """The dates of the rule for which nothing was booked, as the rule was agreed."""
    taken = access.places_taken(uow, row.id)
    first = datetime.fromisoformat(row.wall_start).date()
    days = dates(rule_of(row.rule), first)
    return tuple(day for place, day in enumerate(days, 1) if place not in taken)
