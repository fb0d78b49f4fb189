"""The ledger of promises: what was due, what has left, what has not and why; and trying again by hand."""

from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from medibook.kernel.actor import admin, signed_in, staff, system_only
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.kernel.words import N_
from medibook.notifications import access, rules
from medibook.notifications.events import MessageCame
from medibook.notifications.schemas import (
    Channel,
    LedgerLine,
    MessageState,
    NewMessage,
    PromiseSheet,
    Topic,
)
from medibook.notifications.schemas.reader import InboxMessage, InboxPage
from medibook.notifications.service.telling import tell
from medibook.people import service as people
from medibook.ui.i18n import translator

DELIVERY = "messages"
_AGAIN = (MessageState.DEAD, MessageState.UNKNOWN, MessageState.RETRY)


@query(allow=admin | staff | system_only)
def promises(uow: UnitOfWork, *, zone: str, page: int = 1) -> PromiseSheet:
    """How today's promises stand, on the wall of ``zone``, and which messages need a person."""
    start = uow.now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    late = uow.now - rules.OVERDUE
    lines = access.troubled(uow, late_before=late, page=page)
    beaten = access.last_beat(uow, DELIVERY)
    return PromiseSheet(
        counts=access.counts(uow, day=(start, start + timedelta(days=1)), late_before=late),
        last_beat=beaten,
        is_silent=beaten is None or uow.now - beaten > rules.SILENT,
        lines=tuple(map(_line, lines[: access.PER_PAGE])),
        has_more=len(lines) > access.PER_PAGE,
    )


def ledger_of(uow: UnitOfWork, *, about_kind: str, about_id: UUID) -> tuple[LedgerLine, ...]:
    """Every message that speaks of one subject, for whoever has been judged to see the subject."""
    return tuple(map(_line, access.of_subject(uow, about_kind, about_id)))


@use_case(allow=admin | staff | system_only)
def retry_message(uow: UnitOfWork, *, message_id: UUID) -> None:
    """Send a message again that was given up, or of which nobody knows; who asks answers for it.

    What is no longer true is still not sent. Raises NotFound: there is none, or it needs no help.
    """
    if not access.start_again(uow, message_id, _AGAIN):
        raise NotFound
    uow.audit("message", message_id, reason="tried again by hand")


@use_case(allow=system_only)
def note_beat(uow: UnitOfWork) -> None:
    """Note that somebody delivers; without a beat for some minutes the page turns red."""
    access.beat(uow, DELIVERY)


@use_case(allow=system_only)
def warn_of_overdue(uow: UnitOfWork) -> int:
    """Tell the admins, once an hour at most, that promised messages have not left in time.

    Returns how many messages are overdue.
    """
    late = uow.now - rules.OVERDUE
    overdue = access.counts(uow, day=(uow.now, uow.now), late_before=late).overdue
    if not overdue:
        return 0
    for person in people.admins(uow):
        _ = translator(person.locale)
        late_ones = _.plural(
            "{count} message has not left in time.",
            "{count} messages have not left in time.",
            overdue,
        )
        link = f"{uow.settings.origin}{_.href('/admin/promises/')}"
        said = f"{late_ones}\n\n" + _("What is in the way stands here:\n{link}", link=link)
        new = NewMessage(
            fact_id=uuid5(NAMESPACE_URL, f"overdue:{uow.now:%Y%m%d%H}"),
            kind="promises-overdue",
            recipient_id=person.user_id,
            to=person.email,
            subject=_("Messages are late"),
            body=said,
            locale=person.locale,
            topic=Topic.ACCOUNT,
            is_alarm=True,
        )
        tell(uow, new)
    return overdue


@query(allow=signed_in)
def my_inbox(uow: UnitOfWork, *, page: int = 1) -> InboxPage:
    """What stands in the app for the reader, the newest first."""
    if uow.actor.user_id is None:
        raise NotFound
    rows = access.inbox(uow, uow.actor.user_id, page=page)
    shown = rows[: access.PER_PAGE]
    return InboxPage(messages=tuple(map(_inbox_message, shown)), has_more=len(rows) > len(shown))


@query(allow=signed_in)
def count_unread(uow: UnitOfWork) -> int:
    """How many messages the reader has not seen yet."""
    return access.count_unread(uow, uow.actor.user_id) if uow.actor.user_id else 0


@use_case(allow=signed_in)
def mark_all_read(uow: UnitOfWork) -> None:
    """The reader has seen what there is; their other open pages hear of it."""
    if uow.actor.user_id is not None and access.mark_read(uow, uow.actor.user_id):
        uow.record(MessageCame(uow.actor.user_id))


def _line(row: Any) -> LedgerLine:  # noqa: ANN401 - a row of Core columns
    return LedgerLine(
        message_id=row.id,
        kind=row.kind,
        channel=row.channel,
        to=row.to[:8] if row.channel is Channel.PUSH else row.to,  # of a device's number, enough
        state=row.state,
        problem=row.problem,
        provider_id=row.provider_id,
        provider_state=row.provider_state,
        attempts=row.attempts,
        created_at=row.created_at,
        send_at=row.send_at,
        settled_at=row.settled_at,
    )


def _inbox_message(row: Any) -> InboxMessage:  # noqa: ANN401 - a row of Core columns
    return InboxMessage(
        message_id=row.id,
        kind=row.kind,
        subject=row.subject,
        body=row.body,
        created_at=row.created_at,
        is_new=row.read_at is None,
    )


_TEST_WORDS = {
    Channel.EMAIL: N_("This is a test. If you can read it, e-mail works."),
    Channel.SMS: N_("This is a test. If you can read it, SMS works."),
}


@use_case(allow=admin)
def send_test(uow: UnitOfWork, *, channel: Channel, to: str) -> UUID:
    """Send a test by one channel to an address or number; its line in the ledger tells the answer.

    Raises NotFound: nobody carries this channel here.
    """
    if channel not in _TEST_WORDS or not (uow.settings.is_demo or uow.settings.carries(channel)):
        raise NotFound
    _ = translator(uow.actor.locale)
    words = _(_TEST_WORDS[channel])
    new = NewMessage(
        fact_id=uow.new_id(),
        kind=rules.TEST,
        recipient_id=None,
        to=to,
        phone=to,
        subject=_("A test of {clinic}", clinic=uow.settings.clinic_name),
        body=words,
        sms=words,
        locale=uow.actor.locale,
    )
    message_id = access.add(uow, new, channel, state=MessageState.PLANNED, send_at=uow.now)
    if message_id is None:
        raise NotFound
    uow.audit("message", message_id)
    uow.record(MessageCame(None))  # whoever delivers is nudged
    return message_id


@query(allow=admin)
def answer_to_test(uow: UnitOfWork, *, message_id: UUID) -> LedgerLine:
    """How far a test has come, and what the provider has said. Raises NotFound."""
    row = access.find(uow, message_id)
    if row.kind != rules.TEST:
        raise NotFound
    return _line(row)
