"""What the front desk notes for a patient without an account: by what they are reached, in which language."""

from uuid import UUID

from medibook.kernel.actor import staff
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.notifications import access
from medibook.notifications.rules import ChoosesThemselves
from medibook.notifications.schemas import Channel
from medibook.notifications.schemas.reach import Reach, ReachSheet
from medibook.people import service as people


@query(allow=staff)
def reach_of_patient(uow: UnitOfWork, *, patient_id: UUID) -> ReachSheet:
    """How a patient is reached now. Raises NotFound."""
    hit = people.patient_record(uow, patient_id=patient_id)
    own = people.written_to(uow, patient_id)
    told = {one.user_id for one in people.recipients(uow, patient_id) if not one.is_patient}
    guardians = people.guardians_of(uow, patient_id=patient_id)
    stopped = own.phone and access.opted_out(uow, Channel.SMS, [own.phone])
    return ReachSheet(
        patient_id=patient_id,
        name=hit.name,
        has_account=hit.has_account,
        email=own.email,
        phone=own.phone,
        locale=own.locale,
        reach=access.reach_of(uow, [patient_id]).get(patient_id, Reach()),
        guardians=tuple(one.name for one in guardians if one.user_id in told),
        has_stopped_sms=bool(stopped),
    )


@use_case(allow=staff)
def change_reach(uow: UnitOfWork, *, patient_id: UUID, reach: Reach, locale: str) -> None:
    """Note how a patient wants to be reached; it holds for what is written already, too.

    A number that has said STOP stays silent whatever is noted here. Raises NotFound;
    ChoosesThemselves: they have an account.
    """
    uow.lock(patient_id)  # two clicks write one after the other
    if people.patient_record(uow, patient_id=patient_id).has_account:
        raise ChoosesThemselves
    people.write_in(uow, patient_id, locale)
    access.keep_reach(uow, patient_id, reach)
    uow.audit("patient_reach", patient_id, patient_id=patient_id)
