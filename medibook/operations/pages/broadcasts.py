"""Telling many people: whom and what, counted, tried on oneself, sent, watched, stopped."""

from zoneinfo import ZoneInfo

import reflex as rx

from medibook.clinic import service as clinic
from medibook.kernel.actor import admin
from medibook.kernel.application import current
from medibook.kernel.errors import Invalid
from medibook.operations import service as operations
from medibook.operations.pages.broadcast_form import broadcast_form, confirmation
from medibook.operations.pages.broadcast_words import (
    Preview,
    Sending,
    broadcast_of,
    preview,
    sending,
)
from medibook.operations.schemas import NewBroadcast
from medibook.people.pages.account_fields import typed
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    Column,
    Option,
    button,
    empty_state,
    error_summary,
    link,
    progress,
    skeleton,
    status_line,
    table,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

PATH = "/admin/broadcasts"


class Broadcasts(AppState, rx.State):
    """What is being written, and what has been sent."""

    ready: bool = False
    places: list[Option] = []
    sendings: list[Sending] = []
    previews: list[Preview] = []
    counted: int = 0
    counted_words: str = ""
    said: str = ""
    clock: str = ""
    _draft: NewBroadcast | None = None

    @rx.event
    @allow(admin)
    async def load(self) -> None:
        """Show what has been sent, and an empty form."""
        self._forget()
        self.said = ""
        self._follow("broadcasts")
        places, _ = await self._perform(clinic.locations), self._words()
        self.places = [
            Option(value="", label=_("All locations")),
            *[Option(value=str(one.location_id), label=one.name) for one in places],
        ]
        self.clock = _("On the clock of {zone}; empty: at once", zone=(await self._zone()).key)
        await self._show()
        self.ready = True

    @rx.event
    @allow(admin)
    async def refresh(self) -> None:
        """A broadcast has gone on."""
        await self._show()

    @rx.event
    @allow(admin)
    async def check(self, form_data: dict[str, str]) -> None:
        """Judge what is written, and count who would get it."""
        self._forget()
        self.said = ""
        new = broadcast_of(form_data, await self._zone())
        checked, self.counted = await self._perform(operations.check_broadcast, new=new)
        self._draft, _ = checked, self._words()
        self.counted_words = _.plural(
            "{count} person would get it.", "{count} people would get it.", self.counted
        )
        self.previews = [preview(_, text) for text in checked.texts]

    @rx.event
    @allow(admin)
    async def try_it(self) -> None:
        """Send it to oneself."""
        if self._draft is None:
            return
        await self._perform(operations.try_broadcast, new=self._draft)
        _ = self._words()
        self.said = _("It is on its way to you, and to nobody else.")

    @rx.event
    @allow(admin)
    async def send(self, form_data: dict[str, str]) -> None:
        """Send it to as many people as was typed."""
        if self._draft is None:
            return
        number = typed(form_data, "counted", longest=9)
        if not number.isdecimal() or int(number) != self.counted:
            raise Invalid({"counted": N_("Type the number of people to confirm.")})
        await self._perform(operations.schedule_broadcast, new=self._draft, counted=int(number))
        self._forget()
        _ = self._words()
        self.said = _("It goes out at its time. You can watch it below.")
        await self._show()

    @rx.event
    @allow(admin)
    async def stop(self, broadcast: str) -> None:
        """Tell nobody else."""
        back = await self._perform(operations.stop_broadcast, broadcast_id=claimed_id(broadcast))
        _ = self._words()
        self.said = _.plural(
            "It is stopped; {count} message was taken back.",
            "It is stopped; {count} messages were taken back.",
            back,
        )
        await self._show()

    async def _show(self) -> None:
        _, zone, now = self._words(), await self._zone(), current().clock.now()
        found = await self._perform(operations.broadcasts)
        self.sendings = [sending(_, each, zone, now) for each in found]

    async def _zone(self) -> ZoneInfo:
        return ZoneInfo(await self._perform(clinic.house_zone))

    def _forget(self) -> None:
        self._draft, self.counted, self.counted_words, self.previews = None, 0, "", []


@page(PATH, title=N_("Tell many"), on_load=[Broadcasts.load])
def broadcasts(_: Translator) -> rx.Component:
    """The page from which an admin tells many people."""
    return rx.el.div(
        rx.el.h1(_("Tell many people at once")),
        rx.el.p(
            _("For news of the clinic, such as changed opening hours. Never for health data."),
            class_name="lead",
        ),
        error_summary(_, Broadcasts.problem, Broadcasts.problems),
        status_line(Broadcasts.said),
        rx.cond(
            Broadcasts.ready,
            rx.fragment(broadcast_form(_, Broadcasts), confirmation(_, Broadcasts), _sent(_)),
            rx.cond(Frame.role == "admin", skeleton(_, kind="rows", rows=4)),
        ),
        class_name="stack",
    )


def _sent(_: Translator) -> rx.Component:
    rows = table(
        _("What was sent"),
        [
            Column(
                label=_("Subject"),
                draw=lambda row: link(rx.el.bdi(row.subject), href=row.result),
                header=True,
            ),
            Column(label=_("For"), draw=lambda row: row.audience),
            Column(label=_("Time"), draw=lambda row: row.when),
            Column(label=_("State"), draw=lambda row: _state(_, row)),
            Column(label=_("Letters sent"), draw=lambda row: row.sent, number=True),
            Column(label=_("Failed"), draw=lambda row: row.failed, number=True),
            Column(label="", draw=lambda row: _stop(_, row)),
        ],
        Broadcasts.sendings,
    )
    nothing = empty_state(_("Nothing has been sent to many people yet."), icon_name="mail")
    return rx.cond(Broadcasts.sendings.length() > 0, rows, nothing)


def _state(_: Translator, row: rx.Var[Sending]) -> rx.Component:
    return rx.el.div(
        rx.el.span(row.state, class_name=f"tag {row.tone}"),
        rx.cond(row.is_open, progress(row.told, row.counted, label=_("People told"))),
        class_name="stack stack--tight",
    )


def _stop(_: Translator, row: rx.Var[Sending]) -> rx.Component:
    what = rx.el.span(" ", row.subject, class_name="unheard")
    return rx.cond(
        row.is_open,
        button(
            rx.fragment(_("Stop"), what),
            kind="small danger",
            on_click=Broadcasts.stop(row.key),
            data_commit="true",
        ),
    )
