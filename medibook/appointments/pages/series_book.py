"""Repeat a visit: the rule in words, every date before anything is booked, then one click."""

from datetime import date
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from medibook.appointments import service as appointments
from medibook.appointments.pages.series_parts import composer
from medibook.appointments.pages.series_views import (
    LEAVE_OUT,
    DateRow,
    Summary,
    date_rows,
    rhythm_options,
    sees_all,
    summary_of,
)
from medibook.appointments.rules.series import SeriesConflict
from medibook.appointments.schemas.series import (
    NewSeries,
    Rhythm,
    SeriesChoice,
    SeriesMode,
    SeriesPreview,
    SeriesRule,
    SeriesWish,
)
from medibook.kernel.actor import Role, anyone, patient, practitioner, staff
from medibook.kernel.application import current
from medibook.kernel.errors import Invalid
from medibook.kernel.money import Money
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules import SlotTaken
from medibook.scheduling.schemas import SlotWish
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_choice, claimed_day, claimed_id
from medibook.ui.components import Option
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page

_FIELDS = {"interval", "rhythm", "ends", "count", "until", "mode"}
_MEMBERS = {Role.PATIENT, Role.PRACTITIONER, Role.STAFF}


class BookSeries(AppState, rx.State):
    """One visit, how it repeats, and what became of each date."""

    ready: bool = False
    step: str = ""  # sign-in | plan | other
    sign_in: str = ""
    register: str = ""
    back: str = ""
    interval: str = "1"
    rhythm: str = "weekly"
    rhythms: list[Option] = []
    ends: str = "count"
    count: str = "6"
    until: str = ""
    mode: str = "replace"
    summary: Summary = Summary()
    rows: list[DateRow] = []
    missing: int = 0
    label: str = ""
    mistakes: dict[str, str] = {}  # of a rule that is still being typed: at its field, quietly
    reason: str = ""
    _key: str = ""
    _left: list[int] = []
    _fee: Money | None = None

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Show the dates of the usual series, once it is known who asks."""
        self.ready, self.step, self.rows = False, "other", []
        wish, _ = SlotWish.from_address(self._query("slot")), self._words()
        if wish is not None:
            here = quote(_.href(f"/book/series/?slot={wish.address}"), safe="")
            self.sign_in, self.register = (
                _.href(f"/{page}/?next={here}") for page in ("sign-in", "register")
            )
            self.back = _.href(f"/book/?slot={wish.address}")
            role = self._actor().role
            self.step = "plan" if role in _MEMBERS else "other" if role else "sign-in"
        if self.step == "plan" and wish is not None:
            self._key = current().ids.new_id().hex
            await self._keep(wish)
            await self._show()
        self.ready = True

    async def _keep(self, wish: SlotWish) -> None:
        """Keep the first date while the patient looks at the others; taken, it is one that conflicts."""
        if self._actor().role is not Role.PATIENT:
            return
        try:
            await self._perform(
                scheduling.hold_slot, wish=wish, moves=None, for_patient=self._patient()
            )
        except SlotTaken:
            return

    @rx.event
    @allow(patient | practitioner | staff)
    async def adjust(self, name: str, value: str) -> None:
        """The rule was changed: show its dates anew."""
        if name in _FIELDS:
            setattr(self, name, str(value)[:10])
        await self._show()

    @rx.event
    @allow(patient | practitioner | staff)
    async def book(self, form_data: dict[str, Any]) -> EventSpec | None:
        """Book the dates as they were read; sent twice, they are booked once."""
        self.reason = str(form_data.get("reason", ""))[:500]
        try:
            card = await self._perform(appointments.book_series, new=self._new(form_data))
        except SeriesConflict:
            await self._show()
            raise
        href = self._words().href(f"/series/?id={card.series_id}&new=1")
        return rx.redirect(href, replace=True)

    def _new(self, form_data: dict[str, Any]) -> NewSeries:
        mode = claimed_choice(SeriesMode, self.mode)
        said = {place: str(form_data.get(f"date-{place}", "")) for place in self._left}
        times = {place: SlotWish.from_address(address) for place, address in said.items()}
        if mode is not SeriesMode.REPLACE:
            times = {}
        elif any(not time and said[place] != LEAVE_OUT for place, time in times.items()):
            raise Invalid({"dates": N_("Choose for each of these dates what is to become of it.")})
        choices = tuple(SeriesChoice(place=key, time=t) for key, t in times.items() if t)
        kept = {choice.place for choice in choices}
        return NewSeries(
            wish=self._wish(),
            mode=mode,
            choices=choices,
            left_out=frozenset(place for place in self._left if place not in kept),
            reason=self.reason,
            agreed_fee=self._fee,
            booking_key=self._key,
        )

    def _wish(self) -> SeriesWish:
        first = SlotWish.from_address(self._query("slot"))
        if first is None:
            raise Invalid
        by_count = self.ends == "count"
        rule = SeriesRule(
            rhythm=claimed_choice(Rhythm, self.rhythm),
            interval=_number(self.interval),
            count=_number(self.count) if by_count else None,
            until=None if by_count else claimed_day(self.until) or date.min,
        )
        return SeriesWish(first=first, rule=rule, patient_id=self._patient())

    def _patient(self) -> Any:
        said = self._query("for")
        return claimed_id(said) if said else None

    async def _show(self) -> None:
        wish = self._wish()
        try:
            shown = await self._perform(appointments.preview_series, wish=wish)
        except Invalid as refusal:
            # Half a number is no reason to jump: the dates stay, only nothing can be booked.
            self.mistakes, self.label = refusal.messages(self._words()), ""
            return
        self.mistakes = {}
        self._say(shown)

    def _say(self, shown: SeriesPreview) -> None:
        _, now = self._words(), current().clock.now()
        in_full = sees_all(self._actor().role)
        self.summary = summary_of(_, shown, now, for_clinic=in_full)
        self.rows = date_rows(_, shown, in_full=in_full)
        self._left = [one.place for one in shown.dates if one.obstacle]
        self.missing, self._fee = len(self._left), shown.fee
        zone = ZoneInfo(shown.zone)
        first = shown.dates[0]
        self.rhythms = rhythm_options(_, first.day)
        if not self.until:
            last = shown.dates[-1]
            self.until = f"{(last.starts_at or now).astimezone(zone).date()}"
        some = len(shown.dates) - self.missing
        self.label = {
            "skip": _.plural("Book {count} visit", "Book {count} visits", some),
            "replace": _("Book these visits"),
        }.get(self.mode, "")
        if not self.missing:
            self.label = _.plural("Book {count} visit", "Book {count} visits", some)


def _number(said: str) -> int:
    return int(said) if said.isdecimal() and len(said) < 4 else 0


@page(
    "/book/series",
    title=N_("Repeat a visit"),
    description=N_("See every date of a series before anything is booked."),
    on_load=[BookSeries.load],
)
def book_series(_: Translator) -> rx.Component:
    """The page between one visit and a series of them."""
    return composer(_, BookSeries)
