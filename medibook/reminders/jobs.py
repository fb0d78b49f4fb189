"""The heartbeats that write reminders, of visits and of the next one, some hours before they leave."""

from collections.abc import Callable

from medibook.kernel.actor import system
from medibook.kernel.application import MediBook
from medibook.kernel.use_case import UnitOfWork
from medibook.reminders import service

_WORKER = system("reminders")
_ROUNDS = 1_000  # of 25 visits each; what is left then is for the next beat


def write_due_reminders(medibook: MediBook) -> int:
    """Look at every visit that is to be looked at; returns how many were. Any number may run at once."""
    return _until_nothing_is_due(medibook, service.write_reminders)


def write_due_follow_ups(medibook: MediBook) -> int:
    """Note who was asked, and write whom to ask; returns how many were. Any number may run at once."""
    noted = _until_nothing_is_due(medibook, service.note_outcomes)
    return noted + _until_nothing_is_due(medibook, service.write_follow_ups)


def _until_nothing_is_due(medibook: MediBook, story: Callable[[UnitOfWork], int]) -> int:
    looked_at = 0
    for _ in range(_ROUNDS):
        done = medibook.perform(_WORKER, story)
        if not done:
            break
        looked_at += done
    return looked_at
