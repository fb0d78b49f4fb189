"""The answers that say what a location is."""

from collections.abc import Mapping
from typing import Any

import reflex as rx
from babel import Locale

from medibook.clinic.rules.holidays import regions
from medibook.clinic.rules.places import countries, zones
from medibook.clinic.schemas import NewPlace, PlaceSheet
from medibook.kernel.errors import Invalid
from medibook.people.pages.account_fields import typed
from medibook.ui.components import Option, field, select
from medibook.ui.i18n import N_, Translator


def country_options(_: Translator) -> list[Option]:
    """Every country in the reader's language, by name."""
    known = Locale.parse(_.locale).territories
    named = sorted((str(known.get(code, code)), code) for code in countries())
    return [Option(value=code, label=name) for name, code in named]


def zone_options() -> list[Option]:
    """Every zone by its area and city."""
    return [Option(value=zone, label=zone.replace("_", " ")) for zone in sorted(zones())]


def region_options(_: Translator, country: str) -> list[Option]:
    """The parts of a country whose holidays differ."""
    whole = Option(value="", label=_("The whole country"))
    return [whole, *(Option(value=code, label=code) for code in regions(country))]


def typed_place(place: PlaceSheet | None) -> dict[str, str]:
    """A location as it stands in the form; a new one is empty."""
    if place is None:
        return dict.fromkeys(NewPlace.model_fields, "")
    kept = {name: getattr(place, name) for name in NewPlace.model_fields}
    return {name: "" if value is None else str(value) for name, value in kept.items()}


def place_from(form: Mapping[str, str]) -> NewPlace:
    """Read a location from a form. Raises Invalid when a coordinate is no number."""
    told = {
        name: typed(dict(form), name, longest=300)
        for name in NewPlace.model_fields
        if name not in {"latitude", "longitude"}
    }
    position = {name: _degrees(form, name) for name in ("latitude", "longitude")}
    return NewPlace(**told, **position)


def _degrees(form: Mapping[str, str], name: str) -> float | None:
    text = str(form.get(name, "")).strip().replace(",", ".")[:24]
    try:
        return float(text) if text else None
    except ValueError:
        raise Invalid({name: N_("Write it as a number of degrees, such as 51.5074.")}) from None


def place_fields(_: Translator, values: Any, wrong: Any, *, shown: Any) -> list[rx.Component]:
    """Every question about a location; ``shown`` has the options for its country."""

    def line(name: str, label: str, **props: Any) -> rx.Component:
        return field(_, name, label, error=wrong[name], default_value=values[name], **props)

    return [
        line("name", _("Name"), max_length=80, hint=_("As patients shall read it")),
        line("address", _("Street and number"), max_length=200),
        rx.el.div(
            line("postcode", _("Postcode"), optional=True, width="short", max_length=12),
            line("city", _("Town"), max_length=80),
            class_name="fields-row",
        ),
        rx.el.div(
            select(
                _, "country", _("Country"), shown.countries, error=wrong["country"],
                default_value=values["country"], on_change=shown.ask_regions,
            ),
            select(
                _, "region", _("Region"), shown.regions, error=wrong["region"], required=False,
                default_value=values["region"], hint=_("For its public holidays"),
            ),
            class_name="fields-row",
        ),
        select(
            _, "zone", _("Time zone"), shown.zones, error=wrong["zone"],
            default_value=values["zone"],
            hint=_("Opening hours are meant on this clock. It cannot be changed once it is used."),
        ),
        line("phone", _("Phone number"), kind="tel", optional=True, max_length=30),
        rx.el.div(
            line("latitude", _("Latitude"), optional=True, width="short", input_mode="decimal"),
            line("longitude", _("Longitude"), optional=True, width="short", input_mode="decimal"),
            class_name="fields-row",
        ),
        rx.el.p(_("With its position, patients can sort doctors by distance."), class_name="hint"),
    ]  # fmt: skip
