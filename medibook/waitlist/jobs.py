"""The heartbeats of the waiting list: passing on what has expired, and looking for openings."""

import logging

from medibook.kernel.actor import system
from medibook.kernel.application import MediBook
from medibook.waitlist import service as waitlist

log = logging.getLogger("medibook.waitlist")


def lapse_offers(medibook: MediBook) -> int:
    """Pass on every offer that has expired, and every time whose night is over; returns how many.

    Each in a transaction of its own: one freed time that cannot go on must not hold up the others.
    """
    me = system("lapse-offers")
    done = 0
    for round_id in medibook.perform(me, waitlist.due_rounds):
        try:
            done += medibook.perform(me, waitlist.pass_on, round_id=round_id)
        except Exception:  # the next beat tries this one again
            log.exception("freed time %s cannot be passed on", round_id)
    return done + medibook.perform(me, waitlist.end_past_entries)


def promote_open(medibook: MediBook) -> int:
    """Offer openings that no cancellation has announced, such as new hours; returns how many.

    What is found is read first and offered afterwards, each in a short transaction.
    """
    me = system("promote-open")
    done = 0
    for opening in medibook.perform(me, waitlist.unannounced_openings):
        done += medibook.perform(me, waitlist.promote_opening, opening=opening)
    return done
