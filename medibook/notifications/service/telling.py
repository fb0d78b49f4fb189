"""Promising a message, in the transaction of whatever it tells of; and taking the promise back."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import access, rules
from medibook.notifications.events import MessageCame
from medibook.notifications.schemas import (
    About,
    AnswerLink,
    Channel,
    MessageState,
    NewMessage,
    TakenBack,
    Topic,
)
from medibook.notifications.schemas.reach import Reach
from medibook.notifications.service.devices import notes_for_devices
from medibook.notifications.service.quiet import aloud

ABOUT_NEWS, NO_NEWS = "news", "unsubscribe"


def tell(uow: UnitOfWork, new: NewMessage) -> None:
    """Promise one person a message about a fact, by each channel that they want.

    Promising it twice sends it once (I7). In the demo, which has no mail server, it is in the mailbox
    at once. Elsewhere it waits as a row until a provider takes it. What nobody could receive is kept
    as dead, with the reason. A telephone stays silent in quiet hours: its message is shifted; when it
    would be of no use by then, there is a letter, whatever else they want.
    """
    chosen = access.wishes_of(uow, new.recipient_id) if new.recipient_id else {}
    reach = _reach(uow, new)
    for channel in Channel:
        if channel in new.but_not or not _has_way(uow, new, channel):
            continue
        if not reach.wants(new.topic, channel):
            continue
        # Who has no account and no (wanted) way of mail is reached in no other way.
        by_mail = bool(new.to) and reach.by_email
        is_only_way = channel is Channel.SMS and not by_mail and new.recipient_id is None
        instead = channel is Channel.EMAIL and _would_ring_too_late(uow, new, chosen)
        told = new.is_alarm or is_only_way or instead
        if not (told or rules.wants(chosen, new.topic, channel)):
            continue
        for each in notes_for_devices(uow, new) if channel is Channel.PUSH else (new,):
            _promise(uow, each, channel)


def tell_by(uow: UnitOfWork, new: NewMessage, channel: Channel) -> None:
    """Promise one person a message by this one channel, whatever they have chosen: they wait for it."""
    if _has_way(uow, new, channel):
        _promise(uow, new, channel)


def withdraw(
    uow: UnitOfWork,
    *,
    about_kind: str,
    about_id: UUID,
    reason: str,
    unless_mark: str | None = None,
) -> int:
    """Take back what speaks of this subject and has not left yet; returns how many messages.

    They stay as rows, expired, with the reason. ``unless_mark``: what says this of the subject stays.
    """
    return access.withdraw(uow, about_kind, about_id, reason, unless_mark)


def withdraw_facts(uow: UnitOfWork, fact_ids: Collection[UUID], reason: str) -> frozenset[UUID]:
    """Take back what tells of these facts and has not left yet; returns of which facts there was any."""
    return access.withdraw_facts(uow, fact_ids, reason) if fact_ids else frozenset()


def take_back_naming(
    uow: UnitOfWork, *, kind: str, marks: Mapping[UUID, str], reason: str
) -> tuple[TakenBack, ...]:
    """Take back what names one of these subjects and says otherwise of it than its mark; each once.

    Whoever does it tells anew what else was said there: it is returned, with what was dropped for
    being untrue right before it would have left.
    """
    return access.take_back_naming(uow, kind, marks, reason)


def has_gone(uow: UnitOfWork, fact_ids: Collection[UUID]) -> bool:
    """Whether any message about these facts has left, or may have, or never will."""
    return bool(fact_ids) and bool(access.gone(uow, fact_ids))


def channels_gone(
    uow: UnitOfWork,
    fact_ids: Collection[UUID],
    *,
    recipient_id: UUID | None,
    addresses: Collection[str],
) -> frozenset[Channel]:
    """By which channels this person was told of these facts, or may have been, or never will be.

    Others are told of the same facts, each in their own time; ``addresses`` are of who has no account.
    """
    over = access.gone(uow, fact_ids) if fact_ids else frozenset()
    devices = set(map(str, access.device_ids(uow, recipient_id))) if over and recipient_id else ()
    theirs: set[Channel] = set()
    for channel, told, to in over:
        if channel is Channel.PUSH:
            is_theirs = to in devices
        elif told is None:
            is_theirs = to in addresses
        else:
            is_theirs = told == recipient_id
        if is_theirs:
            theirs.add(channel)
    return frozenset(theirs)


def last_told(
    uow: UnitOfWork, *, about_kind: str, about_id: UUID, recipient_id: UUID | None, to: str
) -> str | None:
    """The mark that this person was last told of the subject, or is being told; None: none yet."""
    return access.last_accepted_mark(uow, about_kind, about_id, recipient_id, to)


def last_sms_kind(uow: UnitOfWork, number: str) -> str:
    """What the last SMS to a number speaks of, by its kind of subject; "" for none, or nothing."""
    return access.last_sms_kind(uow, number)


def answer_link(
    uow: UnitOfWork,
    *,
    about: About,
    actions: tuple[str, ...],
    user_id: UUID | None,
    locale: str,
    expires_at: datetime,
    below: str = "a",
) -> str:
    """Make a link that answers without signing in; returns its address, which only the message knows.

    It is for one subject and these actions, until ``expires_at`` (UTC). ``below`` is the first part
    of its address.
    """
    token = uow.new_token()
    link = AnswerLink(
        link_id=uow.new_id(),
        about=about,
        actions=actions,
        user_id=user_id,
        locale=locale,
        expires_at=expires_at,
    )
    access.add_link(uow, token, link)
    return f"{uow.settings.origin}/{below}/{token}"


def no_news_link(uow: UnitOfWork, *, user_id: UUID, locale: str, lasts: timedelta) -> str:
    """Make the address at which one form, or one tap in a mail program, ends news for somebody."""
    return answer_link(
        uow,
        about=About(kind=ABOUT_NEWS, about_id=user_id),
        actions=(NO_NEWS,),
        user_id=user_id,
        locale=locale,
        expires_at=uow.now + lasts,
        below="news",
    )


def end_news(uow: UnitOfWork, token: str) -> None:
    """End news by e-mail for whom this token was made. Raises NotFound: it opens nothing."""
    link = access.link_of(uow, token)
    if link.about.kind != ABOUT_NEWS or NO_NEWS not in link.actions or link.user_id is None:
        raise NotFound
    if access.wishes_of(uow, link.user_id).get((Topic.NEWS, Channel.EMAIL)) is False:
        return  # it has ended: whoever sends it again and again writes nothing
    access.keep_wish(uow, link.user_id, Topic.NEWS, Channel.EMAIL, is_wanted=False)
    uow.audit("message_wish", link.user_id, reason=f"no news, by link {link.link_id}")


def open_link(uow: UnitOfWork, token: str) -> AnswerLink:
    """What a link's token opens while it lasts. Raises NotFound: unknown and expired look alike."""
    return access.link_of(uow, token)


