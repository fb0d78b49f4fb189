"""What the calendar's page knows: the days that are shown, the visit that is open, the move that is asked."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.appointments import rules
from medibook.appointments import service as appointments
from medibook.appointments.pages.calendar_items import (
    DRAWN_AS,
    Item,
    View,
    claimed_view,
    days_of,
    hidden_days,
    hours_shown,
    items_of,
    links_of,
    put_at,
    title_of,
)
from medibook.appointments.pages.calendar_words import (
    AskedMove,
    Question,
    moved_words,
    not_moved,
    question_of,
)
from medibook.appointments.pages.day_words import DayLine, day_line
from medibook.appointments.schemas import AppointmentStatus, CalendarPage
from medibook.kernel.actor import practitioner
from medibook.kernel.application import current
from medibook.kernel.errors import Conflict, Invalid, NotFound, Refusal
from medibook.kernel.words import N_
from medibook.scheduling.rules.weekly import wall_instant
from medibook.ui.app_state import AppState
from medibook.ui.claims import (
    claimed_choice,
    claimed_day,
    claimed_id,
    claimed_moment,
    claimed_time,
)
from medibook.ui.guard import allow


class Calendar(AppState, rx.State):
    """The calendar of the practitioner who reads."""

    ready: bool = False
    view: str = View.WEEK.value
    drawn_as: str = ""
    on: str = ""
    first: str = ""
    title: str = ""
    zone: str = "UTC"
    zone_words: str = ""
    hidden: list[int] = []
    opens: str = "08:00:00"
    closes: str = "18:00:00"
    items: list[Item] = []
    has_hours: bool = True
    links: dict[str, str] = {}
    said: str = ""
    may_undo: bool = False

    is_open: bool = False
    open_key: str = ""
    open_day: str = ""
    line: DayLine = DayLine()
    day_typed: str = ""
    time_typed: str = ""
    may_move: bool = False
    may_stretch: bool = False
    minutes_typed: int = 0

    asking: bool = False
    question: Question = Question()

    _asked: AskedMove | None = None
    _undo: tuple[UUID, int] | None = None
    _drawn: int = 0

    @rx.event
    @allow(practitioner)
    async def load(self) -> None:
        """Show the days that the address names, or this week."""
        self.said, self.may_undo, self.asking, self.is_open = "", False, False, False
        self._asked = None
        await self._show()
        self._follow(f"practitioner:{self._actor().practitioner_id}")
        self.ready = True

    @rx.event
    @allow(practitioner)
    async def refresh(self) -> None:
        """Something in this practitioner's time has changed."""
        await self._show()

    async def _show(self) -> None:
        view = claimed_view(self._query("view"))
        on = claimed_day(self._query("on"))
        guess = on or current().clock.now().date()
        page = await self._days(view, guess)
        if on is None and page.today != guess:  # it is another day already where they work
            guess = page.today
            page = await self._days(view, guess)
        self._draw(page, view, guess)

    async def _days(self, view: View, on: date) -> CalendarPage:
        days = days_of(view, on)
        return await self._perform(
            appointments.practitioner_calendar, first=days.first, last=days.last
        )

    def _draw(self, page: CalendarPage, view: View, on: date) -> None:
        _, days = self._words(), days_of(view, on)
        self.view, self.drawn_as, self.on, self.first = (
            view,
            DRAWN_AS[view],
            f"{on}",
            f"{days.first}",
        )
        if view is View.MONTH:
            self.first = f"{on.replace(day=1)}"
        self.zone, self.has_hours = page.zone, page.has_hours
        self.zone_words = _("{city} time", city=_.zone_city(ZoneInfo(page.zone)))
        self.hidden = hidden_days(page) if view is View.WEEK else []
        self.title = title_of(_, view, on, self.hidden)
        self.opens, self.closes = hours_shown(page)
        self.links = links_of(_, view, on, page.today)
        self.items = items_of(_, page, view)
        if self._asked is not None:
            asked = self._asked
            self.items = put_at(self.items, str(asked.key), asked.starts_at, asked.ends_at)

    # ── moving: dragged, stretched, or typed ────────────────────────────────────────────────────

    @rx.event
    @allow(practitioner)
    async def propose(self, key: str, start: str, end: str) -> None:
        """Ask about the place to which a visit was dragged, or its end; a clash snaps back."""
        starts_at, ends_at = claimed_moment(start), claimed_moment(end)
        await self._ask(claimed_id(key), starts_at, ends_at - starts_at)

    @rx.event
    @allow(practitioner)
    async def propose_time(self, form_data: dict[str, str]) -> None:
        """Ask about the day and time that were typed: the way without a mouse."""
        day, reading = claimed_day(form_data.get("day")), claimed_time(form_data.get("time"))
        if day is None or reading is None:
            raise Invalid({"day": N_("Choose a day.")} if day is None else {"time": _NO_TIME})
        await self._ask(claimed_id(self.open_key), wall_instant(day, reading, self.zone), None)

    @rx.event
    @allow(practitioner)
    async def propose_length(self, form_data: dict[str, str]) -> None:
        """Ask about the length that was typed."""
        typed = str(form_data.get("minutes", ""))
        if not typed.isdecimal() or len(typed) > 3:
            raise Invalid({"minutes": N_("Choose a length of 5 minutes to 8 hours.")})
        visit = await self._perform(appointments.visit, appointment_id=claimed_id(self.open_key))
        await self._ask(visit.appointment_id, visit.starts_at, timedelta(minutes=int(typed)))

    async def _ask(self, key: UUID, starts_at: datetime, length: timedelta | None) -> None:
        self.said, self.may_undo = "", False
        try:
            proposal = await self._perform(
                appointments.propose_reschedule,
                appointment_id=key,
                starts_at=starts_at,
                length=length,
            )
        except Refusal:
            self._snap_back(key)
            raise
        if not proposal.is_possible:
            self._snap_back(key)
            self.problem = not_moved(self._words(), proposal)
            return
        visit = proposal.visit
        start, end = proposal.starts_at, proposal.ends_at
        self._asked = AskedMove(
            key, start, end, visit.version, proposal.is_outside_hours, proposal.can_be_told
        )
        self.question = question_of(self._words(), proposal)
        self.items = put_at(self.items, str(key), start, end)
        self.is_open, self.asking = False, True

    def _snap_back(self, key: UUID) -> None:
        # What FullCalendar has moved goes back when it is given something new: a number will do.
        self._drawn += 1
        drawn = f"{self._drawn}"
        self.items = [
            item | {"drawn": drawn} if item["id"] == str(key) else item for item in self.items
        ]

    @rx.event
    @allow(practitioner)
    async def go_ahead(self) -> None:
        """Move the visit that was asked about."""
        asked, self._asked, self.asking = self._asked, None, False
        if asked is None:
            raise NotFound
        try:
            moved = await self._perform(
                appointments.reschedule_appointment,
                appointment_id=asked.key,
                starts_at=asked.starts_at,
                version=asked.version,
                length=asked.ends_at - asked.starts_at,
                outside_hours=asked.is_outside_hours,
            )
        except Refusal:
            await self._show()
            raise
        await self._show()
        self._undo, self.may_undo = (moved.appointment_id, moved.version), True
        self.said = moved_words(self._words(), asked, moved.patient_name)

    @rx.event
    @allow(practitioner)
    async def leave_it(self) -> None:
        """Leave the visit where it was."""
        self._asked, self.asking = None, False
        await self._show()

    @rx.event
    @allow(practitioner)
    async def undo(self) -> None:
        """Take the last move back."""
        undo, self._undo, self.may_undo, self.said = self._undo, None, False, ""
        if undo is None:
            raise NotFound
        key, version = undo
        back = await self._perform(
            appointments.undo_reschedule, appointment_id=key, version=version
        )
        await self._show()
        self.said = self._words()(
            N_("Undone: {patient} is at the old time again."),
            patient=back.patient_name,
        )

    @rx.event
    @allow(practitioner)
    async def hush(self) -> None:
        """Put away what was said last."""
        self.said, self.problem, self.may_undo = "", "", False

    # ── one visit ───────────────────────────────────────────────────────────────────────────────

    @rx.event
    @allow(practitioner)
    async def open_visit(self, key: str) -> None:
        """Show a visit that was chosen, with what can be done."""
        if not key or key.startswith("away."):
            return
        await self._open(claimed_id(key))
        self.is_open = True

    async def _open(self, key: UUID) -> None:
        row = await self._perform(appointments.visit_at_hand, appointment_id=key)
        self.line, self.open_key = day_line(self._words(), row), str(key)
        self.may_move = row.visit.status in rules.MOVABLE
        self.may_stretch = row.visit.status in rules.STRETCHABLE
        wall = row.visit.starts_at.astimezone(ZoneInfo(self.zone))
        self.open_day = self._words().day(wall.date())
        self.day_typed, self.time_typed = f"{wall:%Y-%m-%d}", f"{wall:%H:%M}"
        self.minutes_typed = round((row.visit.ends_at - row.visit.starts_at) / timedelta(minutes=1))

    @rx.event
    @allow(practitioner)
    async def close_visit(self) -> None:
        """Put the visit away."""
        self.is_open = False

    @rx.event
    @allow(practitioner)
    async def step(self, to: str, version: int) -> None:
        """Take the open visit one step on, or one back."""
        key = claimed_id(self.open_key)
        try:
            await self._perform(
                appointments.advance,
                appointment_id=key,
                to=claimed_choice(AppointmentStatus, to),
                version=int(version),
            )
        except Conflict:
            await self._open(key)
            raise
        await self._open(key)
        await self._show()


_NO_TIME = N_("Give a time, like 09:00.")
