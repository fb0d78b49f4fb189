"""How far messages have come, for the rooms that promised them."""

from collections.abc import Collection
from uuid import UUID

from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import access
from medibook.notifications.schemas import Letter


def letters_about(
    uow: UnitOfWork, *, about_kind: str, ids: Collection[UUID]
) -> dict[UUID, tuple[Letter, ...]]:
    """What has been written about each of these subjects, the oldest first; who has none is absent."""
    found: dict[UUID, tuple[Letter, ...]] = {}
    for letter in access.letters_about(uow, about_kind, ids):
        found[letter.about_id] = (*found.get(letter.about_id, ()), letter)
    return found
