"""Booking keys: what an attempt has already done, so that sent twice it does it once (I5)."""

from uuid import UUID

import sqlalchemy as sa

from medibook.appointments.tables import BookingKey
from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork

_KEY = table_of(BookingKey)
_REMEMBER = sa.insert(_KEY)
_OF_KEY = sa.select(_KEY.c.appointment_id).where(
    _KEY.c.user_id == sa.bindparam("user_id"), _KEY.c.key == sa.bindparam("key")
)


def of_key(uow: UnitOfWork, key: str) -> UUID | None:
    """The visit that this account's attempt has already made or moved (I5)."""
    asked = {"user_id": uow.actor.user_id, "key": key}
    found: UUID | None = uow.session.execute(_OF_KEY, asked).scalar_one_or_none()
    return found


def remember_key(uow: UnitOfWork, key: str, appointment_id: UUID) -> None:
    """Remember what this account's attempt has done; who acts by a link, without one, has no keys."""
    if uow.actor.user_id is None:
        return
    known = {"user_id": uow.actor.user_id, "key": key, "appointment_id": appointment_id}
    uow.session.execute(_REMEMBER, {"id": uow.new_id(), **known})
