"""What a reminder has to know of visits; the machine asks, nobody is shown it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from medibook.appointments import access
from medibook.appointments.schemas import AppointmentCard, Standing
from medibook.appointments.service.cards import cards
from medibook.kernel.use_case import UnitOfWork


def standing(uow: UnitOfWork, appointment_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """How these visits stand now, without anybody's name."""
    return access.standing(uow, appointment_ids)


def booked_between(
    uow: UnitOfWork, patient_ids: Collection[UUID], start: datetime, end: datetime
) -> tuple[AppointmentCard, ...]:
    """The booked visits of these patients that start in the stretch, earliest first."""
    return cards(uow, access.booked_between(uow, patient_ids, start, end))
