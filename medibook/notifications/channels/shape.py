"""What every channel is to the rest of the house: it takes a message, or says what became of it."""

from datetime import timedelta
from sys import platform
from time import CLOCK_BOOTTIME, clock_gettime, monotonic
from typing import TYPE_CHECKING, Protocol

from medibook.notifications.schemas import Outgoing

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class ChannelError(Exception):
    """A channel has not taken a message, or nobody can tell whether it has.

    ``problem`` is kept and shown to the clinic: it never holds an address, a number or what a
    provider wrote. ``permanent``: trying again is no use. ``retry_after``: the provider asks for
    this much patience. ``is_unknown``: the message may have been taken; it must be looked up
    before it is sent again. ``is_outage``: not this message is at fault, the provider takes none.
    ``is_held``: nobody was asked at all, so it counts as no attempt. ``is_gone``: there is nobody any
    more at this address, and nothing will ever reach it.
    """

    def __init__(
        self,
        problem: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
        is_unknown: bool = False,
        is_outage: bool = False,
        is_held: bool = False,
        is_gone: bool = False,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.permanent = permanent
        self.retry_after = retry_after
        self.is_unknown = is_unknown
        self.is_outage = is_outage
        self.is_held = is_held
        self.is_gone = is_gone


def running_clock() -> float:
    """Seconds from anywhere that count on while the machine sleeps, where it can tell."""
    return clock_gettime(CLOCK_BOOTTIME) if platform == "linux" else monotonic()


def is_too_late(call_before: float | None) -> bool:
    """Tell whether a message has to be left to whoever has taken it over meanwhile."""
    return call_before is not None and running_clock() >= call_before


def too_late() -> ChannelError:
    """What a channel says that was held up, right before its call, until somebody else had taken over."""
    return ChannelError("held up until it was too late to call", is_held=True)


class ChannelAdapter(Protocol):
    """One provider, spoken to in its own way."""

    keeps_record: bool
    """Whether it can be asked later if it has taken a message."""
    settles_after: timedelta
    """How long after an attempt the provider's "I have no such message" can be believed."""

    def session(self) -> "AbstractContextManager[ChannelAdapter]":
        """Keep what costs time to open for as long as the context lasts; any thread may send in it."""
        ...

    def send(self, message: Outgoing) -> str:
        """Hand one message over; returns the provider's id of it, or raises ChannelError.

        Its last look before the call is at ``message.call_before``.
        "" is an id that the provider has not told; the message is accepted all the same.
        """
        ...

    def look_up(self, message: Outgoing) -> str | None:
        """Return the provider's id of a message that it has taken, None if it surely has not.

        Raises ChannelError when the provider cannot tell, or not now.
        """
        ...
