"""Requests that await the practitioner's answer: accept, offer other times, or decline; live, and by keys."""

from collections.abc import Awaitable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.appointments import service as appointments
from medibook.appointments.pages.request_parts import inbox_page
from medibook.appointments.pages.request_views import (
    AnsweredView,
    OfferedView,
    RequestView,
    answered_view,
    obstacle_words,
    offer_days,
    offered_view,
    request_view,
    start_key,
)
from medibook.appointments.rules import MOST_OFFERS
from medibook.kernel.actor import Role, practitioner
from medibook.kernel.application import current
from medibook.kernel.errors import Conflict
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_day, claimed_id, claimed_start, claimed_time
from medibook.ui.components import Option, SlotDay
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import count_waiting, page

_YEARS = range(2000, 2200)
DAYS = 3  # so many days of the board are shown at a time

count_waiting(
    Role.PRACTITIONER,
    appointments.count_requests,
    topic=lambda actor: f"practitioner:{actor.practitioner_id}",
)


class Requests(AppState, rx.State):
    """The open requests of the practitioner who reads, the most urgent first."""

    ready: bool = False
    requests: list[RequestView] = []
    offered: list[OfferedView] = []
    lately: list[AnsweredView] = []
    said: str = ""
    offering: str = ""
    board: list[SlotDay] = []
    board_zone: str = ""
    earlier: bool = False
    chosen: list[Option] = []
    full: bool = False
    typed_problem: str = ""
    _first: str = ""
    _zone: str = "UTC"

    @rx.event
    @allow(practitioner)
    async def load(self) -> None:
        """Show what awaits an answer."""
        self.said, self.offering = "", ""
        await self._show()
        self._follow(f"practitioner:{self._actor().practitioner_id}")
        self.ready = True

    @rx.event
    @allow(practitioner)
    async def refresh(self) -> None:
        """A request came, was taken back, lapsed, or an offer was answered."""
        await self._show()
        if self.offering:
            await self._show_board()

    async def _show(self) -> None:
        _, now = self._words(), current().clock.now()
        found = await self._perform(appointments.inbox)
        self.requests = [request_view(_, one, now) for one in found.waiting]
        self.offered = [offered_view(_, one, now) for one in found.offered]
        self.lately = [answered_view(_, one, now) for one in found.lately]
        if self.offering not in {one.key for one in self.requests}:
            self.offering = ""

    @rx.event
    @allow(practitioner)
    async def accept(self, key: str) -> None:
        """Accept a request; its time has been kept meanwhile."""
        await self._answer(
            self._perform(appointments.accept_request, appointment_id=claimed_id(key))
        )
        self.said = self._words()(N_("Accepted. We have written to the patient."))

    @rx.event
    @allow(practitioner)
    async def decline(self, form_data: dict[str, str]) -> None:
        """Decline a request with a reason that the patient reads."""
        await self._answer(
            self._perform(
                appointments.decline_request,
                appointment_id=claimed_id(form_data.get("request")),
                reason=str(form_data.get("reason", ""))[:300],
            )
        )
        self.said = self._words()(N_("Declined. We have written to the patient."))

    @rx.event
    @allow(practitioner)
    async def open_offer(self, key: str) -> None:
        """Open the board of times that can be offered for a request, or close it again."""
        one = next((one for one in self.requests if one.key == str(claimed_id(key))), None)
        self.chosen, self.typed_problem, self.full = [], "", False
        if one is None or self.offering == one.key:
            self.offering = ""
            return
        self.offering, self._first = one.key, one.day
        await self._show_board()

    @rx.event
    @allow(practitioner)
    async def other_days(self, step: int) -> None:
        """Show the days before (-1) or after (1) those that the board shows."""
        first = claimed_day(self._first)
        if first is not None and self.offering:
            self._first = (first + timedelta(days=DAYS * (1 if int(step) > 0 else -1))).isoformat()
            await self._show_board()

    @rx.event
    @allow(practitioner)
    async def toggle(self, start: str) -> None:
        """Choose a time to offer, or choose it no longer; three at most."""
        self.typed_problem = ""
        self._toggle(claimed_start(start))
        await self._show_board()

    @rx.event
    @allow(practitioner)
    async def add_typed(self, form_data: dict[str, str]) -> None:
        """Choose a time that is typed; one that cannot be offered is refused with every reason."""
        day, reading = claimed_day(form_data.get("day")), claimed_time(form_data.get("time"))
        _ = self._words()
        if day is None or reading is None or day.year not in _YEARS:
            self.typed_problem = _(N_("Please enter a date and a time."))
            return
        start = datetime.combine(day, reading, tzinfo=ZoneInfo(self._zone)).astimezone(UTC)
        against = await self._perform(
            appointments.against_offer, appointment_id=claimed_id(self.offering), start=start
        )
        self.typed_problem = obstacle_words(_, against)
        if not against and start_key(start) not in {one.value for one in self.chosen}:
            self._toggle(start)
            await self._show_board()

    @rx.event
    @allow(practitioner)
    async def offer(self, form_data: dict[str, str]) -> None:
        """Offer the chosen times; each is kept for the patient from now on."""
        key = str(claimed_id(form_data.get("request")))
        version = next((one.version for one in self.requests if one.key == key), 0)
        await self._answer(
            self._perform(
                appointments.offer_other_times,
                appointment_id=claimed_id(key),
                times=[claimed_start(one.value) for one in self.chosen],
                version=version,
                note=str(form_data.get("note", ""))[:300],
            )
        )
        self.said = self._words()(N_("Offered. We have written to the patient."))

    async def _answer(self, answer: Awaitable[object]) -> None:
        """Give an answer; when it was given elsewhere meanwhile, show that before saying so."""
        self.said = ""
        try:
            await answer
        except Conflict:
            await self._show()
            if self.offering:
                await self._show_board()
            raise
        await self._show()

    def _toggle(self, start: datetime) -> None:
        key = start_key(start)
        kept = [one for one in self.chosen if one.value != key]
        if len(kept) == len(self.chosen) < MOST_OFFERS:
            label = self._words().moment(start, ZoneInfo(self._zone))
            kept = sorted([*kept, Option(value=key, label=label)], key=lambda one: int(one.value))
        self.chosen, self.full = kept, len(kept) == MOST_OFFERS

    async def _show_board(self) -> None:
        _, now = self._words(), current().clock.now()
        visit = await self._perform(appointments.visit, appointment_id=claimed_id(self.offering))
        self._zone = visit.zone
        zone = ZoneInfo(visit.zone)
        today = now.astimezone(zone).date()
        first = max(date.fromisoformat(self._first), today)
        days = [first + timedelta(days=n) for n in range(DAYS)]
        begin = datetime.combine(first, time(0), tzinfo=zone).astimezone(UTC)
        free = await self._perform(
            appointments.offerable_times,
            appointment_id=visit.appointment_id,
            start=begin,
            end=begin + timedelta(days=DAYS, hours=2),  # a day may have 25 hours
        )
        self._first, self.earlier = first.isoformat(), first > today
        self.board = offer_days(_, free, days, [one.value for one in self.chosen])
        self.board_zone = _("Times are in {city} time.", city=_.zone_city(zone))


@page(
    "/requests",
    title=N_("Requests"),
    description=N_("Visits that patients have asked for."),
    on_load=[Requests.load],
)
def requests(_: Translator) -> rx.Component:
    """The inbox."""
    return inbox_page(_, Requests)
