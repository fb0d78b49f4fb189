"""Why a time cannot be had: every reason, in order, in the words of whoever asks."""

from uuid import UUID

from medibook.kernel.actor import Role, anyone
from medibook.kernel.use_case import UnitOfWork, query
from medibook.scheduling.rules.reasons import obstacles
from medibook.scheduling.rules.terms import Override, on_terms
from medibook.scheduling.schemas import Obstacle, SlotWish, StaffTerms
from medibook.scheduling.service.choosing import bookable, latest_begin, look
from medibook.scheduling.service.openings import Viewer


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
    in_full = uow.actor.role is Role.STAFF or (
        uow.actor.practitioner_id == wish.practitioner_id is not None
    )
    viewer = Viewer(patient_id if in_full else uow.actor.patient_id)
    service, policy = bookable(uow, wish)
    asked_at = uow.now
    if in_full and terms is not None:
        viewer = Viewer(patient_id, terms.moves)
        service = service.model_copy(update={"length": terms.length or service.length})
        asked_at = latest_begin(uow, service)
    openings = look(uow, wish, service, policy, viewer).openings
    if in_full and terms is not None:
        openings = on_terms(openings, terms, Override(), None)
    return obstacles(openings.reasons_against(wish.starts_at, asked_at), policy, in_full=in_full)
