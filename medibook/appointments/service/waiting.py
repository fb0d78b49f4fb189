"""What the waiting list needs of visits: what somebody has already, and booking a time that is kept.

The time was offered by the clinic itself, so it is booked at once, also with a practitioner who
otherwise wants to be asked, and the cut-off does not bind: it is the clinic that offers the exchange.
"""

from collections.abc import Collection
from uuid import UUID

from medibook.appointments import access, rules
from medibook.appointments.access import Action
from medibook.appointments.events import AppointmentBooked, AppointmentCancelled
from medibook.appointments.schemas import OpenVisit
from medibook.appointments.service.booking import columns_of
from medibook.appointments.service.changing import close
from medibook.clinic import service as clinic
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules import HoldGone, NotBookable


def open_visits(
    uow: UnitOfWork, patient_ids: Collection[UUID]
) -> dict[UUID, tuple[OpenVisit, ...]]:
    """What each of these patients has before them, soonest first, in one look; nothing: absent."""
    found: dict[UUID, tuple[OpenVisit, ...]] = {}
    for row in access.open_visits(uow, patient_ids):
        visit = OpenVisit(
            appointment_id=row.id,
            practitioner_id=row.practitioner_id,
            service_id=row.service_id,
            series_id=row.series_id,
            starts_at=row.starts_at,
            zone=row.zone,
            booked_at=row.created_at,
        )
        found[row.patient_id] = (*found.get(row.patient_id, ()), visit)
    return found


def lock_visit(uow: UnitOfWork, appointment_id: UUID) -> None:
    """Let nobody else change a visit meanwhile; before the times that it is about are locked.

    Who cancels it locks in this order too: the other way round, two would wait in a ring.
    """
    access.find(uow, appointment_id, to=Action.CANCEL)


def book_kept_time(
    uow: UnitOfWork, *, offer_id: UUID, booked_by: UUID, instead_of: UUID | None = None
) -> UUID:
    """Book the time that is kept for an offer of the waiting list; returns the visit.

    ``instead_of`` is a visit of theirs that goes as this one comes, in the same transaction; when it
    is over or cancelled already, there is nothing to exchange. ``booked_by`` is an account.

    Raises:
        HoldGone: the time is not kept any longer. NotBookable, ServiceNotOffered.
    """
    held = scheduling.kept_time(uow, offer_id)
    if held is None:
        raise HoldGone
    if not people.is_bookable(uow, held.practitioner_id):
        raise NotBookable
    service, policy = clinic.service_and_policy(uow, held.practitioner_id, held.service_id)
    terms = rules.terms_of(
        starts_at=held.starts_at, fee=service.fee, by_request=False, policy=policy
    )
    columns = columns_of(uow, held, terms, policy, reason="")
    visit = access.add(uow, columns | {"booked_by": booked_by})
    if not scheduling.take_kept_time(uow, offer_id=offer_id, appointment_id=visit.id):
        raise HoldGone
    uow.record(AppointmentBooked(visit.id, visit.practitioner_id, visit.patient_id, visit.version))
    if instead_of is not None:
        _give_up(uow, instead_of, patient_id=held.patient_id)
    return visit.id


def _give_up(uow: UnitOfWork, appointment_id: UUID, *, patient_id: UUID) -> None:
    visit = access.find(uow, appointment_id, to=Action.CANCEL)
    if visit.patient_id != patient_id:
        raise NotFound
    if visit.status not in rules.ACTIVE or visit.starts_at <= uow.now:
        return
    close(uow, visit, by_patient=True, reason="")
    uow.record(
        AppointmentCancelled(
            visit.id,
            visit.practitioner_id,
            visit.patient_id,
            visit.version,
            cancelled_by_patient=True,
        )
    )
