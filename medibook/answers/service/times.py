"""The free times to which a link's visit can be moved."""

from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.answers import rules
from medibook.answers.schemas import DayToMoveTo, TimesToMoveTo, TimeToMoveTo
from medibook.answers.service.of_visits import visit_of
from medibook.answers.service.opening import own_link
from medibook.clinic import service as clinic
from medibook.kernel.actor import patient
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork, query
from medibook.notifications.schemas.links import Action
from medibook.scheduling import service as scheduling
from medibook.scheduling.schemas import FreeTime

_DAYS: Final = 7


@query(allow=patient)
def times_to_move_to(
    uow: UnitOfWork, *, token: str, first_day: date | None = None
) -> TimesToMoveTo | None:
    """The free times of some days with the same practitioner; None when the link moves nothing (now)."""
    try:
        link = own_link(uow, token)
        visit = visit_of(uow, link)
        if Action.MOVE not in rules.possible(visit, link.actions, uow.now)[0]:
            return None
        board = scheduling.slot_board(
            uow,
            practitioner_id=visit.practitioner_id,
            service_id=visit.service_id,
            first_day=first_day,
            days=_DAYS,
            for_patient=visit.patient_id,
        )
    except NotFound:  # also: the practitioner has left, or no longer offers this visit type
        return None
    # Whoever comes to another place than before must read it; by video nobody comes to any.
    elsewhere = {free.location_id for row in board.days for free in row.times} - {visit.location_id}
    found = {} if visit.is_video else clinic.locations_by_id(uow, elsewhere)
    places = {place_id: place.name for place_id, place in found.items()}
    return TimesToMoveTo(
        days=tuple(
            DayToMoveTo(day=row.day, times=tuple(_time(free, places) for free in row.times))
            for row in board.days
        ),
        first_day=board.first_day,
        last_day=board.last_day,
        next_free=_day(board.next_free) if board.next_free else None,
    )


def _time(free: FreeTime, places: dict[UUID, str]) -> TimeToMoveTo:
    return TimeToMoveTo(
        starts_at=free.starts_at,
        zone=free.zone,
        place=places.get(free.location_id, ""),
        comes_twice=free.comes_twice,
    )


def _day(free: FreeTime) -> date:
    return free.starts_at.astimezone(ZoneInfo(free.zone)).date()
