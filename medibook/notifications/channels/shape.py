"""The one shape of a channel: a message is accepted, or a ChannelError says why not."""

from datetime import timedelta
from typing import Protocol

from medibook.notifications.schemas import Outgoing


class ChannelError(Exception):
    """A channel has not taken a message, or cannot tell.

    ``permanent``: trying again is no use. ``is_unknown``: it may have taken it. ``retry_after`` is what
    the provider asks to wait. The log may hold ``problem``: it names no person.
    """

    def __init__(
        self,
        problem: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
        is_unknown: bool = False,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.permanent = permanent
        self.retry_after = retry_after
        self.is_unknown = is_unknown


class ChannelAdapter(Protocol):
    """A way to send messages; ``keeps_record``: it can be asked later whether it has one."""

    keeps_record: bool

    def send(self, message: Outgoing) -> str:
        """Hand one message over; returns the provider's id. Raises ChannelError."""
        ...

    def look_up(self, message: Outgoing) -> str | None:
        """The provider's id of a message, None when it surely has none. Raises ChannelError: who knows."""
        ...
