"""The way between the pages on which a clinic says what it is."""

import reflex as rx

from medibook.ui.components import Tab, tabs
from medibook.ui.i18n import N_, Translator

_VIEWS = {
    "/admin/places": N_("Locations"),
    "/admin/visit-types": N_("Visit types"),
    "/admin/specialties": N_("Specialties"),
    "/admin/rules": N_("Booking rules"),
}


def clinic_tabs(_: Translator, here: str) -> rx.Component:
    """The pages about the clinic itself, beside each other."""
    return tabs(
        [
            Tab(label=_(label), href=_.href(f"{path}/"), current=path == here)
            for path, label in _VIEWS.items()
        ],
        name=_("The clinic"),
    )
