"""The page "Promises": how the clinic's messages of today stand, on the wall of the house."""

from medibook.clinic import service as clinic
from medibook.kernel.actor import admin, staff
from medibook.kernel.use_case import UnitOfWork, query
from medibook.notifications import service as notifications
from medibook.notifications.schemas import PromiseSheet


@query(allow=admin | staff)
def promise_sheet(uow: UnitOfWork, *, page: int = 1) -> tuple[PromiseSheet, str]:
    """The sheet of today's promises, and the zone (IANA) whose today it is."""
    zone = clinic.house_zone(uow)
    return notifications.promises(uow, zone=zone, page=page), zone
