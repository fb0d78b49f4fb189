"""Keeping the directory: who can be booked is in it, as they are now; made anew at any time."""

from collections.abc import Sequence
from uuid import UUID

from medibook.clinic import service as clinic
from medibook.directory.access import entries, members
from medibook.kernel.actor import system_only
from medibook.kernel.use_case import UnitOfWork, query, use_case

_AT_ONCE = 200


@use_case(allow=system_only)
def rebuild_directory(uow: UnitOfWork) -> int:
    """Make the whole read model anew from the other rooms' rows; returns how many are in it.

    Every next free time begins at now, which is never too late; the heartbeat mends it.
    """
    uow.audit("directory", None, reason="the directory was made anew")
    return fill_directory(uow)


def fill_directory(uow: UnitOfWork) -> int:
    """Make the read model inside somebody else's story: that of the demo, or of a rebuilding."""
    entries.forget_all(uow)
    entered = 0
    for ids in members.all_ids(uow):
        enter(uow, ids)
        entered += len(ids)
    return entered


@query(allow=system_only)
def astray_in_directory(uow: UnitOfWork) -> list[UUID]:
    """Some of those of whom the directory says something else than is the case, or nothing."""
    return members.astray(uow, limit=_AT_ONCE)


@use_case(allow=system_only)
def enter_into_directory(uow: UnitOfWork, *, practitioner_ids: Sequence[UUID]) -> None:
    """Let these be found as they are now; who cannot be booked any more is found no longer."""
    enter(uow, practitioner_ids)


def enter(uow: UnitOfWork, practitioner_ids: Sequence[UUID]) -> None:
    """Write what these practitioners are as search results."""
    entries.enter(uow, practitioner_ids, clinic.services_by_practitioner(uow, practitioner_ids))
