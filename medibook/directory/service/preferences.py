"""How a practitioner wants to be found."""

from uuid import UUID

from medibook.directory.access import entries, members
from medibook.directory.service.building import enter
from medibook.kernel.actor import practitioner
from medibook.kernel.errors import Forbidden
from medibook.kernel.use_case import UnitOfWork, query, use_case


@query(allow=practitioner)
def takes_new_patients(uow: UnitOfWork) -> bool:
    """Whether the practitioner takes people who have never been there; until they say no, yes."""
    return members.takes_new(uow, _own_id(uow))


@use_case(allow=practitioner)
def take_new_patients(uow: UnitOfWork, *, takes: bool) -> bool:
    """Take new patients, or no more, from now on: the search shows it and can ask for it."""
    own_id = _own_id(uow)
    uow.lock(own_id)
    entries.prefer(uow, own_id, accepts_new=takes)
    enter(uow, [own_id])
    uow.audit("practitioner", own_id, reason="takes new patients" if takes else "is full")
    return takes


def _own_id(uow: UnitOfWork) -> UUID:
    if uow.actor.practitioner_id is None:  # the guard lets nobody else in
        raise Forbidden
    return uow.actor.practitioner_id
