"""How far messages have come, for the rooms that promised them."""

from collections.abc import Collection
from uuid import UUID

from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import access
from medibook.notifications.schemas import Letter, MessageState


def fates_of_facts(
    uow: UnitOfWork, fact_ids: Collection[UUID]
) -> dict[UUID, tuple[MessageState, str]]:
    """How far the message that tells of each of these facts has come, and what is in its way, if any."""
    return access.fates_of_facts(uow, fact_ids)


def letters_about(
    uow: UnitOfWork, *, about_kind: str, ids: Collection[UUID]
) -> dict[UUID, tuple[Letter, ...]]:
    """What has been written about each of these subjects, the oldest first; who has none is absent."""
    found: dict[UUID, tuple[Letter, ...]] = {}
    for letter in access.letters_about(uow, about_kind, ids):
        found[letter.about_id] = (*found.get(letter.about_id, ()), letter)
    return found
