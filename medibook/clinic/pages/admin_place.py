"""One location: what it is, when it is closed, its rooms; and taking it out of use."""

import reflex as rx
from reflex.event import EventSpec

from medibook.clinic import service as clinic
from medibook.clinic.pages.place_closures import ClosedDays, closed_days
from medibook.clinic.pages.place_form import (
    country_options,
    place_fields,
    place_from,
    region_options,
    typed_place,
    zone_options,
)
from medibook.clinic.pages.place_rooms import Rooms, rooms
from medibook.clinic.schemas import PlaceSheet
from medibook.kernel.actor import admin, staff
from medibook.kernel.errors import NotFound
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    Option,
    back_link,
    banner,
    button,
    card,
    error_summary,
    form,
    link,
    skeleton,
    status_line,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


class Place(AppState, rx.State):
    """What the location is; without one in the address, a new one."""

    ready: bool = False
    name: str = ""
    is_new: bool = False
    is_retired: bool = False
    values: dict[str, str] = {}
    countries: list[Option] = []
    regions: list[Option] = []
    zones: list[Option] = []
    said: str = ""
    drawn: int = 0
    _version: int = 0

    @rx.event
    @allow(admin | staff)
    async def load(self) -> None:
        """Show the location that the address names."""
        self.ready, self.said = False, ""
        self.countries, self.zones = country_options(self._words()), zone_options()
        await self._show()
        self.ready = True

    async def _show(self) -> None:
        wanted = self._query("id")
        place = sheet_of(wanted, await self._perform(clinic.places)) if wanted else None
        self.is_new, self.is_retired = place is None, bool(place and place.is_retired)
        self.name, self._version = (place.name, place.version) if place else ("", 0)
        self.values = typed_place(place)
        self.regions = region_options(self._words(), self.values["country"])
        self.drawn += 1

    @rx.event
    @allow(admin)
    async def ask_regions(self, country: str) -> None:
        """Offer the regions of another country."""
        self.regions = region_options(self._words(), str(country)[:2])

    @rx.event
    @allow(admin)
    async def save(self, form_data: dict[str, str]) -> EventSpec | None:
        """Add the location, or change it."""
        self.said = ""
        new = place_from(form_data)
        if self.is_new:
            made = await self._perform(clinic.add_location, new=new)
            return rx.redirect(self._words().href(f"/admin/place/?id={made}"))
        place_id = claimed_id(self._query("id"))
        await self._perform(
            clinic.change_location, location_id=place_id, new=new, version=self._version
        )
        await self._done(N_("Saved."))
        return None

    @rx.event
    @allow(admin)
    async def retire(self) -> None:
        """See nobody there any more."""
        place_id = claimed_id(self._query("id"))
        await self._perform(clinic.retire_location, location_id=place_id)
        await self._done(N_("Retired. Nobody can book here any more; booked visits stay."))

    @rx.event
    @allow(admin)
    async def bring_back(self) -> None:
        """See people there again."""
        place_id = claimed_id(self._query("id"))
        await self._perform(clinic.bring_back_location, location_id=place_id)
        await self._done(N_("It is open for bookings again."))

    @rx.event
    @allow(admin)
    async def remove(self) -> EventSpec:
        """Delete a location that was never used."""
        place_id = claimed_id(self._query("id"))
        await self._perform(clinic.remove_location, location_id=place_id)
        return rx.redirect(self._words().href("/admin/places/"))

    async def _done(self, words: str) -> None:
        await self._show()
        self.said = self._words()(words)


def sheet_of(claim: str, places: tuple[PlaceSheet, ...]) -> PlaceSheet:
    """The location that an address names. Raises NotFound."""
    wanted = claimed_id(claim)
    for place in places:
        if place.location_id == wanted:
            return place
    raise NotFound


@page(
    "/admin/place",
    title=N_("Location"),
    on_load=[Place.load, ClosedDays.load, Rooms.load],
)
def admin_place(_: Translator) -> rx.Component:
    """The page of one location."""
    return rx.el.div(
        back_link(_("All locations"), href=_.href("/admin/places/")),
        rx.el.h1(rx.cond(Place.name, rx.el.bdi(Place.name), _("Add a location"))),
        status_line(Place.said),
        error_summary(_, Place.problem, Place.problems),
        rx.cond(
            Place.ready,
            rx.el.div(
                rx.cond(
                    Place.is_retired,
                    banner(
                        rx.el.p(_("This location is retired: nobody can book here.")), tone="amber"
                    ),
                ),
                rx.cond(
                    ~Place.is_new,
                    rx.el.div(closed_days(_), rooms(_), class_name="columns columns--even"),
                ),
                _details(_),
                rx.cond((Frame.role == "admin") & ~Place.is_new, _end(_)),
                class_name="stack stack--loose",
            ),
            rx.cond(Place.problem == "", skeleton(_, kind="rows", rows=5)),
        ),
        class_name="stack",
    )


def _details(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("Address and time zone")),
        form(
            *place_fields(_, Place.values, Place.problems, shown=Place),
            rx.cond(
                Frame.role == "admin",
                button(
                    rx.cond(Place.is_new, _("Add the location"), _("Save the location")),
                    kind="primary",
                    submit=True,
                    data_commit="true",
                ),
                rx.el.p(_("Only admins can change this."), class_name="hint"),
            ),
            on_submit=Place.save,
        ),
        key=Place.drawn.to_string(),
    )


def _end(_: Translator) -> rx.Component:
    closed = link(_("Visits on closed days"), href=_.href("/admin/closed-days/"))
    retired = [
        button(_("Bring it back"), on_click=Place.bring_back, data_commit="true"),
        button(_("Delete it"), kind="danger", on_click=Place.remove, data_commit="true"),
    ]
    return card(
        rx.el.h2(_("Take it out of use")),
        rx.el.p(
            _("A location that was used is retired, never deleted. Booked visits stay:"), " ", closed
        ),
        rx.el.div(
            rx.cond(
                Place.is_retired,
                rx.fragment(*retired),
                button(
                    _("Retire this location"), kind="danger", on_click=Place.retire,
                    data_commit="true",
                ),
            ),
            class_name="row",
        ),
        quiet=True,
    )  # fmt: skip
