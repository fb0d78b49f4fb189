"""The ways by which messages travel, behind one shape: accepted, or a ChannelError."""

from medibook.notifications.channels.smtp import ChannelError, Smtp

__all__ = ["ChannelError", "Smtp"]
