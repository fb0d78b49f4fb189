"""Whether a reminder of several visits is still so when it is about to leave."""

from collections.abc import Sequence
from typing import Final

from medibook.appointments import service as appointments
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications.schemas import About
from medibook.reminders import access

ABOUT_VISITS: Final = "visits"


def still_true_together(uow: UnitOfWork, abouts: Sequence[About]) -> list[str]:
    """For each reminder of several visits: "" when all of them are as it says, else what has changed."""
    named = access.named_by(uow, {about.about_id for about in abouts})
    against = dict.fromkeys((each.reminder_id for each in named), "")
    each_about = [
        About(kind=appointments.ABOUT_VISIT, about_id=each.appointment_id, mark=each.mark)
        for each in named
    ]
    said = appointments.still_true(uow, each_about)
    for each, reason in zip(named, said, strict=True):
        against[each.reminder_id] = against[each.reminder_id] or reason
    return [against.get(about.about_id, "the visits are gone") for about in abouts]
