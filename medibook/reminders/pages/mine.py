"""What is planned for a patient, among their visits: to be booked at once, or not to be reminded of."""

import reflex as rx

from medibook.kernel.actor import patient
from medibook.people import service as people
from medibook.reminders import service as reminders
from medibook.reminders.pages.words import NextView, next_view
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import button, error_summary, link_button, status_line, tag
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator


class MyNextVisits(AppState, rx.State):
    """The reader's follow-ups, and those of whom they book for."""

    planned: list[NextView] = []
    said: str = ""

    @rx.event
    @allow(patient)
    async def load(self) -> None:
        """Show them."""
        self.said = ""
        await self._show()

    @rx.event
    @allow(patient)
    async def refresh(self) -> None:
        """One was planned or has ended."""
        await self._show()

    @rx.event
    @allow(patient)
    async def take_back(self, key: str) -> None:
        """Want no reminder."""
        await self._perform(reminders.take_follow_up_back, follow_up_id=claimed_id(key))
        await self._show()
        self.said = self._words()(N_("You will not be reminded."))

    @rx.event
    @allow(patient)
    async def restore(self, key: str) -> None:
        """Want it after all."""
        await self._perform(reminders.restore_follow_up, follow_up_id=claimed_id(key))
        await self._show()
        self.said = self._words()(N_("You will be reminded."))

    async def _show(self) -> None:
        found = await self._perform(reminders.my_follow_ups)
        _, me = self._words(), self._actor().patient_id
        self.planned = [next_view(_, card, me=me) for card in found]
        whom = await self._perform(people.people_i_book_for)
        self._follow(*(f"patient:{one.patient_id}" for one in whom))


def my_next_visits(_: Translator) -> rx.Component:
    """The section of a patient's visits; nothing when nothing is planned."""
    return rx.cond(
        MyNextVisits.planned.length() > 0,
        rx.el.section(
            rx.el.h2(_("Your next visit")),
            error_summary(_, MyNextVisits.problem),
            status_line(MyNextVisits.said),
            rx.el.ul(
                rx.foreach(MyNextVisits.planned, lambda row: _row(_, row)), class_name="cards"
            ),
            class_name="stack",
        ),
    )


def _row(_: Translator, row: rx.Var[NextView]) -> rx.Component:
    what = rx.el.span(" · ", row.whom, class_name="unheard")
    ways = rx.match(
        row.stage,
        (
            "planned",
            button(
                rx.fragment(_("Do not remind me"), what),
                kind="small",
                on_click=MyNextVisits.take_back(row.key),
            ),
        ),
        ("told", rx.fragment()),
        button(rx.fragment(_("Undo"), what), kind="small", on_click=MyNextVisits.restore(row.key)),
    )
    book = link_button(rx.fragment(_("Choose a time"), what), href=row.book, kind="small")
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.cond(
                    row.for_line,
                    rx.el.p(tag(rx.el.bdi(row.for_line), tone="plum", icon_name="users")),
                ),
                rx.el.h3(row.whom, class_name="name"),
                rx.el.p(row.said, class_name="meta"),
                class_name="person__text",
            ),
            rx.el.div(book, ways, class_name="row"),
            class_name="card row row--between",
        ),
        key=row.key,
    )
