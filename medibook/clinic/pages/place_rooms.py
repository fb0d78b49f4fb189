"""The rooms and devices of a location: in which pool, and when they are out of order."""

import reflex as rx

from medibook.clinic import service as clinic
from medibook.clinic.pages.room_lines import OutageLine, RoomLine, room_line, wall_time
from medibook.clinic.schemas import NewOutage
from medibook.kernel.actor import admin, staff
from medibook.people.pages.account_fields import typed
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    Option,
    button,
    card,
    dialog,
    disclosure,
    error_summary,
    field,
    form,
    select,
    status_line,
    tag,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame


class Rooms(AppState, rx.State):
    """The rooms of the location that the address names."""

    lines: list[RoomLine] = []
    pools: list[Option] = []
    chosen: str = ""
    name: str = ""
    pool: str = ""
    broken: str = ""
    broken_name: str = ""
    said: str = ""
    drawn: int = 0

    @rx.event
    @allow(admin | staff)
    async def load(self) -> None:
        """Show the rooms."""
        self.said, self.lines, self.broken = "", [], ""
        self._choose(None)
        if self._query("id"):
            self._follow("admin")
            await self._show()

    @rx.event
    @allow(admin | staff)
    async def refresh(self) -> None:
        """Somebody has changed something."""
        await self._show()

    async def _show(self) -> None:
        _, wanted = self._words(), claimed_id(self._query("id"))
        named = {pool.pool_id: _(pool.name) for pool in await self._perform(clinic.pools)}
        self.pools = [
            Option(value="", label=_("No pool: only taken by hand")),
            *(Option(value=str(key), label=name) for key, name in named.items()),
        ]
        places = [p for p in await self._perform(clinic.places) if p.location_id == wanted]
        self.lines = [
            room_line(_, place, room, named.get(room.pool_id, "") if room.pool_id else "")
            for place in places
            for room in place.rooms
        ]

    def _choose(self, line: RoomLine | None) -> None:
        self.chosen = line.key if line else ""
        self.name, self.pool = (line.name, line.pool_key) if line else ("", "")
        self.drawn += 1

    @rx.event
    @allow(admin)
    async def choose(self, key: str) -> None:
        """Change this room, or add one ("")."""
        self.said = ""
        self._choose(next((line for line in self.lines if line.key == key), None))

    @rx.event
    @allow(admin)
    async def save(self, form_data: dict[str, str]) -> None:
        """Add a room, or change the chosen one."""
        self.said, pool = "", typed(form_data, "pool_id")
        told = {
            "name": typed(form_data, "room_name"),
            "pool_id": claimed_id(pool) if pool else None,
        }
        if self.chosen:
            await self._perform(clinic.change_room, room_id=claimed_id(self.chosen), **told)
        else:
            place_id = claimed_id(self._query("id"))
            await self._perform(clinic.add_room, location_id=place_id, **told)
        await self._done(N_("Saved."))

    @rx.event
    @allow(admin)
    async def retire(self, key: str) -> None:
        """Use a room no longer."""
        await self._perform(clinic.retire_room, room_id=claimed_id(key))
        await self._done(N_("Retired. Visits that are booked in it stay there."))

    @rx.event
    @allow(admin)
    async def bring_back(self, key: str) -> None:
        """Use it again."""
        await self._perform(clinic.bring_back_room, room_id=claimed_id(key))
        await self._done(N_("It is used again."))

    @rx.event
    @allow(admin)
    async def remove(self, key: str) -> None:
        """Delete a room in which nobody was ever booked."""
        await self._perform(clinic.remove_room, room_id=claimed_id(key))
        await self._done(N_("Deleted."))

    @rx.event
    @allow(admin | staff)
    async def ask(self, key: str) -> None:
        """Ask from when until when a room cannot be used; "" asks nothing."""
        found = next((line for line in self.lines if line.key == key), None)
        self.broken, self.broken_name = (found.key, found.name) if found else ("", "")

    @rx.event
    @allow(admin | staff)
    async def put_out(self, form_data: dict[str, str]) -> None:
        """Say that it cannot be used then."""
        new = NewOutage(
            starts=wall_time(form_data, "outage_starts"),
            ends=wall_time(form_data, "outage_ends"),
            reason=typed(form_data, "outage_reason"),
        )
        await self._perform(clinic.put_out_of_order, room_id=claimed_id(self.broken), new=new)
        self.broken = self.broken_name = ""
        await self._done(N_("Saved. No visit is put in it then; those that are booked stay."))

    @rx.event
    @allow(admin | staff)
    async def put_in(self, key: str) -> None:
        """Say that it can be used after all."""
        await self._perform(clinic.put_in_order, outage_id=claimed_id(key))
        await self._done(N_("It is used again."))

    async def _done(self, words: str) -> None:
        self._choose(None)
        await self._show()
        self.said = self._words()(words)


