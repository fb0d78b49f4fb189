"""The requests inbox: what awaits an answer, with all that helps to give one; a few looks, however many."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments import access, rules
from medibook.appointments.schemas import AppointmentStatus, DayRow
from medibook.appointments.schemas.inbox import (
    AnsweredRequest,
    Beside,
    Inbox,
    RequestCard,
    Stand,
)
from medibook.appointments.service.cards import cards, day_rows
from medibook.kernel.actor import Role, practitioner
from medibook.kernel.errors import Forbidden
from medibook.kernel.intervals import Interval
from medibook.kernel.use_case import UnitOfWork, query
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.scheduling.service.agenda import Agenda

_LATELY = timedelta(days=7)
_DAY = timedelta(days=1)
_OVER = {AppointmentStatus.CANCELLED, AppointmentStatus.NOSHOW, AppointmentStatus.ENTERED_IN_ERROR}
_WAIT = {AppointmentStatus.PENDING, AppointmentStatus.PROPOSED}


@query(allow=practitioner)
def inbox(uow: UnitOfWork) -> Inbox:
    """What patients have asked this practitioner for, what they were offered, what was answered lately."""
    return Inbox(
        waiting=_waiting(uow),
        offered=cards(uow, access.proposed(uow)),
        lately=_lately(uow),
    )


def _waiting(uow: UnitOfWork) -> tuple[RequestCard, ...]:
    visits = access.pending(uow)
    if not visits:
        return ()
    agenda, stands = _days_of(uow, visits)
    earlier = access.kept_before(uow, {visit.patient_id for visit in visits})
    asked_at = {visit.id: visit.created_at for visit in visits}
    return tuple(_request(row, agenda, stands, asked_at, earlier) for row in day_rows(uow, visits))


def _request(
    row: DayRow,
    agenda: Agenda,
    stands: Mapping[UUID, Stand],
    asked_at: Mapping[UUID, Any],
    earlier: Mapping[UUID, int],
) -> RequestCard:
    visit = row.visit
    zone = ZoneInfo(visit.zone)
    day = visit.starts_at.astimezone(zone).date()
    asked = stands[visit.appointment_id].model_copy(update={"what": Beside.ASKED})
    others = [
        stand
        for whose, stand in stands.items()
        if whose != visit.appointment_id and _touches(stand, day, zone)
    ]
    return RequestCard(
        row=row,
        asked_at=asked_at[visit.appointment_id],
        earlier_visits=earlier.get(visit.patient_id, 0),
        around=rules.around(asked, others),
        clashes=rules.clashes(
            Interval(visit.starts_at, visit.ends_at),
            away=[Interval(off.starts_at, off.ends_at) for off in agenda.away],
            opened=agenda.open,
        ),
    )


def _days_of(uow: UnitOfWork, visits: Sequence[Any]) -> tuple[Agenda, dict[UUID, Stand]]:
    """All that stands in the practitioner's days from the first of these visits to the last."""
    own_id = uow.actor.practitioner_id
    if own_id is None:  # the guard lets nobody else in
        raise Forbidden
    window = Interval(
        min(visit.starts_at for visit in visits) - _DAY,
        max(visit.ends_at for visit in visits) + _DAY,
    )
    agenda = scheduling.agenda(uow, own_id, window)
    rows = access.of_practitioner(uow, own_id, window, besides=_OVER)
    names = people.contacts(uow, {row.patient_id for row in rows})
    stands = {
        row.id: Stand(
            what=Beside.REQUEST if row.status in _WAIT else Beside.VISIT,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            who=names[row.patient_id].name,
        )
        for row in rows
    }
    for held in agenda.held:
        stands[uow.new_id()] = Stand(what=Beside.HELD, starts_at=held.start, ends_at=held.end)
    for off in agenda.away:
        stands[off.time_off_id] = Stand(
            what=Beside.AWAY, starts_at=off.starts_at, ends_at=off.ends_at
        )
    return agenda, stands


def _touches(stand: Stand, day: date, zone: ZoneInfo) -> bool:
    first = stand.starts_at.astimezone(zone).date()
    last = (stand.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    return first <= day <= last


def _lately(uow: UnitOfWork) -> tuple[AnsweredRequest, ...]:
    rows = access.answered_since(uow, uow.now - _LATELY)
    return tuple(
        AnsweredRequest(
            visit=visit,
            answered_at=row.answered_at,
            outcome=rules.outcome_of(
                was=row.was,
                status=visit.status,
                by_patient=visit.cancelled_by_patient,
                by_machine=row.by_role == Role.SYSTEM,
            ),
        )
        for row, visit in zip(rows, cards(uow, rows), strict=True)
    )
