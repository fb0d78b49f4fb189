"""What follows for reminders from what happens to a visit, in the same transaction."""

from uuid import UUID

from medibook.appointments.events import AppointmentFact
from medibook.kernel.actor import system_only
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.notifications import service as notifications
from medibook.reminders import access

_CHANGED = "the visit has changed"


@use_case(allow=system_only)
def plan_reminders(uow: UnitOfWork, *, fact: AppointmentFact) -> None:
    """A visit is booked: one row says that it is to be looked at. Nothing else, for booking is cheap."""
    access.plan(uow, fact.appointment_id)


@use_case(allow=system_only)
def take_reminders_back(uow: UnitOfWork, *, fact: AppointmentFact) -> None:
    """A visit has moved, is cancelled or under way: what was written of it does not leave any more.

    Others that the same reminder names are reminded anew, without it.
    """
    access.plan(uow, fact.appointment_id)
    withdraw(uow, [fact.appointment_id])


def withdraw(uow: UnitOfWork, appointment_ids: list[UUID]) -> None:
    """Take back reminders that name one of these visits; whatever else they name is looked at anew."""
    named = access.named_with(uow, appointment_ids)
    gone = notifications.withdraw_facts(uow, {each.reminder_id for each in named}, _CHANGED)
    for hours in {each.hours for each in named if each.reminder_id in gone}:
        others = {
            each.appointment_id
            for each in named
            if each.reminder_id in gone and each.hours == hours
        } - set(appointment_ids)
        if others:
            # One hour more: everything before this reminder is done with, and this one is not.
            access.told(uow, others, hours + 1)
