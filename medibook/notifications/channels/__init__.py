"""The ways by which messages travel, behind one shape: accepted, or a ChannelError."""

from medibook.kernel.settings import Settings
from medibook.notifications.channels.mailbox import Mailbox
from medibook.notifications.channels.shape import ChannelAdapter, ChannelError
from medibook.notifications.channels.smtp import Smtp
from medibook.notifications.schemas import Channel

__all__ = ["ChannelAdapter", "ChannelError", "Smtp", "channels_of"]


def channels_of(settings: Settings) -> dict[Channel, ChannelAdapter]:
    """The channels of an installation: its providers', the app itself, and the demo's mailbox.

    A message whose channel is not among them waits.
    """
    house = Mailbox()
    found: dict[Channel, ChannelAdapter] = {Channel.IN_APP: house}
    if settings.is_demo:
        found |= {Channel.EMAIL: house, Channel.SMS: house}
    if settings.smtp_url is not None:
        found[Channel.EMAIL] = Smtp(
            settings.smtp_url, sender=settings.mail_from, sender_name=settings.clinic_name
        )
    return found
