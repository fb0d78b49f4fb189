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
from medibook.notifications.service.delivery import (
    Judge,
    begin_attempts,
    claim_due,
    give_back,
    note_delivery,
    note_looked_up,
    note_no_record,
    note_outcomes,
    take_unknown,
)
from medibook.notifications.service.messages import mailbox
from medibook.notifications.service.telling import answer_link, open_link, tell, withdraw

__all__ = [
    "Judge",
    "answer_link",
    "begin_attempts",
    "claim_due",
    "give_back",
    "mailbox",
    "note_delivery",
    "note_looked_up",
    "note_no_record",
    "note_outcomes",
    "open_link",
    "send_reset_link",
    "send_verification",
    "take_unknown",
    "tell",
    "tell_address_taken",
    "tell_admins_of_application",
    "tell_decision",
    "tell_password_changed",
    "tell_reactivated",
    "tell_suspended",
    "withdraw",
]
