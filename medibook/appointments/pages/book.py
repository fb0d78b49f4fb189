"""Check and book: the chosen time is held, everything is said, one click books it."""

from urllib.parse import quote
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from medibook.appointments import service as appointments
from medibook.appointments.pages.choice import Choice, answers, choice_of
from medibook.appointments.pages.whom import choice, for_banner, for_whom, options
from medibook.appointments.rules import TermsChanged
from medibook.appointments.schemas import AppointmentTerms, NewAppointment
from medibook.kernel.actor import Role, anyone, patient
from medibook.kernel.application import current
from medibook.people import service as people
from medibook.people.rules.guardians import chosen_of
from medibook.people.schemas import PersonCard
from medibook.scheduling import service as scheduling
from medibook.scheduling.pages.board import booking_href, chip
from medibook.scheduling.rules import SlotTaken
from medibook.scheduling.schemas import HeldSlot, SlotWish
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    Option,
    SlotChip,
    back_link,
    banner,
    button,
    card,
    empty_state,
    error_summary,
    form,
    link_button,
    skeleton,
    slot_strip,
    textarea,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


class Book(AppState, rx.State):
    """One chosen time, from the link to the booked visit."""

    ready: bool = False
    step: str = ""  # sign-in | check | taken | mine | other
    choice: Choice = Choice()
    reason: str = ""
    sign_in: str = ""
    register: str = ""
    held_until: str = ""
    held_epoch: int = 0
    taken: str = ""
    nearest: list[SlotChip] = []
    nearest_label: str = ""
    mine: str = ""
    people: list[Option] = []  # whom it may be for; empty when there is nobody but the reader
    whom: str = ""  # who it is for; kept from one time to the next
    for_line: str = ""
    asked: int = 0  # a choice that could not be had is drawn anew, as it was before
    _hold: str = ""
    _agreed: AppointmentTerms | None = None

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Say what was chosen; hold it for whoever has signed in as a patient."""
        self.ready, self.step = False, ""
        wish = SlotWish.from_address(self._query("slot"))
        if wish is None:
            self.step, self.ready = "other", True
            return
        try:
            await self._choose(wish, self._query("for") or self.whom)
        except SlotTaken as taken:
            self.choice = Choice(change=self._words().href("/find/"))
            if not await self._is_mine(wish):
                self._say_taken(taken)
        self.ready = True

    async def _choose(self, wish: SlotWish, whom: str) -> None:
        """Describe the time, and hold it for whom it is; the reader, when the claim names nobody else."""
        actor = self._actor()
        person = await self._person(whom) if actor.role is Role.PATIENT else None
        for_patient = person.patient_id if person else None
        offered = await self._perform(appointments.offered_time, wish=wish, for_patient=for_patient)
        who = person.name if person else actor.name
        self.choice = choice_of(self._words(), offered, who=who, now=current().clock.now())
        self._agreed = offered.terms
        self.step = {None: "sign-in", Role.PATIENT: "check"}.get(actor.role, "other")
        self._offer_sign_in(wish)
        if person is not None:
            hold = scheduling.hold_slot
            self._keep(await self._perform(hold, wish=wish, moves=None, for_patient=for_patient))
            self.whom = person.patient_id.hex
            self.for_line = for_whom(self._words(), person.name, is_self=person.is_self)

    async def _person(self, whom: str) -> PersonCard:
        """Whom a claim names among those the reader books for; the reader when it is none of them."""
        found = await self._perform(people.people_i_book_for)
        self.people = options(self._words(), found)
        chosen = chosen_of(found, whom)
        return chosen if chosen and chosen.may_book else found[0]

    @rx.event
    @allow(patient)
    async def change_whom(self, whom: str) -> None:
        """Hold the time for somebody else; who cannot have it leaves it with whom it was held for."""
        wish = SlotWish.from_address(self._query("slot"))
        if wish is None:
            return
        try:
            await self._choose(wish, whom)
        except SlotTaken:
            self.asked += 1
            self.problem = self._words()(
                N_(
                    "The time is not free for them: there may be another visit. Nothing has changed."
                )
            )

    @rx.event
    @allow(patient)
    async def keep_words(self, words: str) -> None:
        """Keep what was typed, whatever becomes of the time meanwhile."""
        self.reason = words[:500]

    async def _is_mine(self, wish: SlotWish) -> bool:
        """Whether it is the reader who has this time: they came back by the Back button."""
        if self._actor().role is not Role.PATIENT:
            return False
        visits = await self._perform(appointments.my_visits)
        for visit in visits.upcoming:
            taken = (visit.practitioner_id, visit.service_id, visit.starts_at)
            if taken == (wish.practitioner_id, wish.service_id, wish.starts_at):
                self.step = "mine"
                self.mine = self._words().href(f"/visit/?id={visit.appointment_id}")
                return True
        return False

    def _offer_sign_in(self, wish: SlotWish) -> None:
        _ = self._words()
        back = quote(_.href(f"/book/?slot={wish.address}"), safe="")
        self.sign_in = _.href(f"/sign-in/?next={back}")
        self.register = _.href(f"/register/?next={back}")

    def _keep(self, held: HeldSlot) -> None:
        _ = self._words()
        self._hold = str(held.hold_id)
        # A time that was kept as long as it may is still bookable while free, but held no more.
        live = held.expires_at > current().clock.now()
        self.held_until = _.time(held.expires_at, ZoneInfo(held.zone)) if live else ""
        self.held_epoch = int(held.expires_at.timestamp())

    def _say_taken(self, taken: SlotTaken) -> None:
        _ = self._words()
        self.step, self.taken, self._hold = "taken", taken.message(_), ""
        times = taken.alternatives
        self.nearest = [chip(_, free, booking_href(_, free)) for free in times]
        self.nearest_label = (
            _("The nearest free times, from {day}:",
              day=_.day(times[0].starts_at, ZoneInfo(times[0].zone)))
            if times
            else _("There is no other free time near it.")
        )  # fmt: skip

    @rx.event
    @allow(patient)
    async def book(self, form_data: dict[str, str]) -> EventSpec | None:
        """Book the held time; sent twice, it books once: the hold's own id is the booking key."""
        self.reason = str(form_data.get("reason", ""))[:500]
        if not self._hold:
            self.problem = self._words()(SlotTaken.sentence)
            return None
        hold_id = claimed_id(self._hold)
        new = NewAppointment(
            hold_id=hold_id, reason=self.reason, booking_key=hold_id.hex, agreed=self._agreed
        )
        try:
            visit = await self._perform(appointments.book_appointment, new=new)
        except TermsChanged:
            if wish := SlotWish.from_address(self._query("slot")):
                await self._choose(wish, self.whom)
            raise
        except SlotTaken as taken:
            self._say_taken(taken)
            return None
        self.reason = ""  # the hold stays: sent again, its key answers with the same visit
        # In the place of this page: the Back button leads to the board, not to a form that is done.
        return rx.redirect(
            self._words().href(f"/visit/?id={visit.appointment_id}&new=1"), replace=True
        )

    @rx.event
    @allow(patient)
    async def keep(self) -> None:
        """Hold the time for another while."""
        self._keep(await self._perform(scheduling.keep_hold, hold_id=claimed_id(self._hold)))


