"""Every table of the house, so that migrations and the engine know them all."""

from medibook.absences import tables as absences
from medibook.answers import tables as answers
from medibook.appointments import tables as appointments
from medibook.clinic import tables as clinic
from medibook.directory import tables as directory
from medibook.kernel import audit, outbox
from medibook.kernel.db import metadata
from medibook.notifications import tables as notifications
from medibook.operations import tables as operations
from medibook.people import tables as people
from medibook.reminders import tables as reminders
from medibook.scheduling import tables as scheduling
from medibook.waitlist import tables as waitlist

__all__ = [
    "absences",
    "answers",
    "appointments",
    "audit",
    "clinic",
    "directory",
    "metadata",
    "notifications",
    "operations",
    "outbox",
    "people",
    "reminders",
    "scheduling",
    "waitlist",
]
