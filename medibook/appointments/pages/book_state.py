"""The state of the page between a chosen time and a booked visit."""

from urllib.parse import quote
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from medibook.appointments import service as appointments
from medibook.appointments.pages.choice import Choice, choice_of
from medibook.appointments.pages.whom import for_whom, options
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
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_


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
    series: str = ""  # the way to a series of this visit
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
        self.people, self.for_line = [], ""
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
        held = None
        if for_patient is not None:  # before it is described: held for another of them, it is taken
            hold = scheduling.hold_slot
            held = await self._perform(hold, wish=wish, moves=None, for_patient=for_patient)
        offered = await self._perform(appointments.offered_time, wish=wish, for_patient=for_patient)
        who = person.name if person else actor.name
        self.choice = choice_of(self._words(), offered, who=who, now=current().clock.now())
        self._agreed = offered.terms
        self.step = {None: "sign-in", Role.PATIENT: "check"}.get(actor.role, "other")
        self._offer_sign_in(wish)
        if held is not None and person is not None:
            self._keep(held)
            self.whom = person.patient_id.hex
            own = (
                self._words()(N_("For you")) if self.people else ""
            )  # nothing moves when it changes
            self.for_line = for_whom(self._words(), person.name, is_self=person.is_self) or own
        series = self._words().href(f"/book/series/?slot={wish.address}&for={self.whom}")
        self.series = "" if offered.terms.by_request else series

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
            booked = await self._perform(appointments.book_appointment, new=new)
        except TermsChanged:
            if wish := SlotWish.from_address(self._query("slot")):
                await self._choose(wish, self.whom)
            raise
        except SlotTaken as taken:
            self._say_taken(taken)
            return None
        self.reason = ""  # the hold stays: sent again, its key answers with the same visit
        # In the place of this page: the Back button leads to the board, not to a form that is done.
        return rx.redirect(self._words().href(f"/visit/?id={booked}&new=1"), replace=True)

    @rx.event
    @allow(patient)
    async def keep(self) -> None:
        """Hold the time for another while."""
        self._keep(await self._perform(scheduling.keep_hold, hold_id=claimed_id(self._hold)))
