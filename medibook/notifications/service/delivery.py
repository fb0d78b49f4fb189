"""Sending what was promised: claimed, judged right before the call, settled by what the provider said.

The network is never waited for inside a transaction: a job claims, begins the attempts, speaks to the
channels, and notes the outcomes. Each step can be cut off by a crash without a message being lost or
sent twice: what was claimed is claimed again, what was attempted is looked up.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from medibook.kernel.actor import system_only
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.notifications import access, rules
from medibook.notifications.events import MessageCame, MessageDied
from medibook.notifications.schemas import Channel, MessageState, NotYet, Outcome, Outgoing
from medibook.notifications.schemas.push import PushTarget
from medibook.notifications.service.devices import note_of_device, push_targets
from medibook.notifications.service.judging import (
    ENOUGH,
    QUIET,
    STOPPED,
    Judge,
    against_sending,
    ask_again_at,
    held_back,
    kept_quiet,
)

CLAIMED_AT_ONCE = 320
# As many as a postman has hands: whatever is judged is called at once, and does not queue behind others.
CALLED_AT_ONCE = 32
_LOOKED_UP_AT_ONCE = 50
_CUT_OFF = "cut off in the middle of sending"


@query(allow=system_only)
def work_waits(uow: UnitOfWork, *, channels: Collection[Channel]) -> tuple[bool, bool]:
    """Whether something is to be sent now, and whether something is to be looked up; takes no lock."""
    return access.work_waits(uow, channels)


@use_case(allow=system_only)
def claim_due(uow: UnitOfWork, *, channels: Collection[Channel]) -> UUID | None:
    """Take a share of what is due; returns the claim, None when nothing is."""
    return access.claim_due(uow, channels, lease=rules.LEASE, limit=CLAIMED_AT_ONCE)


@use_case(allow=system_only)
def begin_attempts(
    uow: UnitOfWork, *, claim: UUID, judges: Mapping[str, Judge]
) -> tuple[Outgoing, ...] | None:
    """Judge the next messages of a claim, and note that the rest is being sent; None at the end of it.

    What is no longer true, too late, or not wanted any more never leaves, and says why. What may be
    true again waits, until it is too late for it.
    """
    rows = access.claimed(uow, claim, limit=CALLED_AT_ONCE)
    if not rows:
        return None
    against = against_sending(uow, rows, judges)
    devices = push_targets(uow, rows, against)
    for row in rows:
        reason = against.get(row.id, "")
        if isinstance(reason, NotYet):
            access.put_off(uow, claim, row.id, send_at=ask_again_at(uow, row), reason=reason)
        elif reason:
            stopped = reason == STOPPED
            access.drop(
                uow,
                claim,
                row.id,
                state=MessageState.DEAD if stopped else MessageState.EXPIRED,
                reason=reason,
                forget_body=_must_forget(uow, row.kind),
            )
    left = [row for row in rows if row.id not in against]
    for hold, why in ((kept_quiet, QUIET), (held_back, ENOUGH)):
        late = hold(uow, left)
        for row_id, send_at in late.items():
            access.put_off(uow, claim, row_id, send_at=send_at, reason=why)
        left = [row for row in left if row.id not in late]
    access.attempt(uow, [row.id for row in left], lease=rules.LEASE)
    return tuple(_begun(uow, row, devices.get(row.id)) for row in left)


def _begun(uow: UnitOfWork, row: Any, device: PushTarget | None) -> Outgoing:  # noqa: ANN401 - a row of Core columns
    tried = {"attempts": row.attempts + 1, "attempted_at": uow.now, "push": device}
    return access.outgoing(row).model_copy(update=tried)


@use_case(allow=system_only)
def note_outcomes(uow: UnitOfWork, *, claim: UUID, outcomes: Sequence[Outcome]) -> int:
    """Note what became of attempted messages; returns how many the providers took."""
    for outcome in outcomes:
        _settle(uow, claim, outcome)
        if outcome.sent.channel is Channel.PUSH and not outcome.is_held:
            note_of_device(uow, outcome)
    return sum(outcome.is_accepted for outcome in outcomes)


@use_case(allow=system_only)
def give_back(uow: UnitOfWork, *, claim: UUID, message_ids: Collection[UUID]) -> None:
    """Let messages wait again whose provider was not called after all."""
    access.give_back(uow, claim, message_ids, send_at=uow.now)


@use_case(allow=system_only)
def take_unknown(uow: UnitOfWork) -> tuple[Outgoing, ...]:
    """Messages that somebody was cut off from while sending them, to be looked up at their providers."""
    access.lose(uow, look_after=rules.LOOK_AFTER, problem=_CUT_OFF)
    return access.unknown(uow, limit=_LOOKED_UP_AT_ONCE, lease=rules.LOOK_AGAIN)


@use_case(allow=system_only)
def note_looked_up(
    uow: UnitOfWork, *, message_id: UUID, claim: UUID | None, provider_id: str | None
) -> None:
    """Note what the provider's own record says: it has the message, or surely not (None).

    An id that is another message's proves nothing of this one: two equal texts to one number.
    """
    row = access.find(uow, message_id)
    if provider_id and access.is_provider_id_taken(uow, provider_id, message_id):
        _leave_unknown(uow, row.id, claim, row.created_at, "the provider's record is of another")
        return
    if provider_id is None:
        access.settle_unknown(
            uow,
            message_id,
            claim,
            state=MessageState.RETRY,
            problem="the provider has no record of it",
            send_at=uow.now,
        )
        return
    mine = access.settle_unknown(
        uow,
        message_id,
        claim,
        state=MessageState.ACCEPTED,
        provider_id=provider_id,
        forget_body=_must_forget(uow, row.kind),
    )
    if mine and uow.settings.is_demo:
        uow.record(MessageCame(row.recipient_id))


@use_case(allow=system_only)
def note_no_record(
    uow: UnitOfWork, *, message_id: UUID, claim: UUID | None, keeps_none: bool, problem: str
) -> None:
    """Note that a provider cannot say whether it has a message.

    ``keeps_none``: mail servers never can; a confirmation is sent once more then, under its own
    Message-ID. Everything else stays unknown, for a person to decide.
    """
    row = access.find(uow, message_id)
    if keeps_none and row.attempts < 2 and rules.may_resend(row.topic, row.channel):
        again = "sent once more, under the same Message-ID"
        access.settle_unknown(
            uow, message_id, claim, state=MessageState.RETRY, problem=again, send_at=uow.now
        )
        return
    since = None if keeps_none else row.created_at
    _leave_unknown(uow, message_id, claim, since, problem)


def _leave_unknown(
    uow: UnitOfWork, message_id: UUID, claim: UUID | None, since: datetime | None, problem: str
) -> None:
    """It is looked up again; not for ever (``since`` None: not once more), then a person decides."""
    is_over = since is None or uow.now - since >= rules.LOOKED_FOR
    access.settle_unknown(
        uow,
        message_id,
        claim,
        state=MessageState.UNKNOWN,
        problem=problem,
        send_at=uow.now + rules.LOOKED_FOR * 365 if is_over else None,
    )


@use_case(allow=system_only)
def note_delivery(
    uow: UnitOfWork, *, message_id: UUID, provider_state: str, provider_id: str
) -> None:
    """Note what a provider tells later of a message: it only ever goes forward, and twice is once.

    Raises NotFound when there is no such message.
    """
    row = access.find(uow, message_id)
    if not rules.is_further(row.provider_state, provider_state):
        return
    if row.provider_id and provider_id and row.provider_id != provider_id:
        return  # of another message of that provider's: whoever signed it mixed them up
    access.note_provider_state(uow, message_id, provider_state, provider_id)
    # Whoever reports of it has it, whatever was understood when it was handed over.
    if row.state is not MessageState.ACCEPTED:
        _accept(uow, message_id, row.recipient_id, row.kind, None, provider_id)
    uow.audit("message", message_id, reason=provider_state)


def _settle(uow: UnitOfWork, claim: UUID, outcome: Outcome) -> None:
    sent = outcome.sent
    if outcome.is_accepted:
        _accept(uow, sent.message_id, None, sent.kind, claim, outcome.provider_id)
        return
    if outcome.is_held:
        access.give_back(uow, claim, [sent.message_id], send_at=uow.now + _pause(outcome))
        return
    is_refused = outcome.is_permanent and sent.channel is Channel.PUSH
    if is_refused or outcome.is_gone:
        # Nobody of the clinic has to look after a device: what is announced on it stands in the app.
        state, send_at = MessageState.EXPIRED, None
    elif outcome.is_unknown and sent.attempts < rules.MOST_ATTEMPTS:
        state, send_at = MessageState.UNKNOWN, uow.now + rules.LOOK_AFTER
    elif outcome.is_permanent or sent.attempts >= rules.MOST_ATTEMPTS:
        state, send_at = MessageState.DEAD, None
    else:
        wait = rules.wait_before(
            sent.attempts, message_id=sent.message_id, retry_after=outcome.retry_after
        )
        state, send_at = MessageState.RETRY, uow.now + wait
    is_dead = state is MessageState.DEAD
    mine = access.settle(
        uow,
        sent.message_id,
        state=state,
        claim=claim,
        problem=outcome.problem,
        send_at=send_at,
        forget_body=is_dead and _must_forget(uow, sent.kind),
    )
    if is_dead and mine:
        uow.record(MessageDied(sent.message_id, sent.channel.value))
        uow.audit("message", sent.message_id, reason=outcome.problem)


def _pause(outcome: Outcome) -> timedelta:
    return outcome.retry_after or rules.PAUSE


def _accept(
    uow: UnitOfWork,
    message_id: UUID,
    recipient_id: UUID | None,
    kind: str,
    claim: UUID | None,
    provider_id: str,
) -> None:
    access.settle(
        uow,
        message_id,
        state=MessageState.ACCEPTED,
        claim=claim,
        provider_id=provider_id,
        forget_body=_must_forget(uow, kind),
    )
    if uow.settings.is_demo:
        uow.record(MessageCame(recipient_id))


def _must_forget(uow: UnitOfWork, kind: str) -> bool:
    """A key to an account is not kept once it has left, or never will; the demo shows its mail."""
    return rules.carries_key(kind) and not uow.settings.is_demo
