"""The heartbeat of absences."""

from medibook.absences.service import cases_due, see_to_case
from medibook.kernel.actor import system
from medibook.kernel.application import MediBook


def see_to_absences(medibook: MediBook) -> int:
    """End other times that have run out, and cancel visits that are near and known; returns how many.

    Each case is a transaction of its own: whoever answers meanwhile waits for no other.
    """
    actor = system("see-to-absences")
    due = medibook.perform(actor, cases_due)
    return sum(medibook.perform(actor, see_to_case, case_id=case_id) for case_id in due)
