"""The ways by which messages leave the house, behind one shape: accepted, or a ChannelError."""

from medibook.notifications.channels.choosing import channels_of, sender_of
from medibook.notifications.channels.letter import Sender
from medibook.notifications.channels.shape import (
    ChannelAdapter,
    ChannelError,
    is_too_late,
    running_clock,
)
from medibook.notifications.channels.smtp import Smtp

__all__ = [
    "ChannelAdapter",
    "ChannelError",
    "Sender",
    "Smtp",
    "channels_of",
    "is_too_late",
    "running_clock",
    "sender_of",
]
