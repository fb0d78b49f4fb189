"""The stories of the waiting list: joining, passing freed times on, answering, and what the desk may do."""

from medibook.waitlist.service.answering import (
    accept_offer,
    decline_offer,
    end_past_entries,
    leave_waitlist,
    withdraw_what_is_taken,
)
from medibook.waitlist.service.at_the_desk import (
    change_priority,
    give_out_of_turn,
    remove_from_waitlist,
)
from medibook.waitlist.service.joining import join_waitlist
from medibook.waitlist.service.openings import promote_opening, unannounced_openings
from medibook.waitlist.service.promoting import due_rounds, pass_on, promote

__all__ = [
    "accept_offer",
    "change_priority",
    "decline_offer",
    "due_rounds",
    "end_past_entries",
    "give_out_of_turn",
    "join_waitlist",
    "leave_waitlist",
    "pass_on",
    "promote",
    "promote_opening",
    "remove_from_waitlist",
    "unannounced_openings",
    "withdraw_what_is_taken",
]
