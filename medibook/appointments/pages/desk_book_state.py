"""Booking at the front desk: for whom, what, when; each answer stands in the address."""

from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from medibook.appointments import service as appointments
from medibook.appointments.pages.desk_find import PatientFinder, WhomView
from medibook.appointments.pages.desk_words import (
    CheckView,
    DoneView,
    FirstView,
    check_view,
    done_view,
    first_view,
    whole_minutes,
)
from medibook.appointments.schemas import AppointmentCard
from medibook.appointments.schemas.desk import DeskBooking, DeskChoice, WalkIn
from medibook.kernel.actor import staff
from medibook.kernel.application import current
from medibook.kernel.errors import Invalid, NotFound
from medibook.scheduling import service as scheduling
from medibook.scheduling.pages.board_state import DAYS, BoardState
from medibook.scheduling.rules import SlotTaken
from medibook.scheduling.schemas import FreeTime, SlotBoard, SlotWish
from medibook.ui.claims import claimed_id
from medibook.ui.components import Option
from medibook.ui.guard import allow
from medibook.ui.i18n import N_

ANYBODY = "any"
_CARRIED = ("walkin", "at", "who", "type", "by", "start")


class DeskBook(PatientFinder, BoardState, rx.State):
    """What the address says so far, and the next question."""

    ready: bool = False
    step: str = "who"  # who | walkin | when | check | done
    whom: WhomView = WhomView()
    walkin: bool = False
    other: str = ""
    another: str = ""
    not_today: str = ""
    service_key: str = ""
    types: list[Option] = []
    with_whom: str = ""
    practitioners: list[Option] = []
    firsts: list[FirstView] = []
    check: CheckView = CheckView()
    done: DoneView = DoneView()
    overbooking: bool = False
    _key: str = ""
    _slot: str = ""

    @rx.event
    @allow(staff)
    async def load(self) -> None:
        """Ask the first question that the address leaves open."""
        self.ready, self.overbooking = False, False
        self._key = current().ids.new_token()
        self._forget_search()
        self.walkin = self._query("walkin") == "1"
        self.whom = await self._whom(self._query("who"))
        self.other, self.another = self._to(who=""), self._to(who="", by="", type="", start="")
        self.not_today = self._to(walkin="")
        await self._ask()
        self.ready = True

    @rx.event
    @allow(staff)
    async def refresh(self) -> None:
        """A time was taken or freed: the board that is looked at says so in its place."""
        if self.step == "when" and self.with_whom != ANYBODY:
            await self._renew_board(self._href)

    @rx.event
    @allow(staff)
    async def choose_type(self, key: str) -> EventSpec:
        """Another visit type."""
        return rx.redirect(self._to(type=key))

    @rx.event
    @allow(staff)
    async def choose_whom(self, key: str) -> EventSpec:
        """Another doctor, or the first free of anybody."""
        return rx.redirect(self._to(by=key))

    @rx.event
    @allow(staff)
    async def add_walk_in(self, form_data: dict[str, str]) -> None:
        """Give the patient the first time of the doctor who was chosen."""
        wish = _wish(form_data.get("first"))
        new = WalkIn(
            patient_id=claimed_id(self.whom.key),
            practitioner_id=wish.practitioner_id,
            service_id=wish.service_id,
            booking_key=self._key,
        )
        self._say_done(await self._perform(appointments.add_walk_in, new=new))

    @rx.event
    @allow(staff)
    async def book(self, form_data: dict[str, str]) -> None:
        """Book the time; when it has just been taken, say what by."""
        await self._book(form_data, overbook_reason="")

    @rx.event
    @allow(staff)
    async def overbook(self, form_data: dict[str, str]) -> None:
        """Book the time all the same, with the reason that stays with the visit."""
        why = str(form_data.get("why") or "").strip()[:300]
        if not why:
            raise Invalid({"why": N_("Please say why this time is booked twice.")})
        await self._book(form_data, overbook_reason=why)

    @rx.event
    @allow(staff)
    async def ask_overbook(self, yes: bool) -> None:  # noqa: FBT001 - as the page's buttons send it
        """Open the dialog in which one says why, or put it away."""
        self.overbooking = bool(yes)

    async def _book(self, form_data: dict[str, str], *, overbook_reason: str) -> None:
        room = str(form_data.get("room") or "")  # a field that is not on the page is sent as null
        wish = _wish(self._slot)
        try:
            if self.walkin and overbook_reason:
                booked = await self._squeeze_in(wish, overbook_reason)
            else:
                new = DeskBooking(
                    patient_id=claimed_id(self.whom.key),
                    wish=wish,
                    booking_key=self._key,
                    reason=str(form_data.get("reason") or "")[:500],
                    overbook_reason=overbook_reason,
                    room_id=claimed_id(room) if room else None,
                )
                booked = await self._perform(appointments.book_for_patient, new=new)
        except SlotTaken:
            self.overbooking = False
            await self._show_check()
            raise
        self._say_done(booked)

    async def _squeeze_in(self, wish: SlotWish, why: str) -> AppointmentCard:
        new = WalkIn(
            patient_id=claimed_id(self.whom.key),
            practitioner_id=wish.practitioner_id,
            service_id=wish.service_id,
            booking_key=self._key,
            overbook_reason=why,
        )
        return await self._perform(appointments.add_walk_in, new=new)

    def _say_done(self, booked: AppointmentCard) -> None:
        self.done, self.overbooking = done_view(self._words(), booked), False
        self.step, self._key = "done", current().ids.new_token()
        self._follow()

    # ── the next question ────────────────────────────────────────────────────────────────────

    async def _ask(self) -> None:
        if not self.whom.key:
            self.step = "who"
        elif self._query("start"):
            self.step = "check"
            await self._show_check()
        elif self.walkin:
            self.step = "walkin"
            await self._show_firsts(None, is_today=True)
        else:
            self.step = "when"
            await self._show_times()

    async def _show_times(self) -> None:
        """The doctor's board, or everybody's first time."""
        choices = await self._perform(appointments.choices_at_desk, location_id=self._at())
        self._offer(choices)
        chosen = next((c for c in choices if str(c.practitioner_id) == self.with_whom), None)
        if chosen is None:
            self.with_whom = ANYBODY
            await self._show_firsts(UUID(self.service_key) if self.service_key else None)
            return
        service = chosen.service(self.service_key) or chosen.services[0]
        here = self._to(by=self.with_whom, local=True)
        await self._show_board(
            chosen.practitioner_id, service.service_id, here=here, href=self._href
        )

    def _offer(self, choices: Sequence[DeskChoice]) -> None:
        _ = self._words()
        known = {str(s.service_id): s for c in choices for s in c.services}
        self.service_key = self._query("type") if self._query("type") in known else ""
        self.with_whom = self._query("by") or ANYBODY
        names = sorted((_(s.name), key) for key, s in known.items())
        self.types = [
            Option(value="", label=_("The usual visit")),
            *[Option(value=key, label=name) for name, key in names],
        ]
        able = [c for c in choices if c.service(self.service_key)]
        self.practitioners = [
            Option(value=ANYBODY, label=_("First free of anybody")),
            *[Option(value=str(c.practitioner_id), label=c.practitioner_name) for c in able],
        ]

    async def _show_firsts(self, service_id: UUID | None, *, is_today: bool = False) -> None:
        _, now = self._words(), current().clock.now()
        found = await self._perform(
            appointments.first_times,
            patient_id=UUID(self.whom.key),
            service_id=service_id,
            location_id=self._at(),
            is_today=is_today,
        )
        self.firsts = [
            first_view(
                _,
                f,
                now=now,
                href=self._href(f.free),
                now_href=self._href(f.free, at=whole_minutes(now)),
            )
            for f in found
        ]

    async def _show_check(self) -> None:
        wish = await self._wish_of_address()
        found = await self._perform(
            appointments.check_at_desk, wish=wish, patient_id=claimed_id(self.whom.key)
        )
        self.check = check_view(self._words(), found)
        self._slot = wish.address

    async def _wish_of_address(self) -> SlotWish:
        """The time that the address names; without a visit type it is the doctor's usual one."""
        practitioner_id, service = claimed_id(self._query("by")), self._query("type")
        if not service:
            choices = await self._perform(appointments.choices_at_desk)
            mine = next((c for c in choices if c.practitioner_id == practitioner_id), None)
            if mine is None:
                raise NotFound
            service = str(mine.services[0].service_id)
        found = SlotWish.from_address(
            f"{practitioner_id.hex}.{claimed_id(service).hex}.{self._query('start')}"
        )
        if found is None:
            raise NotFound
        return found

    async def _board(self, first_day: date | None) -> SlotBoard:
        return await self._perform(
            scheduling.board_at_desk,
            practitioner_id=UUID(self._practitioner_id),
            service_id=UUID(self._service_id),
            patient_id=UUID(self.whom.key),
            first_day=first_day,
            days=DAYS,
        )

    # ── addresses ────────────────────────────────────────────────────────────────────────────

    def _at(self) -> UUID | None:
        """The place whose desk this is; None is all of them."""
        try:
            return UUID(self._query("at"))
        except ValueError:
            return None

    def _href(self, free: FreeTime, *, at: datetime | None = None) -> str:
        start = at or free.starts_at
        return self._to(
            by=str(free.practitioner_id),
            type=str(free.service_id),
            start=str(int(start.timestamp())),
        )

    def _chosen(self, key: str) -> EventSpec:
        return rx.redirect(self._to(who=key))

    def _to(self, *, local: bool = False, **changes: str) -> str:
        """This page with what is known so far, and these changes."""
        known = {name: self._query(name) for name in _CARRIED} | changes
        path = f"/desk/book/?{urlencode({name: each for name, each in known.items() if each})}"
        return path if local else self._words().href(path)


def _wish(claim: object) -> SlotWish:
    found = SlotWish.from_address(str(claim))
    if found is None:
        raise Invalid({"first": N_("Please choose a time.")})
    return found
