"""The only place that turns messages into rows."""

from medibook.notifications.access.messages import (
    accept,
    add,
    claim_due,
    find,
    is_told,
    mailbox,
    note_failure,
)

__all__ = ["accept", "add", "claim_due", "find", "is_told", "mailbox", "note_failure"]
