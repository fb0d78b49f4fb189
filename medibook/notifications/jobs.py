"""Sending what was promised: claimed in one transaction, sent outside any, settled in another."""

from medibook.kernel.actor import system
from medibook.kernel.application import MediBook
from medibook.notifications import service
from medibook.notifications.channels import ChannelError, Smtp

_WORKER = system("mail")


def deliver_messages(medibook: MediBook) -> int:
    """Send the messages that are due; returns how many the mail server took."""
    settings = medibook.settings
    if settings.smtp_url is None:
        return 0
    channel = Smtp(settings.smtp_url, sender=settings.mail_from, sender_name=settings.clinic_name)
    accepted = 0
    while claimed := medibook.perform(_WORKER, service.deliver_due):
        for message in claimed:
            try:
                channel.send(message)
            except ChannelError as error:
                medibook.perform(
                    _WORKER,
                    service.note_failed,
                    message_id=message.message_id,
                    problem=error.problem,
                    permanent=error.permanent,
                )
                continue
            medibook.perform(_WORKER, service.note_accepted, message_id=message.message_id)
            accepted += 1
    return accepted
