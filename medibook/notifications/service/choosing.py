"""What people choose: which messages reach them by letter and by telephone, and when that is silent."""

from datetime import datetime
from uuid import UUID

from medibook.kernel.actor import Actor, signed_in
from medibook.kernel.errors import Forbidden, Invalid
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.notifications import access, rules
from medibook.notifications.schemas import Channel
from medibook.notifications.schemas.reader import Choices
from medibook.people import service as people


@query(allow=signed_in)
def my_choices(uow: UnitOfWork) -> Choices:
    """What holds for the reader: by their own choice, or as is usual; a STOP counts as a choice."""
    user_id = _user(uow.actor)
    chosen = access.wishes_of(uow, user_id)
    quiet = access.quiet_hours_of(uow, user_id)
    stopped = {channel for channel in rules.CHOSEN_CHANNELS if _has_stopped(uow, channel)}
    with_devices = bool(access.device_ids(uow, user_id))
    return Choices(
        wanted=frozenset(
            (topic, channel)
            for topic in rules.CHOSEN_TOPICS
            for channel in rules.channels_chosen(with_devices=with_devices)
            if channel not in stopped and rules.wants(chosen, topic, channel)
        ),
        quiet_from=quiet.starts if quiet else rules.QUIET_FROM,
        quiet_until=quiet.ends if quiet else rules.QUIET_UNTIL,
        zone=quiet.zone if quiet else "",
        speaks_of_devices=with_devices,
    )


@use_case(allow=signed_in)
def change_my_choices(uow: UnitOfWork, *, choices: Choices) -> Choices:
    """Choose anew; what has been written already leaves as it was to, but news. Raises Invalid.

    To tick SMS takes back one's own STOP, and nobody else's: only of a number that was proven since.
    """
    problems = rules.problems_of_silence(choices.quiet_from, choices.quiet_until, choices.zone)
    if problems:
        raise Invalid(problems)
    user_id = _user(uow.actor)
    access.keep_choices(uow, user_id, choices)
    for channel in {channel for _, channel in choices.wanted}:
        _take_back_stop(uow, channel)
    uow.audit("message_wish", user_id)
    return my_choices(uow)


def _has_stopped(uow: UnitOfWork, channel: Channel) -> bool:
    return bool(access.opted_out(uow, channel, [_own(uow, channel)[0]]))


def _take_back_stop(uow: UnitOfWork, channel: Channel) -> None:
    address, proven_at = _own(uow, channel)
    since = access.opted_out(uow, channel, [address]).get(address)
    if since is not None and proven_at is not None and proven_at > since:
        access.opt_in(uow, channel, address)


def _own(uow: UnitOfWork, channel: Channel) -> tuple[str, datetime | None]:
    """The reader's own address or number, and when it was last proven; who reads the page has the mail."""
    if channel is Channel.EMAIL:
        return people.person(uow, _user(uow.actor)).email, uow.now
    own = people.own_number(uow)
    return (own.number, own.proven_at) if own is not None else ("", None)


def _user(actor: Actor) -> UUID:
    if actor.user_id is None:  # the guard lets nobody else in
        raise Forbidden
    return actor.user_id