def _reach(uow: UnitOfWork, new: NewMessage) -> Reach:
    """What a patient without an account has said at the desk; an answer goes the way that was asked."""
    whose = new.about.patient_id if new.about else None
    if new.recipient_id is not None or whose is None or rules.is_answer(new.kind):
        return Reach()
    return access.reach_of(uow, [whose]).get(whose, Reach())


def _has_way(uow: UnitOfWork, new: NewMessage, channel: Channel) -> bool:
    match channel:
        case Channel.EMAIL:
            return bool(new.to)
        case Channel.SMS:
            return bool(new.sms and new.phone) and uow.settings.sends_sms
        case Channel.IN_APP:
            return new.recipient_id is not None
        case Channel.PUSH:
            return new.recipient_id is not None and uow.settings.carries(channel)


def _promise(uow: UnitOfWork, new: NewMessage, channel: Channel) -> None:
    send_at = max(new.send_at or uow.now, uow.now)
    if channel in (Channel.SMS, Channel.PUSH) and new.kind != rules.PHONE_CODE:
        send_at = _aloud(uow, new, send_at)
    if channel is Channel.EMAIL and not rules.is_reachable(new.to):
        problem = "no address yet"
        access.add(uow, new, channel, state=MessageState.DEAD, send_at=send_at, problem=problem)
        return
    at_once = send_at <= uow.now and _stays_in_the_house(uow, channel)
    state = MessageState.ACCEPTED if at_once else MessageState.PLANNED
    if access.add(uow, new, channel, state=state, send_at=send_at) and at_once:
        uow.record(MessageCame(new.recipient_id))


def _aloud(uow: UnitOfWork, new: NewMessage, send_at: datetime) -> datetime:
    """When a telephone may ring: a waitlist offer is made outside quiet hours anyway."""
    return aloud(
        uow,
        send_at,
        reader=new.recipient_id or new.device_of,
        zone=new.zone,
        before=new.useful_until if new.topic is Topic.REMINDERS else None,
    )


def _would_ring_too_late(
    uow: UnitOfWork, new: NewMessage, chosen: Mapping[tuple[Topic, Channel], bool]
) -> bool:
    """Whether somebody wants this by telephone, which stays silent until it is of no use any more."""
    if new.useful_until is None or not _has_way(uow, new, Channel.SMS):
        return False
    rings_at = _aloud(uow, new, max(new.send_at or uow.now, uow.now))
    return rules.wants(chosen, new.topic, Channel.SMS) and rings_at >= new.useful_until


def _stays_in_the_house(uow: UnitOfWork, channel: Channel) -> bool:
    """Whether it need not travel: it stands in the app, or the demo has nobody who carries it."""
    settings = uow.settings
    if channel is Channel.IN_APP:
        return True
    return settings.is_demo and not settings.carries(channel.value)
