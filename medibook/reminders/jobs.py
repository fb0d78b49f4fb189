"""The heartbeats that write reminders, of visits and of the next one, some hours before they leave."""

import logging
from collections.abc import Callable
from uuid import UUID

from medibook.kernel.actor import system
from medibook.kernel.application import MediBook
from medibook.kernel.use_case import UnitOfWork
from medibook.reminders import service

log = logging.getLogger("medibook.reminders")
_WORKER = system("reminders")
_ROUNDS = 1_000  # of 25 visits each; what is left then is for the next beat


def write_due_reminders(medibook: MediBook) -> int:
    """Look at every visit that is to be looked at; returns how many were. Any number may run at once."""
    return _until_nothing_is_due(medibook, service.write_reminders)


def write_due_follow_ups(medibook: MediBook) -> int:
    """Note who was asked, and write whom to ask; returns how many were. Any number may run at once."""
    noted = _until_nothing_is_due(medibook, service.note_outcomes)
    written = 0
    for _ in range(_ROUNDS):
        due = medibook.perform(_WORKER, service.due_follow_ups)
        if not due:
            break
        written += sum(_write_follow_up(medibook, each) for each in due)
    return noted + written


def _write_follow_up(medibook: MediBook, follow_up_id: UUID) -> bool:
    """One in a transaction of its own: one that cannot be written holds up nobody else's."""
    try:
        return medibook.perform(_WORKER, service.write_follow_up, follow_up_id=follow_up_id)
    except Exception:  # it is looked at again in an hour
        log.exception("follow-up %s cannot be written", follow_up_id)
        medibook.perform(_WORKER, service.put_follow_up_off, follow_up_id=follow_up_id)
        return False


def _until_nothing_is_due(medibook: MediBook, story: Callable[[UnitOfWork], int]) -> int:
    looked_at = 0
    for _ in range(_ROUNDS):
        done = medibook.perform(_WORKER, story)
        if not done:
            break
        looked_at += done
    return looked_at
