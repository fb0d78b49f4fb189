"""The stories of messages: promised with the fact, sent from rows, readable in the demo's mailbox."""

from medibook.notifications.service.account_messages import (
    send_reset_link,
    send_verification,
    tell_address_taken,
    tell_admins_of_application,
    tell_decision,
    tell_password_changed,
    tell_reactivated,
    tell_suspended,
)
from medibook.notifications.service.messages import (
    deliver_due,
    mailbox,
    note_accepted,
    note_failed,
)
from medibook.notifications.service.telling import tell

__all__ = [
    "deliver_due",
    "mailbox",
    "note_accepted",
    "note_failed",
    "send_reset_link",
    "send_verification",
    "tell",
    "tell_address_taken",
    "tell_admins_of_application",
    "tell_decision",
    "tell_password_changed",
    "tell_reactivated",
    "tell_suspended",
]
