"""What is booked while the clinic is closed: a list to work through, never a silent cancel."""

from datetime import timedelta

from medibook.appointments import access
from medibook.appointments.schemas import ClosedVisit
from medibook.appointments.service.cards import day_rows
from medibook.clinic import service as clinic
from medibook.kernel.actor import admin, staff
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query

_AHEAD = timedelta(days=400)


@query(allow=admin | staff)
def visits_on_closed_days(uow: UnitOfWork) -> tuple[ClosedVisit, ...]:
    """The visits to come that fall on a closure, or on a retired location, soonest first."""
    window = Interval(uow.now, uow.now + _AHEAD)
    places = clinic.every_location_id(uow)
    closed = clinic.closures(uow, places, window)
    found = access.within_closures(
        uow, {place: [one.time for one in times] for place, times in closed.items()}
    )
    rows = {row.visit.appointment_id: row for row in day_rows(uow, found)}
    return tuple(
        ClosedVisit(
            row=rows[visit.id],
            closed_for=next(
                one.name
                for one in closed[visit.location_id]
                if one.time.overlaps(Interval(visit.starts_at, visit.ends_at))
            ),
        )
        for visit in found
    )
