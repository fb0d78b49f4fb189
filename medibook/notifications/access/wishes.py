"""Rows of what people want to be told by which channel, their quiet hours, and who has said STOP."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from medibook.kernel.db import table_of
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.rules import CHOSEN_TOPICS, channels_chosen
from medibook.notifications.schemas import (
    Channel,
    Topic,
)
from medibook.notifications.schemas.reader import Choices
from medibook.notifications.tables import MessageWish, OptOut, QuietHours

_W, _Q, _O = table_of(MessageWish), table_of(QuietHours), table_of(OptOut)


def wishes_of(uow: UnitOfWork, user_id: UUID) -> dict[tuple[Topic, Channel], bool]:
    """What somebody has chosen; whatever is not in it is as usual."""
    chosen = sa.select(_W.c.topic, _W.c.channel, _W.c.is_wanted).where(_W.c.user_id == user_id)
    return {(row.topic, row.channel): row.is_wanted for row in uow.session.execute(chosen)}


def refusing(
    uow: UnitOfWork, user_ids: Collection[UUID], topic: Topic
) -> frozenset[tuple[UUID, Channel]]:
    """Who of these has said that they want nothing about a topic, and by which channel."""
    if not user_ids:
        return frozenset()
    asked = sa.select(_W.c.user_id, _W.c.channel).where(
        _W.c.user_id.in_(user_ids), _W.c.topic == topic, _W.c.is_wanted.is_(False)
    )
    return frozenset((row.user_id, row.channel) for row in uow.session.execute(asked))


def keep_wish(
    uow: UnitOfWork, user_id: UUID, topic: Topic, channel: Channel, *, is_wanted: bool
) -> None:
    """Keep what somebody has chosen, in the place of what they chose before."""
    uow.lock(user_id)
    uow.session.execute(
        _insert(uow, _W)
        .values(user_id=user_id, topic=topic, channel=channel, is_wanted=is_wanted)
        .on_conflict_do_update(
            index_elements=["user_id", "topic", "channel"], set_={"is_wanted": is_wanted}
        )
    )


def quiet_hours_of(uow: UnitOfWork, user_id: UUID) -> Any | None:  # noqa: ANN401 - a row of Core columns
    """Somebody's own quiet hours (starts, ends, zone); None when they have chosen none."""
    return uow.session.execute(sa.select(_Q).where(_Q.c.user_id == user_id)).one_or_none()


def opted_out(uow: UnitOfWork, channel: Channel, addresses: Collection[str]) -> dict[str, datetime]:
    """Those of the addresses that have said STOP, and since when."""
    if not addresses:
        return {}
    found = sa.select(_O.c.address, _O.c.since).where(
        _O.c.channel == channel, _O.c.address.in_(addresses)
    )
    return {row.address: row.since for row in uow.session.execute(found)}


def opt_out(uow: UnitOfWork, channel: Channel, address: str) -> None:
    """Note that an address wants nothing more by this channel; since the last time that it said so."""
    said = _insert(uow, _O).values(channel=channel, address=address, since=uow.now)
    uow.session.execute(
        said.on_conflict_do_update(index_elements=["channel", "address"], set_={"since": uow.now})
    )


def opt_in(uow: UnitOfWork, channel: Channel, address: str) -> None:
    """Forget whatever an address had refused by this channel."""
    uow.session.execute(sa.delete(_O).where(_O.c.channel == channel, _O.c.address == address))


def keep_choices(uow: UnitOfWork, user_id: UUID, choices: Choices) -> None:
    """Put what somebody chooses now in the place of what they chose before.

    What the choices do not speak of stays as it was. Of two clicks, the second waits for the first.
    """
    uow.lock(user_id)
    channels = channels_chosen(with_devices=choices.speaks_of_devices)
    chosen = [(topic, channel) for topic in CHOSEN_TOPICS for channel in channels]
    before = sa.delete(_W).where(_W.c.user_id == user_id, _W.c.channel.in_(channels))
    uow.session.execute(before)
    uow.session.execute(
        sa.insert(_W),
        [
            {
                "user_id": user_id,
                "topic": topic,
                "channel": channel,
                "is_wanted": (topic, channel) in choices.wanted,
            }
            for topic, channel in chosen
        ],
    )
    uow.session.execute(sa.delete(_Q).where(_Q.c.user_id == user_id))
    if choices.zone:
        hours = {"starts": choices.quiet_from, "ends": choices.quiet_until, "zone": choices.zone}
        uow.session.execute(sa.insert(_Q), {"user_id": user_id, **hours})


def _insert(uow: UnitOfWork, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    is_sqlite = uow.session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)
