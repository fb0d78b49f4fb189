"""The heartbeats that write reminders, of visits and of the next one, some hours before they leave."""

from medibook.kernel.actor import system
from medibook.kernel.application import MediBook
from medibook.reminders import service

_WORKER = system("reminders")
_ROUNDS = 1_000  # of 25 visits each; what is left then is for the next beat


def write_due_reminders(medibook: MediBook) -> int:
    """Look at every visit that is to be looked at; returns how many were. Any number may run at once."""
    looked_at = 0
    for _ in range(_ROUNDS):
        done = medibook.perform(_WORKER, service.write_reminders)
        if not done:
            break
        looked_at += done
    return looked_at


def write_due_follow_ups(medibook: MediBook) -> int:
    """Write whom to ask to book again; returns how many were looked at. Any number may run at once."""
    looked_at = 0
    for _ in range(_ROUNDS):
        done = medibook.perform(_WORKER, service.write_follow_ups)
        if not done:
            break
        looked_at += done
    return looked_at
