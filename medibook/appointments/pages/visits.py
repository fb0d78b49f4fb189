"""The patient's visits: what is coming, what has been; live."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import reflex as rx

from medibook.appointments import service as appointments
from medibook.appointments.pages.offers import offers_block
from medibook.appointments.pages.visit_words import VisitView, visit_view
from medibook.appointments.pages.whom import Whose, whose
from medibook.appointments.schemas import AppointmentCard
from medibook.kernel.actor import patient
from medibook.kernel.application import current
from medibook.people import service as people
from medibook.people.rules.guardians import chosen_of
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    avatar,
    empty_state,
    error_summary,
    link,
    link_button,
    skeleton,
    status_line,
    status_pill,
    tag,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page

# What rooms above this one show among a patient's visits, and what loads it.
_SECTIONS: Final[list[Callable[[Translator], rx.Component]]] = []
_LOADS: Final[list[Any]] = []


def also_show(section: Callable[[Translator], rx.Component], load: Any) -> None:
    """Show a section of another room's between what is coming and what has been; ``load`` fills it.

    To be said before the pages are added to the app.
    """
    _SECTIONS.append(section)
    _LOADS.append(load)


class Visits(AppState, rx.State):
    """Upcoming and past visits of the patient who reads."""

    ready: bool = False
    upcoming: list[VisitView] = []
    past: list[VisitView] = []
    past_page: int = 1
    more_past: bool = False
    people: list[Whose] = []
    of: str = ""  # whose visits are shown; everybody's when it is nobody
    said: str = ""

    @rx.event
    @allow(patient)
    async def load(self) -> None:
        """Show the visits."""
        self.past_page, self.said = 1, ""
        await self._show()
        self.ready = True

    @rx.event
    @allow(patient)
    async def refresh(self) -> None:
        """A visit was booked, moved, answered or cancelled somewhere."""
        await self._show()

    @rx.event
    @allow(patient)
    async def show_more(self) -> None:
        """Show ten more of the past visits."""
        self.past_page += 1
        await self._show()

    @rx.event
    @allow(patient)
    async def take(self, key: str, offer: str) -> None:
        """Take one of the times that are offered for a visit: one tap, and it is booked."""
        try:
            await self._perform(
                appointments.take_offered_time,
                appointment_id=claimed_id(key),
                offer_id=claimed_id(offer),
            )
        finally:
            await self._show()
        self.said = self._words()(N_("Booked. We have written to you."))

    @rx.event
    @allow(patient)
    async def decline(self, form_data: dict[str, str]) -> None:
        """Want none of the times that are offered for a visit."""
        await self._perform(
            appointments.decline_offers,
            appointment_id=claimed_id(form_data.get("visit")),
            reason=str(form_data.get("why_none", ""))[:300],
        )
        await self._show()
        self.said = self._words()(N_("All offered times are given back, and nothing is booked."))

    async def _show(self) -> None:
        visits = await self._perform(appointments.my_visits)
        of = await self._offer_people()
        self.upcoming = self._views(visits.upcoming, of)
        past, shown = self._views(visits.past, of), self.past_page * 10
        self.past, self.more_past = past[:shown], len(past) > shown

    def _views(self, visits: tuple[AppointmentCard, ...], of: UUID | None) -> list[VisitView]:
        _, now, me = self._words(), current().clock.now(), self._actor().patient_id
        shown = [visit for visit in visits if of in (None, visit.patient_id)]
        return [visit_view(_, visit, now, me=me) for visit in shown]

    async def _offer_people(self) -> UUID | None:
        """Offer to see one person's visits only; returns whose were asked for.

        Whom one books for is asked anew each time, and so is what this page hears of.
        """
        found = await self._perform(people.people_i_book_for)
        chosen = chosen_of(found, self._query("of"))
        self.people = whose(self._words(), found, chosen)
        self._follow(
            f"user:{self._actor().user_id}", *(f"patient:{one.patient_id}" for one in found)
        )
        return chosen.patient_id if chosen else None


_LOADS.append(Visits.load)


@page(
    "/visits",
    title=N_("Your visits"),
    description=N_("Your upcoming and past visits."),
    on_load=_LOADS,
)
def visits(_: Translator) -> rx.Component:
    """The patient's list."""
    return rx.el.div(
        rx.el.header(
            rx.el.h1(_("Your visits")),
            link_button(_("Find a doctor"), href=_.href("/find/"), icon_name="search"),
            class_name="row row--between",
        ),
        error_summary(_, Visits.problem),
        status_line(Visits.said),
        rx.cond(
            Visits.ready,
            rx.fragment(_people(_), _upcoming(_), *[section(_) for section in _SECTIONS], _past(_)),
            rx.cond(Visits.problem == "", skeleton(_, kind="rows", rows=2)),
        ),
        class_name="stack",
    )


