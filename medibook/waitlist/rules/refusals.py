"""How the waiting list says no."""

from typing import Final

from medibook.kernel.errors import Conflict
from medibook.kernel.words import N_


class OfferOver(Conflict):
    """The offer has run out, or was taken back: the time is somebody else's turn."""

    code = "offer_over"
    sentence = N_(
        "This offer is over, so the time is no longer kept for you. "
        "You keep your place on the waiting list."
    )


ANOTHER_WAS_FIRST: Final = "another was first"
"""Why an offer was taken back whose time was offered to some at once."""


class AnotherWasFirst(Conflict):
    """Of those who were asked at once, somebody else has taken the time."""

    code = "another_was_first"
    sentence = N_(
        "Somebody else was faster: this time was offered to several people at once. "
        "You keep your place on the waiting list."
    )


class OfferAnswered(Conflict):
    """The offer was answered before, in another window or by somebody else in the family."""

    code = "offer_answered"
    sentence = N_("This offer was answered already. Nothing has changed.")


class NotWaiting(Conflict):
    """The entry is closed: booked, left, taken off or past its last day."""

    code = "not_waiting"
    sentence = N_("This entry of the waiting list is closed already.")


class AlreadyWaiting(Conflict):
    """The same person waits for the same thing already."""

    code = "already_waiting"
    sentence = N_("You are on this waiting list already. You find it under Waiting list.")


class TooManyEntries(Conflict):
    """One person waits for as many things as one may."""

    code = "too_many_entries"
    sentence = N_(
        "You are on {count} waiting lists, which is as many as one can be on. Leave one first."
    )


class DoesNotFit(Conflict):
    """The front desk wants to give a time to somebody whose visit cannot be there."""

    code = "does_not_fit"
    sentence = N_("Their visit does not fit into this time. Nothing has changed.")