@page(
    "/book",
    title=N_("Check and book"),
    description=N_("Check your visit, then book it with one click."),
    on_load=[Book.load],
)
def book(_: Translator) -> rx.Component:
    """The page between a chosen time and a booked visit."""
    return rx.el.div(
        rx.cond(
            Book.ready | (Book.problem != ""),
            rx.match(
                Book.step,
                ("check", _check(_)),
                ("sign-in", _sign_in_first(_)),
                ("taken", _taken(_)),
                ("mine", _mine(_)),
                _nothing_to_book(_),
            ),
            rx.fragment(rx.el.h1(_("Check and book")), card(skeleton(_, kind="lines", rows=6))),
        ),
        class_name="stack narrow",
    )


def _check(_: Translator) -> rx.Component:
    return rx.fragment(
        back_link(_("Choose another time"), href=Book.choice.change),
        rx.el.h1(_("Check and book")),
        error_summary(_, Book.problem),
        for_banner(Book.for_line),
        _held(_),
        _whom(_),
        card(answers(_, Book.choice, who=True)),
        form(
            textarea(
                _, "reason", _("What is it about?"), optional=True, max_length=500,
                default_value=Book.reason, on_blur=Book.keep_words,
                hint=_("Only your doctor and you will read this. Up to 500 characters."),
            ),
            rx.el.p(Book.choice.rule, class_name="meta"),
            rx.cond(
                Book.choice.by_request,
                rx.el.p(_("The doctor confirms each visit. We will write to you."),
                        class_name="meta"),
            ),
            rx.el.div(
                button(Book.choice.label, kind="primary wide", submit=True, busy=Book.busy),
                class_name="commit commit--sticky",
            ),
            on_submit=Book.book,
        ),
    )  # fmt: skip