def _people(_: Translator) -> rx.Component:
    """Everybody's visits, or one person's, each under its own address."""

    def one(tab: rx.Var[Whose]) -> rx.Component:
        here = link(tab.label, href=tab.href, aria_current="page")
        return rx.el.li(rx.cond(tab.current, here, link(tab.label, href=tab.href)), key=tab.key)

    tabs = rx.el.ul(rx.foreach(Visits.people, one), class_name="tabs")
    return rx.cond(Visits.people.length() > 0, rx.el.nav(tabs, aria_label=_("Whose visits")))


def _upcoming(_: Translator) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("Upcoming")),
        rx.cond(
            Visits.upcoming.length() > 0,
            rx.el.ul(rx.foreach(Visits.upcoming, lambda visit: _row(_, visit)), class_name="cards"),
            empty_state(
                _("No visits yet."),
                link_button(_("Find a doctor"), href=_.href("/find/"), kind="primary"),
                icon_name="calendar-days",
            ),
        ),
        class_name="stack",
    )


def _past(_: Translator) -> rx.Component:
    return rx.cond(
        Visits.past.length() > 0,
        rx.el.section(
            rx.el.h2(_("Past and cancelled")),
            rx.el.ul(
                rx.foreach(Visits.past, lambda visit: _row(_, visit, again=True)),
                class_name="cards",
            ),
            rx.cond(
                Visits.more_past,
                rx.el.button(
                    _("Show 10 more"), type="button", on_click=Visits.show_more, class_name="button"
                ),
            ),
            class_name="stack",
        ),
    )


def _row(_: Translator, visit: rx.Var[VisitView], *, again: bool = False) -> rx.Component:
    book_again = link_button(
        _("Book again"),
        href=visit.again,
        kind="small",
        aria_label=rx.Var.create(_("Book again")) + ": " + visit.practitioner,
    )
    about = rx.el.div(
        avatar(visit.initials, size="small"),
        rx.el.div(
            rx.cond(
                visit.for_line,
                rx.el.p(tag(rx.el.bdi(visit.for_line), tone="plum", icon_name="users")),
            ),
            rx.el.h3(link(visit.long_when, href=visit.href, class_name="name")),
            rx.el.p(visit.practitioner, " · ", visit.service, class_name="meta"),
            rx.el.p(visit.place, " · ", visit.zone, class_name="meta"),
            rx.cond(visit.note, rx.el.p(visit.note, class_name="small")),
            class_name="person__text",
        ),
        class_name="person",
    )
    status = rx.el.div(
        status_pill(_, visit.status),
        book_again if again else rx.fragment(),
        class_name="row",
    )
    offers = offers_block(_, visit, take=Visits.take, decline=Visits.decline, level=rx.el.h4)
    return rx.el.li(
        rx.el.article(
            rx.el.div(about, status, class_name="row row--between"),
            rx.fragment() if again else offers,
            class_name="card stack",
        ),
        key=visit.key,
    )
