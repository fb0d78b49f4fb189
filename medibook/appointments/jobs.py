"""The heartbeat of requests."""

from medibook.appointments.service import lapse_requests
from medibook.kernel.actor import system
from medibook.kernel.application import MediBook


def lapse_due_requests(medibook: MediBook) -> int:
    """End the requests that nobody has answered in time; returns how many."""
    return medibook.perform(system("lapse-requests"), lapse_requests)
