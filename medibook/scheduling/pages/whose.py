"""Whose schedule a page shows: a practitioner's own, or the one that the front desk has chosen."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from medibook.kernel.actor import Role
from medibook.scheduling import service as scheduling
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import button, card, field, link, native_form
from medibook.ui.i18n import Translator


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody whose hours the front desk can open."""

    name: str
    href: str


class ScheduleState(AppState, mixin=True):
    """Mixin of the states of the hours page. The chosen one stands in the address."""

    chosen: bool = False
    owner: str = ""
    owners: list[Owner] = []
    looked_for: str = ""

    def _whose(self) -> UUID | None:
        """The practitioner that the address names, for the front desk; None: one's own."""
        if self._actor().role is not Role.STAFF:
            return None
        return claimed_id(self._query("whose"))

    async def _choose(self) -> bool:
        """Whether it is said whose schedule is meant; the front desk finds them by name."""
        self.owner, self.owners, self.looked_for = "", [], self._query("name")[:80]
        if self._actor().role is not Role.STAFF:
            self.chosen = True
            return True
        self.chosen = bool(self._query("whose"))
        _ = self._words()
        if self.chosen:
            self.owner = await self._perform(scheduling.owner_name, whose=self._whose())
        elif self.looked_for.strip():
            found = await self._perform(scheduling.owners_named, text=self.looked_for)
            self.owners = [Owner(name, _.href(f"/hours/?whose={who}")) for who, name in found]
        return self.chosen


def chooser(_: Translator, state: type[ScheduleState]) -> rx.Component:
    """The front desk's way to somebody's hours."""
    return card(
        rx.el.h2(_("Whose hours?")),
        native_form(
            field(_, "name", _("Name of the doctor"), default_value=state.looked_for),
            button(_("Find"), kind="primary", submit=True),
            action="",
            method="get",
            class_name="form",
        ),
        rx.cond(
            state.owners.length() > 0,
            rx.el.ul(
                rx.foreach(state.owners, lambda o: rx.el.li(link(o.name, href=o.href))),
                class_name="cards",
            ),
            rx.cond(state.looked_for, rx.el.p(_("Nobody of that name is here."))),
        ),
    )
