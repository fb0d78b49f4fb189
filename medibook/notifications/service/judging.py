"""The last look before a message leaves: is it still true, of use and wanted, and not one too many?"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import access, rules
from medibook.notifications.schemas import About, Channel, NotYet, Topic
from medibook.notifications.service.devices import DEVICE_TEST
from medibook.notifications.service.quiet import aloud
from medibook.people import service as people

Judge = Callable[[UnitOfWork, Sequence[About]], Sequence[str]]
"""Says of each subject "" while its message is still true, else why not, in a few words.

``NotYet`` says that it may be true again.
"""

TOO_LATE: Final = "too late to be of use"
STOPPED: Final = "opted out"
NO_NEWS: Final = "wants no more news"
NOT_WANTED: Final = "not wanted"
ENOUGH: Final = "too many SMS to this number"
QUIET: Final = "quiet hours"


def against_sending(
    uow: UnitOfWork, rows: Sequence[Any], judges: Mapping[str, Judge]
) -> dict[UUID, str]:
    """What speaks against ever sending each of these messages; only those of which something does."""
    against = _untrue(uow, rows, judges)
    stopped = {
        channel: access.opted_out(uow, channel, [r.to for r in rows if r.channel is channel])
        for channel in (Channel.EMAIL, Channel.SMS)
    }
    news = _read_by(uow, [row for row in rows if row.topic is Topic.NEWS])
    refusing = access.refusing(uow, set(news.values()), Topic.NEWS)
    for row in rows:
        if (news.get(row.id), row.channel) in refusing:
            against.setdefault(row.id, NO_NEWS)
    for row in _unwanted(uow, rows):
        against.setdefault(row.id, NOT_WANTED)
    for row in rows:
        until = _useful_until(row)
        if _is_dropped(against, row.id):
            continue
        if until is not None and until <= uow.now:
            against[row.id] = ENOUGH if row.problem == ENOUGH else TOO_LATE
        # A code goes only to who has proven this number before: it is how they take their STOP back.
        elif row.to in stopped.get(row.channel, ()) and row.kind != rules.PHONE_CODE:
            against[row.id] = STOPPED
    return against


def ask_again_at(uow: UnitOfWork, row: Any) -> datetime:  # noqa: ANN401 - a row of Core columns
    """When a message is judged again that may be true later: soon, but no telephone rings at night."""
    soon = uow.now + rules.ASK_AGAIN
    rings = row.channel in (Channel.SMS, Channel.PUSH)
    return _outside_quiet_hours(uow, row, soon) if rings else soon


def _read_by(uow: UnitOfWork, rows: Sequence[Any]) -> dict[UUID, UUID]:
    """Whose account these messages are for, by message; a note on a device is for who owns it now."""
    devices = {row.id: UUID(row.to) for row in rows if row.channel is Channel.PUSH}
    owners = access.owners_of(uow, set(devices.values()))
    readers = {row.id: row.recipient_id for row in rows if row.recipient_id is not None}
    owned = {each: owners[device] for each, device in devices.items() if device in owners}
    return readers | owned


def _unwanted(uow: UnitOfWork, rows: Sequence[Any]) -> list[Any]:
    """What patients without an account do not want, or not by this way, as the desk has noted since.

    Whoever has an account by now chooses there; and a device is always somebody's with an account.
    """
    theirs = [
        row
        for row in rows
        if row.recipient_id is None
        and row.channel is not Channel.PUSH
        and row.patient_id
        and not rules.is_answer(row.kind)
    ]
    said = access.reach_of(uow, {row.patient_id for row in theirs})
    unwanted = [
        row
        for row in theirs
        if (reach := said.get(row.patient_id)) and not reach.wants(row.topic, row.channel)
    ]
    known = people.contacts(uow, {row.patient_id for row in unwanted}) if unwanted else {}
    return [
        row for row in unwanted if (who := known.get(row.patient_id)) is None or who.user_id is None
    ]


def held_back(uow: UnitOfWork, rows: Sequence[Any]) -> dict[UUID, datetime]:
    """Which of these SMS would be one too many for their number, and when each may leave instead.

    Two workers that count at the same moment would both find room: they count a number in turn.
    Codes were counted, by themselves, when they were asked for.
    """
    counted = [r for r in rows if r.channel is Channel.SMS and r.kind != rules.PHONE_CODE]
    if not counted:
        return {}
    numbers = {row.to for row in counted}
    uow.lock(*(uuid5(NAMESPACE_URL, f"sms-to:{number}") for number in numbers))
    sent = access.sent_to_numbers(uow, numbers, since=uow.now - rules.SMS_COUNTED)
    held = {}
    for row in counted:
        free_at = rules.sms_free_at(sent[row.to], uow.now)
        if free_at > uow.now and not rules.is_by_hand(row.kind):
            held[row.id] = _outside_quiet_hours(uow, row, free_at)
        else:
            sent[row.to].append(uow.now)
    return held


def kept_quiet(uow: UnitOfWork, rows: Sequence[Any]) -> dict[UUID, datetime]:
    """Which of these would ring in somebody's quiet hours, and when each may leave instead.

    They were promised for the day: nobody delivered then, or the provider took nothing. Who waits for
    an answer is not kept waiting, nor is what would be of no use by the morning.
    """
    ringing = [
        row
        for row in rows
        if row.channel in (Channel.SMS, Channel.PUSH)
        and not (rules.is_answer(row.kind) or row.kind in (rules.PHONE_CODE, DEVICE_TEST))
    ]
    late = {row.id: _outside_quiet_hours(uow, row, uow.now) for row in ringing}
    return {
        row.id: late[row.id]
        for row in ringing
        if late[row.id] > uow.now
        and not (rules.rings_at_need(row.topic) and late[row.id] == _useful_until(row))
    }


def _outside_quiet_hours(uow: UnitOfWork, row: Any, at: datetime) -> datetime:  # noqa: ANN401 - a row of Core columns
    """When a telephone may ring; but at the end of its use, where the ledger says that it never did."""
    owner = access.owner_of(uow, UUID(row.to)) if row.channel is Channel.PUSH else row.recipient_id
    later = aloud(uow, at, reader=owner, zone=row.zone)
    until = _useful_until(row)
    return later if until is None else min(later, until)


def _useful_until(row: Any) -> datetime | None:  # noqa: ANN401 - a row of Core columns
    until: datetime | None = row.useful_until
    lasts = rules.useful_for(row.kind)
    return until or (row.created_at + lasts if lasts is not None else None)


def _untrue(uow: UnitOfWork, rows: Sequence[Any], judges: Mapping[str, Judge]) -> dict[UUID, str]:
    """What is against these messages by what they are about, or name: rather a no than a not yet."""
    of_kind: dict[str, list[tuple[UUID, About]]] = defaultdict(list)
    own = [(row.id, about) for row in rows if (about := access.about(row)) is not None]
    for message_id, about in (*own, *access.names_to_judge(uow, [row.id for row in rows])):
        if about.kind in judges:
            of_kind[about.kind].append((message_id, about))
    reasons: dict[UUID, str] = {}
    for kind, theirs in of_kind.items():
        said = judges[kind](uow, [about for _, about in theirs])
        for (message_id, _), reason in zip(theirs, said, strict=True):
            if reason and not _is_dropped(reasons, message_id):
                reasons[message_id] = reason
    return reasons


def _is_dropped(against: Mapping[UUID, str], message_id: UUID) -> bool:
    return not isinstance(against.get(message_id, NotYet()), NotYet)
