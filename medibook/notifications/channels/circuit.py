"""A courtesy to a provider that is down: after several failures in a row nobody asks for a while.

It lives in the memory of one process and no truth depends on it. What it holds back has not been
tried: it waits as long as the circuit, and loses none of its attempts.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

from medibook.notifications.channels.shape import ChannelAdapter, ChannelError
from medibook.notifications.schemas import Outgoing

OPENS_AFTER = 5
PAUSE = timedelta(seconds=30)


class Circuit:
    """One provider's: closed as usual, open after failures in a row, then one message tries."""

    def __init__(
        self,
        *,
        opens_after: int = OPENS_AFTER,
        pause: timedelta = PAUSE,
        now: Callable[[], float] = monotonic,
    ) -> None:
        """``now`` counts seconds from anywhere."""
        self._opens_after = opens_after
        self._pause = pause.total_seconds()
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._opens_again_at = 0.0

    def enter(self) -> None:
        """Let a message pass; raises ChannelError, as held, while the circuit is open."""
        with self._lock:
            if self._failures < self._opens_after:
                return
            left = self._opens_again_at - self._now()
            if left > 0:
                wait = timedelta(seconds=left)
                raise ChannelError("the provider is given a pause", retry_after=wait, is_held=True)
            # This one tries; the others wait until it is known how it went.
            self._opens_again_at = self._now() + self._pause

    def note(self, error: ChannelError | None) -> None:
        """Note how it went; a message that was refused for its own sake proves the provider well."""
        with self._lock:
            if error is None or not error.is_outage:
                self._failures = 0
                return
            self._failures += 1
            pause = self._pause
            if error.retry_after is not None:
                pause = max(pause, error.retry_after.total_seconds())
            self._opens_again_at = self._now() + pause


class Guarded:
    """A channel behind its circuit."""

    def __init__(self, channel: ChannelAdapter, circuit: Circuit) -> None:
        self._channel = channel
        self._circuit = circuit
        self.settles_after = channel.settles_after
        self.keeps_record = channel.keeps_record

    @contextmanager
    def session(self) -> Iterator["Guarded"]:
        """Keep open what the channel keeps open."""
        with self._channel.session():
            yield self

    def send(self, message: Outgoing) -> str:
        """Send, unless the provider is given a pause."""
        self._circuit.enter()
        try:
            taken = self._channel.send(message)
        except ChannelError as error:
            self._circuit.note(error)
            raise
        self._circuit.note(None)
        return taken

    def look_up(self, message: Outgoing) -> str | None:
        """Look a message up, unless the provider is given a pause."""
        self._circuit.enter()
        try:
            found = self._channel.look_up(message)
        except ChannelError as error:
            if error.is_outage:
                self._circuit.note(error)
            raise
        return found
