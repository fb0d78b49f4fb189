"""Changing a row that two people may have on their screens, retiring it, and removing what nobody used."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from medibook.clinic.rules.refusals import InUse, NameTaken
from medibook.kernel.errors import Conflict, NotFound
from medibook.kernel.use_case import UnitOfWork


def change(
    uow: UnitOfWork, table: sa.Table, row_id: UUID | int, *, version: int, values: Mapping[str, Any]
) -> None:
    """Change a row as somebody has read it. Raises NotFound, or Conflict when it is another by now."""
    mine = sa.and_(table.c.id == row_id, table.c.version == version)
    done: Any = uow.session.execute(
        sa.update(table).where(mine).values(**values, version=version + 1)
    )
    if done.rowcount == 0:
        exists = sa.select(table.c.id).where(table.c.id == row_id)
        raise Conflict if uow.session.execute(exists).first() else NotFound


def retire(uow: UnitOfWork, table: sa.Table, row_id: UUID, *, at: datetime | None) -> None:
    """Take a row out of use from this moment on, or bring it back (None). Raises NotFound."""
    done: Any = uow.session.execute(
        sa.update(table).where(table.c.id == row_id).values(retired_at=at)
    )
    if done.rowcount == 0:
        raise NotFound


def remove(
    uow: UnitOfWork, table: sa.Table, row_id: UUID, *, owned: Sequence[sa.Delete] = ()
) -> None:
    """Delete a row that nobody has used, and what is only its own. Raises NotFound, InUse."""
    if uow.session.execute(sa.select(table.c.id).where(table.c.id == row_id)).first() is None:
        raise NotFound
    try:
        with uow.session.begin_nested():
            _delete(uow, table, row_id, owned)
    except IntegrityError:
        raise InUse from None


def is_used(
    uow: UnitOfWork, table: sa.Table, row_id: UUID, *, owned: Sequence[sa.Delete] = ()
) -> bool:
    """Whether rows of other rooms point at this one. The database knows them all; this room does not."""
    try:
        with uow.session.begin_nested() as attempt:
            _delete(uow, table, row_id, owned)
            attempt.rollback()
    except IntegrityError:
        return True
    return False


def add_named(uow: UnitOfWork, table: sa.Table, values: Mapping[str, Any]) -> UUID:
    """Add a row whose name has to be its own. Raises NameTaken."""
    row_id = uow.new_id()
    try:
        with uow.session.begin_nested():
            uow.session.execute(sa.insert(table).values(id=row_id, **values))
    except IntegrityError:
        raise NameTaken from None
    return row_id


def _delete(uow: UnitOfWork, table: sa.Table, row_id: UUID, owned: Sequence[sa.Delete]) -> None:
    for statement in owned:
        uow.session.execute(statement)
    uow.session.execute(sa.delete(table).where(table.c.id == row_id))
