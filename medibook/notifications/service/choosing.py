"""What people choose: which messages reach them by letter and by telephone, and when that is silent."""

from uuid import UUID

from medibook.kernel.actor import Actor, signed_in
from medibook.kernel.errors import Forbidden, Invalid
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.notifications import access, rules
from medibook.notifications.schemas import Channel, Choices
from medibook.people import service as people


@query(allow=signed_in)
def my_choices(uow: UnitOfWork) -> Choices:
    """What holds for the reader: by their own choice, or as is usual; a STOP counts as a choice."""
    user_id = _user(uow.actor)
    chosen = access.wishes_of(uow, user_id)
    quiet = access.quiet_hours_of(uow, user_id)
    stopped = {channel for channel in rules.CHOSEN_CHANNELS if _has_stopped(uow, channel)}
    return Choices(
        wanted=frozenset(
            (topic, channel)
            for topic in rules.CHOSEN_TOPICS
            for channel in rules.CHOSEN_CHANNELS
            if channel not in stopped and rules.wants(chosen, topic, channel)
        ),
        quiet_from=quiet.starts if quiet else rules.QUIET_FROM,
        quiet_until=quiet.ends if quiet else rules.QUIET_UNTIL,
        zone=quiet.zone if quiet else "",
    )


@use_case(allow=signed_in)
def change_my_choices(uow: UnitOfWork, *, choices: Choices) -> Choices:
    """Choose anew; what has been written already leaves as it was to. Raises Invalid, field by field."""
    problems = rules.problems_of_silence(choices.quiet_from, choices.quiet_until, choices.zone)
    if problems:
        raise Invalid(problems)
    user_id = _user(uow.actor)
    access.keep_choices(uow, user_id, choices)
    for channel in {channel for _, channel in choices.wanted}:
        for address in _addresses(uow, channel):
            access.opt_in(uow, channel, address)
    uow.audit("message_wish", user_id)
    return my_choices(uow)


def _has_stopped(uow: UnitOfWork, channel: Channel) -> bool:
    said = access.opted_out(uow, channel, _addresses(uow, channel))
    return any(topic == "" for _, topic in said)


def _addresses(uow: UnitOfWork, channel: Channel) -> list[str]:
    """The reader's own: the account's address, and the number that stands with the patient."""
    if channel is Channel.EMAIL:
        return [people.person(uow, _user(uow.actor)).email]
    patient_id = uow.actor.patient_id
    if patient_id is None:
        return []
    phone = people.contacts(uow, [patient_id])[patient_id].phone
    return [phone] if phone else []


def _user(actor: Actor) -> UUID:
    if actor.user_id is None:  # the guard lets nobody else in
        raise Forbidden
    return actor.user_id
