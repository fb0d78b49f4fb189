"""The heartbeat of holds."""

from medibook.kernel.actor import system
from medibook.kernel.application import MediBook
from medibook.scheduling.service import release_expired_holds


def release_ended_holds(medibook: MediBook) -> int:
    """Give back the time of holds that have ended; returns how many."""
    return medibook.perform(system("release-holds"), release_expired_holds)