def _whom(_: Translator) -> rx.Component:
    asked = choice(_, Book.people, value=Book.whom, on_change=Book.change_whom)
    return rx.el.div(asked, key=Book.asked.to_string())


def _held(_: Translator) -> rx.Component:
    return rx.cond(
        Book.held_until,
        banner(
            rx.el.p(
                _("This time is held for you until"), " ", rx.el.strong(Book.held_until), ".",
            ),
            rx.el.div(
                rx.el.p(_("Less than two minutes are left."), role="status"),
                button(_("Keep it longer"), kind="small", on_click=Book.keep),
                class_name="row",
                data_hold_ends=Book.held_epoch.to_string(),
                hidden=True,
                key=Book.held_epoch.to_string(),
            ),
            tone="teal",
            icon_name="clock",
        ),
    )  # fmt: skip


def _sign_in_first(_: Translator) -> rx.Component:
    return rx.fragment(
        back_link(_("Choose another time"), href=Book.choice.change),
        rx.el.h1(_("Almost there")),
        error_summary(_, Book.problem),
        card(answers(_, Book.choice, who=False)),
        rx.el.p(_("To book, tell us who you are. Your time stays chosen."), class_name="lead"),
        rx.el.div(
            link_button(_("Sign in"), href=Book.sign_in, kind="primary", icon_name="log-in"),
            link_button(_("I am new here"), href=Book.register, icon_name="user-plus"),
            class_name="row",
        ),
    )


def _taken(_: Translator) -> rx.Component:
    return rx.fragment(
        rx.el.h1(_("Somebody else was faster")),
        banner(
            rx.el.p(Book.taken),
            rx.el.p(_("Nothing was booked and nothing was charged. What you wrote is kept.")),
            tone="amber", icon_name="info", heard=True,
        ),
        _whom(_),
        card(
            slot_strip(
                _, Book.nearest, label=Book.nearest_label,
                more=_("All times"), more_href=Book.choice.change,
            )
        ),
    )  # fmt: skip


def _mine(_: Translator) -> rx.Component:
    return rx.fragment(
        rx.el.h1(_("This time is yours already")),
        rx.el.p(_("You have booked it; nothing more is to be done."), class_name="lead"),
        link_button(_("Look at your visit"), href=Book.mine, kind="primary"),
    )


def _nothing_to_book(_: Translator) -> rx.Component:
    return rx.fragment(
        rx.el.h1(_("Check and book")),
        rx.cond(
            Book.problem,
            banner(rx.el.p(Book.problem), tone="coral", heard=True),
            rx.cond(
                Book.choice.practitioner,
                empty_state(
                    _("Visits are booked from a patient's account."),
                    link_button(_("Find a doctor"), href=_.href("/find/")),
                    icon_name="user",
                ),
                empty_state(
                    _("This link names no time. It may have been cut off."),
                    link_button(_("Find a doctor"), href=_.href("/find/")),
                    icon_name="search",
                ),
            ),
        ),
        rx.el.p(_("Or call us:"), " ", rx.el.a(Frame.phone, href=Frame.phone_href)),
    )
