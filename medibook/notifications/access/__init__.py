"""The only place that turns messages, links and wishes into rows."""

from medibook.notifications.access.delivery import (
    about,
    attempt,
    claim_due,
    claimed,
    drop,
    give_back,
    lose,
    note_provider_state,
    outgoing,
    settle,
    unknown,
)
from medibook.notifications.access.links import add_link, link_of
from medibook.notifications.access.messages import (
    add,
    find,
    is_told,
    last_accepted_mark,
    mailbox,
    withdraw,
)
from medibook.notifications.access.wishes import opted_out, quiet_hours_of, wishes_of

__all__ = [
    "about",
    "add",
    "add_link",
    "attempt",
    "claim_due",
    "claimed",
    "drop",
    "find",
    "give_back",
    "is_told",
    "last_accepted_mark",
    "link_of",
    "lose",
    "mailbox",
    "note_provider_state",
    "opted_out",
    "outgoing",
    "quiet_hours_of",
    "settle",
    "unknown",
    "wishes_of",
    "withdraw",
]
