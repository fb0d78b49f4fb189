"""The heartbeat of broadcasts."""

from medibook.kernel.actor import system
from medibook.kernel.application import MediBook
from medibook.operations.service import tell_next_readers


def tell_broadcasts(medibook: MediBook) -> int:
    """Tell the readers of every broadcast whose time has come, some at a time; returns how many."""
    told = 0
    while now := medibook.perform(system("broadcasts"), tell_next_readers):
        told += now
    return told