def rooms(_: Translator) -> rx.Component:
    """The part of a location's page about rooms and devices."""
    return card(
        rx.el.h2(_("Rooms and equipment")),
        status_line(Rooms.said),
        rx.cond(Rooms.broken == "", error_summary(_, Rooms.problem, Rooms.problems)),
        rx.cond(
            Rooms.lines.length() > 0,
            rx.el.ul(rx.foreach(Rooms.lines, lambda line: _line(_, line)), class_name="lines"),
            rx.el.p(_("No rooms yet. Visits that need none can be booked without."), class_name="meta"),
        ),
        rx.cond(
            Frame.role == "admin",
            disclosure(
                rx.cond(Rooms.chosen, _("Change a room or device"), _("Add a room or device")),
                _form(_),
                key=Rooms.drawn.to_string(),
                open=Rooms.chosen != "",
            ),
        ),
        _question(_),
    )  # fmt: skip


def _line(_: Translator, line: rx.Var[RoomLine]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.strong(line.name),
                rx.cond(line.is_retired, tag(_("Retired"))),
                class_name="row",
            ),
            rx.el.p(line.pool, class_name="meta"),
            rx.foreach(line.outages, lambda outage: _outage(_, line, outage)),
        ),
        rx.el.div(*_actions(_, line), class_name="row"),
        class_name="line",
        key=line.key,
    )


def _outage(_: Translator, line: rx.Var[RoomLine], outage: rx.Var[OutageLine]) -> rx.Component:
    which = rx.el.span(" ", line.name, class_name="unheard")
    return rx.el.div(
        tag(outage.words, tone="coral", icon_name="triangle-alert"),
        button(
            rx.fragment(_("It works again"), which),
            kind="small plain",
            on_click=Rooms.put_in(outage.key),
            data_commit="true",
        ),
        class_name="row",
        key=outage.key,
    )


def _actions(_: Translator, line: rx.Var[RoomLine]) -> list[rx.Component]:
    # Each button says which room it is about, for those who hear it without its row.
    which = rx.el.span(" ", line.name, class_name="unheard")

    def small(words: str, handler: object, **props: object) -> rx.Component:
        return button(rx.fragment(words, which), kind="small plain", on_click=handler, **props)

    used = [
        small(_("Out of order…"), Rooms.ask(line.key), aria_haspopup="dialog"),
        rx.cond(
            Frame.role == "admin",
            rx.fragment(
                small(_("Change"), Rooms.choose(line.key)),
                small(_("Retire"), Rooms.retire(line.key), data_commit="true"),
            ),
        ),
    ]
    retired = [
        small(_("Bring back"), Rooms.bring_back(line.key), data_commit="true"),
        small(_("Delete"), Rooms.remove(line.key), data_commit="true"),
    ]
    back = rx.cond(Frame.role == "admin", rx.fragment(*retired))
    return [rx.cond(line.is_retired, back, rx.fragment(*used))]


def _form(_: Translator) -> rx.Component:
    return form(
        field(
            _, "room_name", _("Name"), max_length=60, default_value=Rooms.name,
            error=Rooms.problems["room_name"],
        ),
        select(
            _, "pool_id", _("Pool"), Rooms.pools, required=False, default_value=Rooms.pool,
            error=Rooms.problems["pool_id"],
        ),
        rx.el.div(
            button(_("Save the room"), submit=True, data_commit="true"),
            rx.cond(Rooms.chosen, button(_("Go back"), on_click=Rooms.choose(""))),
            class_name="row",
        ),
        on_submit=Rooms.save,
    )  # fmt: skip


def _question(_: Translator) -> rx.Component:
    wrong = Rooms.problems
    return dialog(
        _,
        "outage",
        rx.fragment(_("Out of order:"), " ", rx.el.bdi(Rooms.broken_name)),
        rx.cond(Rooms.broken != "", error_summary(_, Rooms.problem)),
        rx.el.form(
            field(
                _, "outage_starts", _("From"), kind="datetime-local", error=wrong["outage_starts"]
            ),
            field(
                _, "outage_ends", _("Until"), kind="datetime-local", error=wrong["outage_ends"]
            ),
            field(
                _, "outage_reason", _("Reason"), optional=True, max_length=120,
                hint=_("Only the clinic reads it."), error=wrong["outage_reason"],
            ),
            id="outage-form",
            on_submit=Rooms.put_out,
            no_validate=True,
            class_name="form",
            key=Rooms.broken,
        ),
        actions=[
            button(
                _("Put it out of order"), kind="primary", submit=True, form="outage-form",
                data_commit="true",
            )
        ],
        open_when=Rooms.broken != "",
        on_dismiss=Rooms.ask(""),
    )  # fmt: skip
