"""How patients find a doctor: the doctor's own entry in the search, and whether new patients may come."""

import reflex as rx

from medibook.directory import service as directory
from medibook.kernel.actor import practitioner
from medibook.ui.app_state import AppState
from medibook.ui.components import back_link, banner, button, skeleton, status_line
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page


class Listing(AppState, rx.State):
    """Whether the doctor takes new patients."""

    ready: bool = False
    takes: bool = True
    said: str = ""

    @rx.event
    @allow(practitioner)
    async def load(self) -> None:
        """Show what the search says now."""
        self.said = ""
        self.takes = await self._perform(directory.takes_new_patients)
        self.ready = True

    @rx.event
    @allow(practitioner)
    async def change(self) -> None:
        """Say the other thing from now on."""
        self.takes = await self._perform(directory.take_new_patients, takes=not self.takes)
        self.said = self._words()(N_("Saved. The search says so from now on."))


@page(
    "/listing",
    title=N_("How patients find you"),
    description=N_("Your entry in the search."),
    on_load=[Listing.load],
)
def listing(_: Translator) -> rx.Component:
    """The doctor's own entry in the search."""
    return rx.el.div(
        back_link(_("Your profile"), href=_.href("/profile/")),
        rx.el.header(rx.el.h1(_("How patients find you")), class_name="page-head"),
        rx.cond(Listing.problem, banner(rx.el.p(Listing.problem), tone="coral", heard=True)),
        rx.cond(Listing.ready, _switch(_), skeleton(_, kind="lines", rows=3)),
        class_name="stack",
    )


def _switch(_: Translator) -> rx.Component:
    return rx.el.div(
        rx.cond(
            Listing.takes,
            rx.el.p(_("The search says that you take new patients.")),
            rx.el.p(_("The search says that you take no new patients. Your own still book.")),
        ),
        button(
            rx.cond(Listing.takes, _("Take no new patients"), _("Take new patients again")),
            on_click=Listing.change,
        ),
        status_line(Listing.said),
        class_name="stack stack--tight",
    )
