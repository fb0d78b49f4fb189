"""Where people are seen: every location, and the pools that its rooms are in."""

from collections.abc import Sequence
from dataclasses import dataclass

import reflex as rx

from medibook.clinic import service as clinic
from medibook.clinic.pages.clinic_tabs import clinic_tabs
from medibook.clinic.schemas import PlaceSheet, PoolCard, PoolKind
from medibook.kernel.actor import admin, staff
from medibook.people.pages.account_fields import typed
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_choice, claimed_id
from medibook.ui.components import (
    Option,
    button,
    card,
    empty_state,
    error_summary,
    field,
    form,
    link,
    link_button,
    select,
    skeleton,
    status_line,
    tag,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

KINDS = {PoolKind.ROOM: N_("Rooms"), PoolKind.EQUIPMENT: N_("Equipment")}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLine:
    """A location in the list."""

    key: str
    name: str
    where: str
    zone: str
    rooms: str
    closed: str
    href: str
    is_retired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLine:
    """A pool in the list."""

    key: str
    name: str
    kind: str
    size: str


class Places(AppState, rx.State):
    """The list."""

    ready: bool = False
    lines: list[PlaceLine] = []
    pools: list[PoolLine] = []
    said: str = ""
    drawn: int = 0

    @rx.event
    @allow(admin | staff)
    async def load(self) -> None:
        """Show every location, also the retired ones."""
        self.said = ""
        self._follow("admin")
        await self._show()
        self.ready = True

    @rx.event
    @allow(admin | staff)
    async def refresh(self) -> None:
        """Somebody has changed something."""
        await self._show()

    async def _show(self) -> None:
        _, places = self._words(), await self._perform(clinic.places)
        self.lines = [place_line(_, place) for place in places]
        self.pools = [pool_line(_, pool, places) for pool in await self._perform(clinic.pools)]

    @rx.event
    @allow(admin)
    async def add_pool(self, form_data: dict[str, str]) -> None:
        """Take in a pool, of which visit types may need one."""
        self.said = ""
        kind = claimed_choice(PoolKind, form_data.get("pool_kind"))
        await self._perform(clinic.add_pool, name=typed(form_data, "pool_name"), kind=kind)
        await self._done(N_("Added. Rooms can be put in it now."))

    @rx.event
    @allow(admin)
    async def remove_pool(self, key: str) -> None:
        """Delete a pool that nothing is in and nothing needs."""
        self.said = ""
        await self._perform(clinic.remove_pool, pool_id=claimed_id(key))
        await self._done(N_("Deleted."))

    async def _done(self, words: str) -> None:
        await self._show()
        self.drawn += 1
        self.said = self._words()(words)


def place_line(_: Translator, place: PlaceSheet) -> PlaceLine:
    """A location, its words made."""
    used = [room for room in place.rooms if not room.is_retired]
    return PlaceLine(
        key=str(place.location_id),
        name=place.name,
        where=place.street_and_town,
        zone=place.zone.replace("_", " "),
        rooms=_.plural("{count} room", "{count} rooms", len(used)) if used else _("No rooms"),
        closed=_(
            "Next closed: {day} ({name})",
            day=_.day(place.closures[0].first_day),
            name=place.closures[0].name,
        )
        if place.closures
        else "",
        href=_.href(f"/admin/place/?id={place.location_id}"),
        is_retired=place.is_retired,
    )


def pool_line(_: Translator, pool: PoolCard, places: Sequence[PlaceSheet]) -> PoolLine:
    """A pool, its words made."""
    inside = [
        room
        for place in places
        for room in place.rooms
        if room.pool_id == pool.pool_id and not room.is_retired
    ]
    return PoolLine(
        key=str(pool.pool_id),
        name=_(pool.name),
        kind=_(KINDS[pool.kind]),
        size=_.plural("{count} in it", "{count} in it", len(inside)),
    )


@page("/admin/places", title=N_("Locations"), on_load=[Places.load])
def admin_places(_: Translator) -> rx.Component:
    """The page of all locations."""
    return rx.el.div(
        clinic_tabs(_, "/admin/places"),
        rx.el.header(
            rx.el.div(
                rx.el.h1(_("Locations")),
                rx.cond(
                    Frame.role == "admin",
                    link_button(
                        _("Add a location"), href=_.href("/admin/place/"), kind="primary",
                        icon_name="plus",
                    ),
                ),
                class_name="row row--between",
            ),
            class_name="page-head",
        ),
        status_line(Places.said),
        error_summary(_, Places.problem, Places.problems),
        rx.cond(
            Places.ready,
            rx.el.div(_list(_), _pools(_), class_name="stack stack--loose"),
            skeleton(_, kind="rows", rows=4),
        ),
        class_name="stack",
    )  # fmt: skip


def _list(_: Translator) -> rx.Component:
    return rx.cond(
        Places.lines.length() > 0,
        rx.el.ul(rx.foreach(Places.lines, lambda line: _place(_, line)), class_name="cards"),
        empty_state(
            _("No location yet. Doctors need one for their opening hours."), icon_name="map-pin"
        ),
    )


def _place(_: Translator, line: rx.Var[PlaceLine]) -> rx.Component:
    return rx.el.li(
        card(
            rx.el.div(
                rx.el.h2(link(line.name, href=line.href), class_name="name"),
                rx.cond(line.is_retired, tag(_("Retired"))),
                class_name="row",
            ),
            rx.el.p(line.where),
            rx.el.p(line.rooms, " · ", line.zone, class_name="meta"),
            rx.cond(line.closed, rx.el.p(line.closed, class_name="meta")),
        ),
        key=line.key,
    )


def _pools(_: Translator) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("Pools")),
        rx.el.p(
            _("Rooms or devices that do for each other: a visit takes a free one by itself."),
            class_name="hint",
        ),
        rx.cond(
            Places.pools.length() > 0,
            rx.el.ul(rx.foreach(Places.pools, lambda line: _pool(_, line)), class_name="lines"),
        ),
        rx.cond(Frame.role == "admin", _new_pool(_)),
        class_name="stack",
    )  # fmt: skip


def _pool(_: Translator, line: rx.Var[PoolLine]) -> rx.Component:
    which = rx.el.span(" ", line.name, class_name="unheard")
    return rx.el.li(
        rx.el.div(rx.el.strong(line.name), rx.el.p(line.kind, " · ", line.size, class_name="meta")),
        rx.cond(
            Frame.role == "admin",
            button(
                rx.fragment(_("Delete"), which),
                kind="small plain",
                on_click=Places.remove_pool(line.key),
                data_commit="true",
            ),
        ),
        class_name="line",
        key=line.key,
    )


def _new_pool(_: Translator) -> rx.Component:
    kinds = [Option(value=str(kind), label=_(word)) for kind, word in KINDS.items()]
    return card(
        rx.el.h3(_("Add a pool")),
        form(
            rx.el.div(
                field(
                    _, "pool_name", _("Name"), max_length=60,
                    hint=_("Such as: treatment rooms, ultrasound"),
                    error=Places.problems["pool_name"],
                ),
                select(_, "pool_kind", _("What is in it"), kinds),
                class_name="fields-row",
            ),
            button(_("Add the pool"), submit=True, data_commit="true"),
            on_submit=Places.add_pool,
        ),
        key=Places.drawn.to_string(),
    )  # fmt: skip
