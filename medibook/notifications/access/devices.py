"""Rows of the clinic's push keys and of people's devices; a device is found for its owner alone."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from medibook.kernel.crypto import hash_token, mark_of, seal, unseal
from medibook.kernel.db import table_of
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.schemas.push import Subscription
from medibook.notifications.tables import PushDevice, PushKey

_D, _K = table_of(PushDevice), table_of(PushKey)
_PURPOSE = "medibook web push"


def add_push_key(uow: UnitOfWork, *, public: str, private: bytes) -> None:
    """Keep a pair of keys, its private half sealed; whoever comes second keeps none."""
    secret = uow.settings.secret_key.get_secret_value()
    is_sqlite = uow.session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(_K) if is_sqlite else postgresql.insert(_K)
    row = {
        "id": uow.new_id(),
        "secret_mark": mark_of(secret, _PURPOSE),
        "public_key": public,
        "sealed": seal(secret, _PURPOSE, private),
        "created_at": uow.now,
    }
    uow.session.execute(insert.values(row).on_conflict_do_nothing())


def push_key_now(uow: UnitOfWork) -> Any | None:  # noqa: ANN401 - a row of Core columns
    """The key (id, public_key) that was sealed with our present secret; None before the first run."""
    found = sa.select(_K.c.id, _K.c.public_key).where(_K.c.secret_mark == _mark(uow))
    return uow.session.execute(found).one_or_none()


def private_push_key(uow: UnitOfWork, key_id: UUID) -> bytes:
    """The private half of a key, as PEM. Raises NotFound, InvalidToken."""
    sealed = sa.select(_K.c.sealed).where(_K.c.id == key_id)
    found = uow.session.execute(sealed).scalar_one_or_none()
    if found is None:
        raise NotFound
    return unseal(uow.settings.secret_key.get_secret_value(), _PURPOSE, found)


def add_device(
    uow: UnitOfWork, user_id: UUID, key_id: UUID, given: Subscription, *, label: str
) -> UUID | None:
    """Keep a device; None when this address stands with somebody already, the same person or another."""
    row_id = uow.new_id()
    is_sqlite = uow.session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(_D) if is_sqlite else postgresql.insert(_D)
    row = {
        **given.model_dump(),
        "id": row_id,
        "user_id": user_id,
        "key_id": key_id,
        "endpoint_hash": hash_token(given.endpoint),
        "label": label[:120],
        "created_at": uow.now,
        "problem": "",
    }
    written = uow.session.execute(insert.values(row).on_conflict_do_nothing().returning(_D.c.id))
    return row_id if written.one_or_none() else None


def devices_of(uow: UnitOfWork, user_id: UUID) -> list[Any]:
    """Somebody's devices, the latest first; ``is_current``: it knows our present key."""
    chosen = (
        sa.select(_D, (_K.c.secret_mark == _mark(uow)).label("is_current"))
        .join(_K, _K.c.id == _D.c.key_id)
        .where(_D.c.user_id == user_id)
        .order_by(_D.c.created_at.desc(), _D.c.id)
    )
    return list(uow.session.execute(chosen))


def device_ids(uow: UnitOfWork, user_id: UUID) -> list[UUID]:
    """The devices on which somebody can be told: those that know our present key."""
    chosen = (
        sa.select(_D.c.id)
        .join(_K, _K.c.id == _D.c.key_id)
        .where(_D.c.user_id == user_id, _K.c.secret_mark == _mark(uow))
        .order_by(_D.c.created_at)
    )
    return list(uow.session.execute(chosen).scalars())


def targets(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, Any]:
    """Those of these devices that can be told, by id."""
    chosen = (
        sa.select(_D)
        .join(_K, _K.c.id == _D.c.key_id)
        .where(_D.c.id.in_(ids), _K.c.secret_mark == _mark(uow))
    )
    return {row.id: row for row in uow.session.execute(chosen)} if ids else {}


def owner_of(uow: UnitOfWork, device_id: UUID) -> UUID | None:
    """Whose device it is; None when it has gone."""
    found: UUID | None = uow.session.execute(
        sa.select(_D.c.user_id).where(_D.c.id == device_id)
    ).scalar_one_or_none()
    return found


def owners_of(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Whose these devices are; those that have gone are absent."""
    asked = sa.select(_D.c.id, _D.c.user_id).where(_D.c.id.in_(ids))
    return {row.id: row.user_id for row in uow.session.execute(asked)} if ids else {}


def note_problem(uow: UnitOfWork, device_id: UUID, problem: str) -> None:
    """Keep what went wrong with a device last; "" when it goes well again."""
    changed = sa.update(_D).where(_D.c.id == device_id, _D.c.problem != problem[:200])
    uow.session.execute(changed.values(problem=problem[:200]))


def forget_device(uow: UnitOfWork, device_id: UUID) -> None:
    """Forget a device: nothing reaches it any more."""
    uow.session.execute(sa.delete(_D).where(_D.c.id == device_id))


def forget_devices(uow: UnitOfWork, user_id: UUID) -> int:
    """Forget all devices of somebody; returns how many there were."""
    gone = sa.delete(_D).where(_D.c.user_id == user_id)
    return int(uow.session.execute(gone).rowcount)  # type: ignore[attr-defined]  # a CursorResult


def _mark(uow: UnitOfWork) -> str:
    return mark_of(uow.settings.secret_key.get_secret_value(), _PURPOSE)
