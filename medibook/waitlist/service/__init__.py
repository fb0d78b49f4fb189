"""The stories of the waiting list: joining, passing freed times on, answering, and what the desk may do."""

from medibook.waitlist.service.answering import (
    accept_offer,
    decline_offer,
    end_past_entries,
    leave_waitlist,
    withdraw_what_is_taken,
)
from medibook.waitlist.service.asking import (
    wish_from_board,
    wish_from_search,
    wish_from_visit,
)
from medibook.waitlist.service.at_the_desk import (
    change_priority,
    give_out_of_turn,
    remove_from_waitlist,
)
from medibook.waitlist.service.joining import join_waitlist
from medibook.waitlist.service.messages import (
    ABOUT_OFFER,
    offers_still_true,
    tell_joined,
    tell_offer_over,
    tell_offered,
)
from medibook.waitlist.service.openings import promote_opening, unannounced_openings
from medibook.waitlist.service.promoting import due_rounds, pass_on, promote
from medibook.waitlist.service.reading import (
    freed_times,
    my_entries,
    offer_of_waitlist,
    refilled_times,
    waiting_people,
)

__all__ = [
    "ABOUT_OFFER",
    "accept_offer",
    "change_priority",
    "decline_offer",
    "due_rounds",
    "end_past_entries",
    "freed_times",
    "give_out_of_turn",
    "join_waitlist",
    "leave_waitlist",
    "my_entries",
    "offer_of_waitlist",
    "offers_still_true",
    "pass_on",
    "promote",
    "promote_opening",
    "refilled_times",
    "remove_from_waitlist",
    "tell_joined",
    "tell_offer_over",
    "tell_offered",
    "unannounced_openings",
    "waiting_people",
    "wish_from_board",
    "wish_from_search",
    "wish_from_visit",
    "withdraw_what_is_taken",
]
