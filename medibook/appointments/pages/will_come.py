"""That a patient has said they will come, where the clinic's people look."""

from typing import Any

import reflex as rx

from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.ui.components import tag
from medibook.ui.i18n import Translator


def will_come(visit: AppointmentCard) -> bool:
    """Whether it still says something: of who is here already, everybody sees it."""
    return visit.confirmed_at is not None and visit.status is AppointmentStatus.BOOKED


def will_come_tag(_: Translator, said: Any) -> rx.Component:
    """The mark on a visit whose patient has said that they will come."""
    return rx.cond(said, tag(_("Will come"), tone="leaf", icon_name="check"), rx.fragment())
