"""Telling many people at once: counted first, tried on oneself, told from rows, stopped at any time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from medibook.kernel.actor import admin, system_only
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.notifications import service as notifications
from medibook.notifications.schemas import About, MessageState, NewMessage, Topic
from medibook.operations.access import broadcasts as access
from medibook.operations.events import BroadcastWentOn
from medibook.operations.rules.broadcasts import AudienceChanged, checked_broadcast, words_for
from medibook.operations.schemas import (
    BroadcastLine,
    BroadcastResult,
    BroadcastState,
    BroadcastWords,
    NewBroadcast,
    ResultLine,
)
from medibook.people import service as people
from medibook.ui.i18n import DEFAULT_LOCALE, translator

ABOUT: Final = "broadcast"
AT_ONCE: Final = 100
_LINK_LASTS = timedelta(days=90)
_FIRST = DEFAULT_LOCALE


@query(allow=admin)
def check_broadcast(uow: UnitOfWork, *, new: NewBroadcast) -> tuple[NewBroadcast, int]:
    """The broadcast in its written form, and how many people it would be for. Raises Invalid."""
    checked = checked_broadcast(new, _FIRST)
    return checked, access.count(uow, checked.audience, checked.location_id)


@use_case(allow=admin)
def try_broadcast(uow: UnitOfWork, *, new: NewBroadcast) -> None:
    """Send a broadcast to oneself, in each of its languages. Raises Invalid."""
    checked = checked_broadcast(new, _FIRST)
    if uow.actor.user_id is None:
        return
    me = people.person(uow, uow.actor.user_id)
    for text in checked.texts:
        _tell(uow, uow.new_id(), (me.user_id, me.email, text.locale), text, kind="broadcast-test")
    uow.audit("broadcast", None, reason="a test to oneself")


@use_case(allow=admin)
def schedule_broadcast(uow: UnitOfWork, *, new: NewBroadcast, counted: int) -> UUID:
    """Let a broadcast go out at its time, or at once.

    ``counted`` is how many people the admin has read and typed.

    Raises:
        AudienceChanged: there are more or fewer of them by now. Invalid: its words.
    """
    checked = checked_broadcast(new, _FIRST)
    if access.count(uow, checked.audience, checked.location_id) != counted:
        raise AudienceChanged
    row = access.add(uow, checked, counted=counted)
    uow.audit("broadcast", row.id, reason=f"{checked.audience}: {counted}")
    return row.id


@use_case(allow=admin)
def stop_broadcast(uow: UnitOfWork, *, broadcast_id: UUID) -> int:
    """Tell nobody else; returns how many messages were taken back before they left. Raises NotFound."""
    row = access.find(uow, broadcast_id)
    if row.state is BroadcastState.SCHEDULED:
        row.state = BroadcastState.STOPPED
    uow.audit("broadcast", row.id, reason="stopped")
    uow.record(BroadcastWentOn(row.id))
    return notifications.withdraw(uow, about_kind=ABOUT, about_id=row.id, reason="stopped")


@query(allow=admin)
def broadcasts(uow: UnitOfWork) -> tuple[BroadcastLine, ...]:
    """The last fifty broadcasts, the newest first, with how far each has come."""
    rows = access.latest(uow)
    results = access.results(uow, [row.id for row in rows])
    return tuple(
        BroadcastLine(
            broadcast_id=row.id,
            subject=words_for(access.texts_of(uow, row.id), uow.actor.locale, _FIRST).subject,
            audience=row.audience,
            state=row.state,
            send_at=row.send_at,
            counted=row.counted,
            told=row.told,
            sent=results.get(row.id, (0, 0))[0],
            failed=results.get(row.id, (0, 0))[1],
        )
        for row in rows
    )


@query(allow=admin)
def broadcast_result(
    uow: UnitOfWork, *, broadcast_id: UUID, state: MessageState | None = None, page: int = 1
) -> BroadcastResult:
    """What became of a broadcast, reader by reader and channel by channel; of those in one state, or all.

    Raises NotFound.
    """
    if not access.exists(uow, broadcast_id):
        raise NotFound
    rows = access.result_of(uow, broadcast_id, state=state, page=page)
    shown = rows[: access.RESULTS_PER_PAGE]
    words = words_for(access.texts_of(uow, broadcast_id), uow.actor.locale, _FIRST)
    return BroadcastResult(
        subject=words.subject,
        rows=tuple(ResultLine(**row._mapping) for row in shown),
        has_more=len(rows) > len(shown),
    )


@use_case(allow=system_only)
def tell_next_readers(uow: UnitOfWork) -> int:
    """Tell the next readers of the broadcast that is due; returns how many were told now."""
    row = access.next_due(uow)
    if row is None:
        return 0
    readers = access.readers(uow, row, limit=AT_ONCE)
    texts = access.texts_of(uow, row.id)
    for reader in readers:
        words = words_for(texts, reader.locale, _FIRST)
        _tell(uow, row.id, (reader.id, reader.email, reader.locale), words, kind=ABOUT)
    access.note_told(uow, row, readers, is_last=len(readers) < AT_ONCE)
    uow.audit("broadcast", row.id, reason=f"told {row.told}")
    uow.record(BroadcastWentOn(row.id))
    return len(readers)


def broadcast_still_goes_on(uow: UnitOfWork, abouts: Sequence[About]) -> list[str]:
    """For each message of a broadcast: "" while it goes on, "stopped" once somebody has stopped it."""
    over = access.stopped(uow, {about.about_id for about in abouts})
    return ["stopped" if about.about_id in over else "" for about in abouts]


def _tell(
    uow: UnitOfWork,
    fact_id: UUID,
    reader: tuple[UUID, str, str],
    words: BroadcastWords,
    *,
    kind: str,
) -> None:
    user_id, email, locale = reader
    _ = translator(locale)
    link = notifications.no_news_link(uow, user_id=user_id, locale=_.locale, lasts=_LINK_LASTS)
    notifications.tell(
        uow,
        NewMessage(
            fact_id=fact_id,
            kind=kind,
            recipient_id=user_id,
            to=email,
            subject=words.subject,
            body=words.body,
            locale=_.locale,
            topic=Topic.NEWS,
            about=About(kind=ABOUT, about_id=fact_id),
            unsubscribe=link,
        ),
    )
