"""One's own entries: the place in line, an offer with its two answers, and leaving; live."""

import reflex as rx

from medibook.kernel.actor import patient
from medibook.kernel.application import current
from medibook.people import service as people
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    banner,
    button,
    disclosure,
    empty_state,
    error_summary,
    form,
    link,
    link_button,
    skeleton,
    status_line,
    tag,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page
from medibook.waitlist import service as waitlist
from medibook.waitlist.pages.words import EntryView, entry_view
from medibook.waitlist.schemas import EntryState


class MyWaitlist(AppState, rx.State):
    """What the reader waits for, and those whom they book for."""

    ready: bool = False
    waiting: list[EntryView] = []
    closed: list[EntryView] = []
    said: str = ""

    @rx.event
    @allow(patient)
    async def load(self) -> None:
        """Show the entries."""
        self.said = self._words()(N_("You are on the list.")) if self._query("new") else ""
        await self._show()
        self.ready = True

    @rx.event
    @allow(patient)
    async def refresh(self) -> None:
        """A time was offered, or an offer is over."""
        await self._show()

    @rx.event
    @allow(patient)
    async def take(self, key: str) -> None:
        """Take the offered time: one tap, and it is booked."""
        try:
            await self._perform(waitlist.accept_offer, offer_id=claimed_id(key))
        finally:
            await self._show()
        self.said = self._words()(N_("Booked. We have written to you."))

    @rx.event
    @allow(patient)
    async def decline(self, key: str) -> None:
        """Do not want the offered time, and go on waiting."""
        try:
            await self._perform(waitlist.decline_offer, offer_id=claimed_id(key))
        finally:
            await self._show()
        self.said = self._words()(N_("You did not want this time. You keep your place."))

    @rx.event
    @allow(patient)
    async def leave(self, form_data: dict[str, str]) -> None:
        """Wait no longer."""
        entry_id = claimed_id(form_data.get("entry"))
        await self._perform(waitlist.leave_waitlist, entry_id=entry_id)
        await self._show()
        self.said = self._words()(N_("You have left the list."))

    async def _show(self) -> None:
        _, now, me = self._words(), current().clock.now(), self._actor().patient_id
        found = await self._perform(waitlist.my_entries)
        own = [(entry.state, entry_view(_, entry, now, me=me)) for entry in found]
        self.waiting = [view for state, view in own if state is EntryState.WAITING]
        self.closed = [view for state, view in own if state is not EntryState.WAITING]
        whom = await self._perform(people.people_i_book_for)
        self._follow(*(f"patient:{one.patient_id}" for one in whom))


@page(
    "/waitlist",
    title=N_("Waiting list"),
    description=N_("What you wait for, your place in line, and what is kept for you now."),
    on_load=[MyWaitlist.load],
)
def mine(_: Translator) -> rx.Component:
    """The patient's entries."""
    return rx.el.div(
        rx.el.h1(_("Waiting list")),
        error_summary(_, MyWaitlist.problem),
        status_line(MyWaitlist.said),
        rx.cond(
            MyWaitlist.ready,
            rx.fragment(_waiting(_), _closed(_)),
            rx.cond(MyWaitlist.problem == "", skeleton(_, kind="rows", rows=2)),
        ),
        class_name="stack",
    )


def _waiting(_: Translator) -> rx.Component:
    return rx.cond(
        MyWaitlist.waiting.length() > 0,
        rx.el.ul(
            rx.foreach(MyWaitlist.waiting, lambda entry: _entry(_, entry)), class_name="cards"
        ),
        empty_state(
            _(
                "You wait for nothing. When a doctor has no time that suits you, join the list there."
            ),
            link_button(_("Find a doctor"), href=_.href("/find/"), kind="primary"),
            icon_name="hourglass",
        ),
    )


def _entry(_: Translator, entry: rx.Var[EntryView]) -> rx.Component:
    return rx.el.li(
        rx.el.article(
            _about(entry, rx.el.h2),
            rx.cond(entry.offer.key, _offer(_, entry)),
            rx.cond(entry.gone, banner(rx.el.p(entry.gone), tone="amber")),
            rx.el.p(entry.wished, class_name="meta"),
            rx.el.p(entry.since, class_name="meta"),
            rx.cond(entry.instead, rx.el.p(entry.instead, class_name="small")),
            _leave(_, entry),
            class_name="card stack stack--tight",
        ),
        key=entry.key,
    )


def _about(entry: rx.Var[EntryView], level: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.cond(
                entry.for_line,
                rx.el.p(tag(rx.el.bdi(entry.for_line), tone="plum", icon_name="users")),
            ),
            level(entry.title),
            rx.el.p(entry.whom, class_name="meta"),
        ),
        rx.cond(entry.place, tag(entry.place, tone="sky", icon_name="hourglass")),
        class_name="row row--between",
    )


def _offer(_: Translator, entry: rx.Var[EntryView]) -> rx.Component:
    """The kept time and its two answers, each one tap."""
    offer = entry.offer
    return rx.el.section(
        rx.el.h3(_("A time is free for you"), " ", offer.when),
        rx.el.p(offer.whom, " · ", offer.fee),
        rx.el.p(offer.where, class_name="meta"),
        rx.cond(offer.instead, rx.el.p(offer.instead)),
        rx.el.p(rx.el.strong(offer.until)),
        rx.el.div(
            button(
                _("Take this time"),
                kind="primary",
                icon_name="check",
                on_click=MyWaitlist.take(offer.key),
            ),
            button(_("No, thank you"), on_click=MyWaitlist.decline(offer.key)),
            class_name="row",
        ),
        class_name="offers noprint",
    )


def _leave(_: Translator, entry: rx.Var[EntryView]) -> rx.Component:
    return disclosure(
        _("Leave this list"),
        form(
            rx.el.input(type="hidden", name="entry", value=entry.key, read_only=True),
            rx.el.p(_("You lose your place, and what is kept for you is offered to others.")),
            button(_("Yes, leave it"), kind="danger", submit=True),
            on_submit=MyWaitlist.leave,
        ),
        class_name="noprint",
    )


def _closed(_: Translator) -> rx.Component:
    def one(entry: rx.Var[EntryView]) -> rx.Component:
        return rx.el.li(
            rx.el.article(
                _about(entry, rx.el.h3),
                rx.el.p(entry.closed),
                rx.cond(entry.visit_href, rx.el.p(link(_("Your visit"), href=entry.visit_href))),
                class_name="card card--quiet stack stack--tight",
            ),
            key=entry.key,
        )

    return rx.cond(
        MyWaitlist.closed.length() > 0,
        rx.el.section(
            rx.el.h2(_("No longer waiting")),
            rx.el.ul(rx.foreach(MyWaitlist.closed, one), class_name="cards"),
            class_name="stack",
        ),
    )
