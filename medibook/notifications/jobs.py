"""Sending what was promised: claimed in one transaction, sent outside any, settled in another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import repeat
from uuid import UUID

from medibook.kernel.actor import system
from medibook.kernel.application import MediBook
from medibook.notifications import service
from medibook.notifications.channels import (
    ChannelAdapter,
    ChannelError,
    channels_of,
    is_too_late,
    running_clock,
)
from medibook.notifications.rules import LEASE
from medibook.notifications.schemas import Channel, Outcome, Outgoing
from medibook.notifications.service import Judge

_WORKER = system("mail")
# Providers take their time: so many are asked at once. More would not be welcome with any of them.
HANDS = 32
# A worker that slept longer than this between its note and its call has to assume that somebody else
# will look after the message.
_FRESH = LEASE.total_seconds() / 5
# Seconds after which nothing more is looked up in this round; a provider has eight more for its last answer.
_LOOKING = 10.0


def deliver_messages(medibook: MediBook, judges: Mapping[str, Judge]) -> int:
    """Send the messages that are due; returns how many the providers took. Any number may run at once."""
    return Postman(medibook, judges).go_round()


def beat(medibook: MediBook) -> None:
    """Leave a sign that somebody delivers here."""
    medibook.perform(_WORKER, service.note_beat)


def warn_of_overdue(medibook: MediBook) -> int:
    """Tell the admins when promised messages have not left in time; returns how many have not."""
    return medibook.perform(_WORKER, service.warn_of_overdue)


def make_push_key(medibook: MediBook) -> None:
    """Make the key by which push services know this clinic, at its first run."""
    medibook.perform(_WORKER, service.make_push_key)


class Postman:
    """Carries what is due to the channels, a handful at a time."""

    def __init__(self, medibook: MediBook, judges: Mapping[str, Judge]) -> None:
        self._medibook = medibook
        self._judges = judges
        self._channels = channels_of(medibook.settings, push_key=self._push_key)

    def go_round(self) -> int:
        """Send until nothing is due, then look up what was cut off in the middle."""
        channels = list(self._channels)
        to_send, to_look_up = self._medibook.perform(_WORKER, service.work_waits, channels=channels)
        accepted = self._send_all(channels) if to_send else 0
        if to_look_up:
            self._look_up()
        return accepted

    def _push_key(self, key_id: UUID) -> bytes:
        return self._medibook.perform(_WORKER, service.push_key, key_id=key_id)

    def _send_all(self, channels: Sequence[Channel]) -> int:
        accepted = 0
        with ExitStack() as open_lines:
            for adapter in set(self._channels.values()):
                open_lines.enter_context(adapter.session())
            hands = open_lines.enter_context(ThreadPoolExecutor(HANDS, thread_name_prefix="mail"))
            while claim := self._medibook.perform(_WORKER, service.claim_due, channels=channels):
                accepted += self._carry(hands, claim)
        return accepted

    def _carry(self, hands: ThreadPoolExecutor, claim: UUID) -> int:
        accepted = 0
        while True:
            call_before = running_clock() + _FRESH
            batch = self._medibook.perform(
                _WORKER, service.begin_attempts, claim=claim, judges=self._judges
            )
            if batch is None:
                return accepted
            sent = list(hands.map(self._send, batch, repeat(call_before)))
            outcomes = [outcome for outcome in sent if outcome is not None]
            self._return_unsent(claim, batch, outcomes)
            if outcomes:
                accepted += self._medibook.perform(
                    _WORKER, service.note_outcomes, claim=claim, outcomes=outcomes
                )

    def _send(self, message: Outgoing, call_before: float) -> Outcome | None:
        """Call the channel, which looks at the clock once more; None when it is too late already."""
        if is_too_late(call_before):
            return None
        in_time = message.model_copy(update={"call_before": call_before})
        try:
            provider_id = self._channels[message.channel].send(in_time)
        except ChannelError as error:
            return Outcome(
                sent=message,
                problem=error.problem,
                is_permanent=error.permanent,
                is_unknown=error.is_unknown,
                is_held=error.is_held,
                is_gone=error.is_gone,
                retry_after=error.retry_after,
            )
        except Exception as error:  # noqa: BLE001 - one poisoned message must not stop the others
            # Nobody knows how far it has come: it is looked up before it is tried again.
            return Outcome(sent=message, problem=type(error).__name__, is_unknown=True)
        return Outcome(sent=message, is_accepted=True, provider_id=provider_id)

    def _return_unsent(
        self, claim: UUID, batch: Sequence[Outgoing], outcomes: Sequence[Outcome]
    ) -> None:
        called = {outcome.sent.message_id for outcome in outcomes}
        left = [each.message_id for each in batch if each.message_id not in called]
        if left:
            self._medibook.perform(_WORKER, service.give_back, claim=claim, message_ids=left)

    def _look_up(self) -> None:
        """Ask the providers, each by a hand of its own: one that is frozen holds up nobody else."""
        found: dict[Channel, list[Outgoing]] = defaultdict(list)
        for message in self._medibook.perform(_WORKER, service.take_unknown):
            if message.channel in self._channels:
                found[message.channel].append(message)
        if not found:
            return
        until = running_clock() + _LOOKING
        with ThreadPoolExecutor(len(found), thread_name_prefix="look-up") as hands:
            list(hands.map(self._look_through, found, found.values(), repeat(until)))

    def _look_through(self, channel: Channel, messages: Sequence[Outgoing], until: float) -> None:
        """Ask a provider for one message after the other; no further once it is down, or it is late.

        Those that were not asked for come again, as all that is unknown.
        """
        adapter = self._channels[channel]
        for message in messages:
            if running_clock() >= until:
                return
            try:
                provider_id = adapter.look_up(message)
            except ChannelError as error:
                if error.is_held:
                    return
                self._note_no_record(message, error.problem, keeps_none=not adapter.keeps_record)
                if error.is_outage:
                    return
            except Exception as error:  # noqa: BLE001 - one poisoned message must not stop the others
                self._note_no_record(message, type(error).__name__)
            else:
                self._note_found(message, adapter, provider_id)

    def _note_found(
        self, message: Outgoing, adapter: ChannelAdapter, provider_id: str | None
    ) -> None:
        if provider_id is None and self._is_too_early(message, adapter):
            self._note_no_record(message, "not in the provider's list so far")
            return
        self._medibook.perform(
            _WORKER,
            service.note_looked_up,
            message_id=message.message_id,
            claim=message.claim,
            provider_id=provider_id,
        )

    def _note_no_record(self, message: Outgoing, problem: str, *, keeps_none: bool = False) -> None:
        self._medibook.perform(
            _WORKER,
            service.note_no_record,
            message_id=message.message_id,
            claim=message.claim,
            keeps_none=keeps_none,
            problem=problem,
        )

    def _is_too_early(self, message: Outgoing, adapter: ChannelAdapter) -> bool:
        """Whether a provider's list may still lack what it has taken."""
        since = message.attempted_at or message.created_at
        return self._medibook.clock.now() - since < adapter.settles_after
