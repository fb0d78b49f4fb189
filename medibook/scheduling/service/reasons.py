"""Why a time cannot be had: every reason, in order, in the words of whoever asks."""

from uuid import UUID

from medibook.kernel.actor import Role, anyone
from medibook.kernel.use_case import UnitOfWork, query
from medibook.scheduling.rules.reasons import obstacles
from medibook.scheduling.schemas import Obstacle, SlotWish
from medibook.scheduling.service.choosing import bookable, look
from medibook.scheduling.service.openings import Viewer


@query(allow=anyone)
def why_not(
    uow: UnitOfWork, *, wish: SlotWish, patient_id: UUID | None = None
) -> tuple[Obstacle, ...]:
    """All that stands against a time, in the order in which one says it; empty when it is free.

    The front desk and the practitioner hear everything, and may ask for any patient. Everybody else
    asks for themselves, and hears nothing that tells of others.

    Raises:
        NotBookable, ServiceNotOffered.
    """
    in_full = uow.actor.role is Role.STAFF or (
        uow.actor.practitioner_id == wish.practitioner_id is not None
    )
    viewer = Viewer(patient_id if in_full else uow.actor.patient_id)
    service, policy = bookable(uow, wish)
    openings = look(uow, wish, service, policy, viewer).openings
    return obstacles(openings.reasons_against(wish.starts_at, uow.now), policy, in_full=in_full)
