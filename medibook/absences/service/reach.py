"""How a patient can be reached, and whether they are here already."""

from typing import NamedTuple

from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.rules import is_reachable
from medibook.people.schemas import PatientContact

_HERE = {AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN}


class Ways(NamedTuple):
    """By which channels a message can reach somebody."""

    email: bool
    sms: bool


def ways_to(uow: UnitOfWork, contact: PatientContact) -> Ways:
    """By which channels a message would reach this patient, or whom they are reached through."""
    email = bool(contact.email) and is_reachable(contact.email)
    return Ways(email, bool(contact.texts_to) and uow.settings.sends_sms)


def is_here(visit: AppointmentCard) -> bool:
    """Whether the patient sits in the waiting room: one speaks to them."""
    return visit.status in _HERE
