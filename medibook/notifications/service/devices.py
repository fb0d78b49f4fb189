"""Notes on devices: who is told where that there is a message, for as long as they want it.

A device belongs to the account in which somebody has pressed the button on it. It is told until it is
removed, its browser forgets it, its owner signs out everywhere, or the account is suspended; not
longer, and nobody else can take it over.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from medibook.kernel.actor import Actor, signed_in, system_only
from medibook.kernel.errors import Forbidden, Invalid, NotFound
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.kernel.words import N_
from medibook.notifications import access, rules
from medibook.notifications.channels import are_keys, new_push_key, push_hosts_of
from medibook.notifications.events import DevicesChanged, MessageCame
from medibook.notifications.schemas import Channel, MessageState, NewMessage, Outcome
from medibook.notifications.schemas.push import Device, Devices, PushTarget, Subscription
from medibook.people import service as people
from medibook.people.events import AccountSuspended, PasswordChanged, SignedOutEverywhere
from medibook.ui.i18n import translator

DEVICE_TEST: Final = "device-test"
MOST_DEVICES: Final = 10
_NO_DEVICE = "the device has gone"
_A_WHILE = timedelta(minutes=10)


@use_case(allow=system_only)
def make_push_key(uow: UnitOfWork) -> None:
    """Make the key by which push services know this clinic; once, however many processes start."""
    if not uow.settings.carries(Channel.PUSH) or access.push_key_now(uow) is not None:
        return
    born = new_push_key()
    access.add_push_key(uow, public=born.public, private=born.private)
    uow.audit("push_key", None)


@query(allow=system_only)
def push_key(uow: UnitOfWork, *, key_id: UUID) -> bytes:
    """The private key with which notes to a device are signed, as PEM. Raises NotFound."""
    return access.private_push_key(uow, key_id)


@query(allow=signed_in)
def my_devices(uow: UnitOfWork) -> Devices:
    """The reader's devices, and what a browser must know to become one; "" where that is switched off."""
    key = access.push_key_now(uow) if uow.settings.carries(Channel.PUSH) else None
    rows = access.devices_of(uow, _user(uow.actor))
    return Devices(public_key=key.public_key if key else "", devices=tuple(map(_device, rows)))


@use_case(allow=signed_in)
def add_device(uow: UnitOfWork, *, subscription: Subscription) -> Devices:
    """Tell the reader on this device from now on. Raises Invalid, TooManyAttempts, NotFound."""
    user_id, key = _user(uow.actor), access.push_key_now(uow)
    uow.limit("device", str(user_id), times=20, within=_A_WHILE)
    if key is None or not uow.settings.carries(Channel.PUSH):
        raise NotFound
    if not push_hosts_of(uow.settings).know(subscription.endpoint):
        raise Invalid({"device": N_("We do not know the push service of this browser.")})
    if not are_keys(subscription.p256dh, subscription.auth):
        raise Invalid({"device": N_("This browser has not told us how to reach it.")})
    uow.lock(user_id)  # two pages at once must not both find room for one more
    if len(access.devices_of(uow, user_id)) >= MOST_DEVICES:
        raise Invalid(
            {"device": N_("You have ten devices, the most there can be. Remove one first.")}
        )
    device_id = access.add_device(uow, user_id, key.id, subscription, label=_label(uow))
    if device_id is None:  # whose it is we do not tell, and it stays theirs
        raise Invalid({"device": N_("This device is known already. Please press once more.")})
    uow.audit("push_device", device_id)
    uow.record(DevicesChanged(user_id))
    return my_devices(uow)


@use_case(allow=signed_in)
def remove_device(uow: UnitOfWork, *, device_id: UUID) -> Devices:
    """Tell the reader no more on one of their devices. Raises NotFound: it is not theirs."""
    user_id = _mine(uow, device_id)
    access.forget_device(uow, device_id)
    uow.audit("push_device", device_id)
    uow.record(DevicesChanged(user_id))
    return my_devices(uow)


@use_case(allow=signed_in)
def test_device(uow: UnitOfWork, *, device_id: UUID) -> UUID:
    """Send a test to one of the reader's devices; returns the message whose fate tells the answer.

    Raises NotFound, TooManyAttempts.
    """
    user_id = _mine(uow, device_id)
    uow.limit("device-test", str(user_id), times=5, within=_A_WHILE)
    _ = translator(uow.actor.locale)
    new = NewMessage(
        fact_id=uow.new_id(),
        kind=DEVICE_TEST,
        recipient_id=user_id,
        to=str(device_id),
        subject=uow.settings.clinic_name,
        body=_("This is a test. If you can read it, this device works."),
        locale=uow.actor.locale,
        useful_until=uow.now + _A_WHILE,
    )
    message_id = access.add(uow, new, Channel.PUSH, state=MessageState.PLANNED, send_at=uow.now)
    if message_id is None:
        raise NotFound
    uow.audit("push_device", device_id, reason="test")
    uow.record(MessageCame(None))  # whoever delivers is nudged
    return message_id


