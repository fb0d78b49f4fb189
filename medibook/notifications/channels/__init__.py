"""The ways by which messages leave the house, behind one shape: accepted, or a ChannelError."""

from medibook.notifications.channels.choosing import channels_of, push_hosts_of, sender_of
from medibook.notifications.channels.letter import Sender
from medibook.notifications.channels.push_gate import LONGEST_ENDPOINT, are_keys
from medibook.notifications.channels.shape import (
    ChannelAdapter,
    ChannelError,
    is_too_late,
    running_clock,
)
from medibook.notifications.channels.smtp import Smtp
from medibook.notifications.channels.webpush import new_push_key

__all__ = [
    "LONGEST_ENDPOINT",
    "ChannelAdapter",
    "ChannelError",
    "Sender",
    "Smtp",
    "are_keys",
    "channels_of",
    "is_too_late",
    "new_push_key",
    "push_hosts_of",
    "running_clock",
    "sender_of",
]
