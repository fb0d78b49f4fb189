"""A departure board inside a page: a week at a time, earlier, later, go to a date; live."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.kernel.actor import anyone
from medibook.kernel.words import N_
from medibook.scheduling import service as scheduling
from medibook.scheduling.pages.board import Href, booking_href, days, kept_in_place
from medibook.scheduling.pages.why import answered
from medibook.scheduling.schemas import FreeTime, SlotBoard, TimeAnswer
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_day, claimed_id, claimed_time
from medibook.ui.components import (
    SlotDay,
    button,
    disclosure,
    earlier_and_later,
    empty_state,
    field,
    form,
    link,
    native_form,
    slot_board,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import Translator

DAYS = 7
_YEARS = range(2000, 2200)
_INCOMPLETE = N_("Please enter a day and a time.")


class BoardState(AppState, mixin=True):
    """Mixin of the pages that show a board. ``_address`` makes links to other days."""

    days: list[SlotDay] = []
    zone_line: str = ""
    earlier: str = ""
    later: str = ""
    next_label: str = ""
    next_href: str = ""
    first_day: str = ""
    last_day: str = ""
    today: str = ""
    why: str = ""
    why_label: str = ""
    why_href: str = ""
    _service_id: str = ""
    _practitioner_id: str = ""
    _patient_id: str = ""  # whom the reader looks for; themselves when it is nobody

    async def _show_board(
        self, practitioner_id: UUID, service_id: UUID, *, here: str, href: Href
    ) -> None:
        """Show the week from the address's ``from``; ``here`` is this page's address."""
        self._practitioner_id, self._service_id = str(practitioner_id), str(service_id)
        self.why = self.why_label = self.why_href = ""
        board = await self._board(claimed_day(self._query("from")))
        _ = self._words()
        self.days = days(_, board.days, href)
        self.zone_line = _zones(_, board)
        first = board.days[0].day
        self.first_day, self.last_day = first.isoformat(), board.last_day.isoformat()
        self.today = board.first_day.isoformat()
        after = first + timedelta(days=DAYS)
        before = max(board.first_day, first - timedelta(days=DAYS))
        self.later = _.href(f"{here}&from={after}") if after <= board.last_day else ""
        self.earlier = _.href(f"{here}&from={before}") if first > board.first_day else ""
        self._say_next(_, board, here)
        self._follow(f"practitioner:{practitioner_id}")

    def _say_next(self, _: Translator, board: SlotBoard, here: str) -> None:
        self.next_label = self.next_href = ""
        if not any(row.times for row in board.days) and board.next_free:
            zone = ZoneInfo(board.next_free.zone)
            day = board.next_free.starts_at.astimezone(zone).date()
            self.next_label = _("Next free: {day}", day=_.day(day))
            self.next_href = _.href(f"{here}&from={day}")

    async def _renew_board(self, href: Href) -> None:
        """Bring the news into the board that is shown."""
        if not self.first_day:  # nothing is shown yet
            return
        board = await self._board(date.fromisoformat(self.first_day))
        _ = self._words()
        self.days = kept_in_place(_, self.days, days(_, board.days, href))

    @rx.event
    @allow(anyone)
    async def ask_why(self, claim: dict[str, str]) -> None:
        """Say why a time is not among those that are offered, and which one is near it."""
        self.why_label = self.why_href = ""
        day, reading = claimed_day(claim.get("why_day")), claimed_time(claim.get("why_time"))
        if day is None or day.year not in _YEARS or reading is None:
            self.why = self._words()(_INCOMPLETE)
            return
        answer = await self._perform(
            scheduling.ask_about_time,
            practitioner_id=claimed_id(self._practitioner_id),
            service_id=claimed_id(self._service_id),
            day=day,
            reading=reading,
            for_patient=claimed_id(self._patient_id) if self._patient_id else None,
        )
        self._say_why(answer)

    def _say_why(self, answer: TimeAnswer) -> None:
        _ = self._words()
        self.why = answered(_, answer)
        for free in answer.nearest:
            when = _.moment(free.starts_at, ZoneInfo(free.zone))
            self.why_label = _("Nearest free time: {when}", when=when)
            self.why_href = self._href(free)

    def _href(self, free: FreeTime) -> str:
        """Where a free time leads to from this page."""
        return booking_href(self._words(), free)

    async def _board(self, first_day: date | None) -> SlotBoard:
        return await self._perform(
            scheduling.slot_board,
            practitioner_id=claimed_id(self._practitioner_id),
            service_id=claimed_id(self._service_id),
            first_day=first_day,
            days=DAYS,
            for_patient=claimed_id(self._patient_id) if self._patient_id else None,
        )


def _zones(_: Translator, board: SlotBoard) -> str:
    cities = [_.zone_city(ZoneInfo(zone)) for zone in board.zones]
    return _("Times are in {city} time.", city=_.listed(cities)) if cities else ""


def board_section(
    _: Translator, state: type[BoardState], *, name: str, hidden: dict[str, rx.Var[str]]
) -> rx.Component:
    """The board with its ways to other days; ``hidden`` keeps the page's other filters."""
    return rx.fragment(
        rx.el.p(state.zone_line, class_name="meta"),
        slot_board(_, state.days, name=name),
        rx.cond(
            state.next_href,
            empty_state(
                _("No free times in these days."),
                link(state.next_label, href=state.next_href, class_name="button"),
                icon_name="calendar-days",
            ),
        ),
        earlier_and_later(_, earlier=state.earlier, later=state.later),
        native_form(
            *[
                rx.el.input(type="hidden", name=key, value=value, read_only=True)
                for key, value in hidden.items()
            ],
            field(
                _,
                "from",
                _("Go to date"),
                kind="date",
                min=state.today,
                max=state.last_day,
                default_value=state.first_day,
            ),
            button(_("Show"), submit=True, kind="small"),
            action="",
            method="get",
            class_name="row noprint",
        ),
        _why(_, state),
    )


def _why(_: Translator, state: type[BoardState]) -> rx.Component:
    return disclosure(
        _("Why is my time not here?"),
        form(
            rx.el.div(
                field(
                    _,
                    "why_day",
                    _("Day"),
                    kind="date",
                    min=state.today,
                    max=state.last_day,
                    default_value=state.first_day,
                ),
                field(_, "why_time", _("Time"), kind="time", width="short"),
                class_name="fields-row",
            ),
            button(_("Tell me why"), submit=True, kind="small"),
            on_submit=state.ask_why,
        ),
        rx.el.p(state.why, role="status"),
        rx.cond(state.why_href, rx.el.p(link(state.why_label, href=state.why_href))),
        class_name="noprint",
    )