@query(allow=signed_in)
def answer_to_device_test(uow: UnitOfWork, *, message_id: UUID) -> tuple[MessageState, str]:
    """How far a test of the reader's has come, and what went wrong. Raises NotFound."""
    row = access.find(uow, message_id)
    if row.kind != DEVICE_TEST or row.recipient_id != _user(uow.actor):
        raise NotFound
    return row.state, row.problem


@use_case(allow=system_only)
def forget_devices(
    uow: UnitOfWork, *, fact: AccountSuspended | PasswordChanged | SignedOutEverywhere
) -> None:
    """Whoever signs out everywhere is told nowhere any more; nor is a suspended account."""
    if access.forget_devices(uow, fact.user_id):
        uow.record(DevicesChanged(fact.user_id))


def notes_for_devices(uow: UnitOfWork, new: NewMessage) -> tuple[NewMessage, ...]:
    """What goes to each device of a message's reader: that there is one, and nothing of what it says."""
    if new.recipient_id is None:
        return ()
    _ = translator(new.locale)
    note = new.model_copy(
        update={
            "recipient_id": None,  # the device knows; and each device has a fate of its own
            "device_of": new.recipient_id,
            "subject": uow.settings.clinic_name,
            "body": _("You have a new message"),
            "attachment_name": "",
            "attachment": "",
            "unsubscribe": "",
        }
    )
    ids = access.device_ids(uow, new.recipient_id)
    return tuple(note.model_copy(update={"to": str(each)}) for each in ids)


def push_targets(
    uow: UnitOfWork, rows: Sequence[Any], against: dict[UUID, str]
) -> dict[UUID, PushTarget]:
    """Where these messages' devices are reached now; what has no device any more is spoken ``against``."""
    pushed = {row.id: UUID(row.to) for row in rows if row.channel is Channel.PUSH}
    known = access.targets(uow, set(pushed.values()))
    for message_id, device_id in pushed.items():
        if device_id not in known:
            against.setdefault(message_id, _NO_DEVICE)
    return {
        row.id: _target(uow, row, known[pushed[row.id]])
        for row in rows
        if row.id in pushed and row.id not in against
    }


def note_of_device(uow: UnitOfWork, outcome: Outcome) -> None:
    """Keep what an attempt has shown of a device; one that has gone is forgotten."""
    device_id = UUID(outcome.sent.to)
    owner = access.owner_of(uow, device_id)
    if owner is None:
        return
    if outcome.is_gone:
        access.forget_device(uow, device_id)
    else:
        access.note_problem(uow, device_id, outcome.problem)
    if outcome.is_gone or outcome.sent.kind == DEVICE_TEST:
        uow.record(DevicesChanged(owner))


def _target(uow: UnitOfWork, row: Any, device: Any) -> PushTarget:  # noqa: ANN401 - rows of Core columns
    lasts = rules.PUSH_LASTS
    if row.useful_until is not None:
        lasts = min(lasts, row.useful_until - uow.now)
    return PushTarget(
        endpoint=device.endpoint,
        p256dh=device.p256dh,
        auth=device.auth,
        key_id=device.key_id,
        lasts=lasts,
        tag=_tag(f"{row.about_kind}:{row.about_id}" if row.about_id else str(row.id)),
    )


def _tag(subject: str) -> str:
    """At most 32 letters (RFC 8030): a later note about the same takes the earlier one's place."""
    return urlsafe_b64encode(sha256(subject.encode()).digest())[:32].decode()


def _device(row: Any) -> Device:  # noqa: ANN401 - a row of Core columns
    return Device(
        device_id=row.id,
        label=row.label,
        since=row.created_at,
        problem=row.problem,
        is_current=row.is_current,
        mark=row.endpoint_hash,
    )


def _label(uow: UnitOfWork) -> str:
    """What a person recognises the device by: as the browser named itself when they signed in."""
    here = (row.device for row in people.my_sessions(uow) if row.is_this_one)
    return next(here, "")


def _mine(uow: UnitOfWork, device_id: UUID) -> UUID:
    user_id = _user(uow.actor)
    if access.owner_of(uow, device_id) != user_id:
        raise NotFound
    return user_id


def _user(actor: Actor) -> UUID:
    if actor.user_id is None:  # the guard lets nobody else in
        raise Forbidden
    return actor.user_id
