"""An admin judges a practitioner's claims."""

from uuid import UUID

from medibook.kernel.actor import admin
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.people import rules
from medibook.people.access import accounts, profiles
from medibook.people.events import PractitionerApproved, PractitionerAskedBack, PractitionerDeclined
from medibook.people.rules.fields import several_lines
from medibook.people.schemas import ApprovalStatus, PractitionerProfile
from medibook.people.tables import Practitioner

_OPEN = {ApprovalStatus.PENDING, ApprovalStatus.ASKED}


@query(allow=admin)
def applications(uow: UnitOfWork) -> tuple[PractitionerProfile, ...]:
    """The claims that await a decision, then those that await an answer; the longest waiting first."""
    return profiles.awaiting(uow)


@query(allow=admin)
def count_applications(uow: UnitOfWork) -> int:
    """How many claims await a decision."""
    return sum(claim.status is ApprovalStatus.PENDING for claim in profiles.awaiting(uow))


@use_case(allow=admin)
def approve_practitioner(uow: UnitOfWork, *, practitioner_id: UUID, version: int) -> None:
    """Let a practitioner set hours and be booked; ``version`` is what the admin has read.

    Raises ProfileChanged when the claims are no longer those.
    """
    row = _judged(uow, practitioner_id)
    if row.version != version:
        raise rules.ProfileChanged
    _decide(uow, row, ApprovalStatus.APPROVED, "")
    uow.record(PractitionerApproved(row.user_id, row.id))


@use_case(allow=admin)
def ask_practitioner_back(uow: UnitOfWork, *, practitioner_id: UUID, reason: str) -> None:
    """Ask a practitioner for more before deciding."""
    row = _judged(uow, practitioner_id)
    _decide(uow, row, ApprovalStatus.ASKED, _needed(reason))
    uow.record(PractitionerAskedBack(row.user_id, row.id))


@use_case(allow=admin)
def decline_practitioner(uow: UnitOfWork, *, practitioner_id: UUID, reason: str) -> None:
    """Decline a practitioner, with a reason that they are told."""
    row = _judged(uow, practitioner_id)
    _decide(uow, row, ApprovalStatus.DECLINED, _needed(reason))
    uow.record(PractitionerDeclined(row.user_id, row.id))


def _judged(uow: UnitOfWork, practitioner_id: UUID) -> Practitioner:
    """Return the claims to be judged; somebody else may just have done so, or they may be changing."""
    uow.lock(practitioner_id)
    row = profiles.find_practitioner(uow, practitioner_id)
    if row.status not in _OPEN:
        if row.decided_by is None or row.decided_at is None:
            raise rules.ProfileChanged
        name = accounts.find(uow, row.decided_by).name
        raise rules.AlreadyDecided(name=name, at=row.decided_at, status=row.status.value)
    return row


def _decide(uow: UnitOfWork, row: Practitioner, status: ApprovalStatus, reason: str) -> None:
    row.status, row.decision_reason = status, reason
    row.decided_at, row.decided_by = uow.now, uow.actor.user_id
    row.version += 1
    uow.audit("practitioner", row.id, reason=reason)


def _needed(reason: str) -> str:
    tidy = several_lines(reason)
    if not tidy or len(tidy) > 500:
        raise rules.ReasonNeeded
    return tidy
