"""The practitioner's time: weekly hours, the way of being booked, days off, visit types."""

from dataclasses import replace
from datetime import date

import reflex as rx

from medibook.clinic import service as clinic
from medibook.clinic.pages.visit_types import VisitTypes, visit_types_section
from medibook.kernel.actor import practitioner
from medibook.kernel.errors import Invalid
from medibook.scheduling import service as scheduling
from medibook.scheduling.pages.time_off import TimeOffState, time_off_section
from medibook.scheduling.pages.week import Line, Weekday, hm, iso, retyped, rows, typed
from medibook.scheduling.schemas import BookingMode, HoursRow, Schedule
from medibook.ui.app_state import AppState
from medibook.ui.components import (
    Option,
    banner,
    button,
    card,
    error_summary,
    form,
    icon,
    radios,
    skeleton,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page

_MONDAY = date(2024, 1, 1)  # any Monday: only its name is used
_NEW = ("09:00", "17:00")
_FIVE = 5


class Hours(AppState, rx.State):
    """The weekly table as it is being edited; nothing counts until it is saved."""

    ready: bool = False
    week: list[Weekday] = []
    locations: list[Option] = []
    mode: str = ""
    saved: str = ""
    _version: int = 1
    _drawn: int = 0

    @rx.event
    @allow(practitioner)
    async def load(self) -> None:
        """Show what has been said so far."""
        places = await self._perform(clinic.locations)
        self.locations = [
            Option(value=str(p.location_id), label=f"{p.name}, {p.city}") for p in places
        ]
        self._show(await self._perform(scheduling.my_schedule))
        self.saved = ""
        self.ready = True

    def _show(self, schedule: Schedule) -> None:
        _ = self._words()
        self._version, self.mode = schedule.version, str(schedule.booking_mode)
        self.week = [
            Weekday(
                number=number,
                name=_.weekday(_MONDAY.replace(day=1 + number)),
                lines=[
                    self._line(hm(row.opens), hm(row.closes), str(row.location_id), row)
                    for row in sorted(schedule.hours, key=lambda r: r.opens)
                    if row.weekday == number
                ],
            )
            for number in range(7)
        ]

    def _line(self, opens: str, closes: str, location: str, row: HoursRow | None = None) -> Line:
        self._drawn += 1
        key = str(self._drawn)
        validity = (iso(row.valid_from), iso(row.valid_until)) if row else ("", "")
        return Line(
            key=key,
            opens=opens,
            closes=closes,
            location=location,
            opens_name=f"opens-{key}",
            closes_name=f"closes-{key}",
            location_name=f"location-{key}",
            validity=validity,
        )

    @rx.event
    @allow(practitioner)
    async def add(self, number: int) -> None:
        """Add a from–until to a weekday."""
        first = self.locations[0].value if self.locations else ""
        self.week = [
            replace(day, lines=[*day.lines, self._line(*_NEW, first)])
            if day.number == number
            else day
            for day in self.week
        ]
        self.saved = ""

    @rx.event
    @allow(practitioner)
    async def remove(self, key: str) -> None:
        """Take a from–until out of the table."""
        self.week = [
            replace(day, lines=[line for line in day.lines if line.key != key]) for day in self.week
        ]
        self.saved = ""

    @rx.event
    @allow(practitioner)
    async def retype(self, key: str, part: str, value: str) -> None:
        """Take note of what was typed, so that it can be copied before it is saved."""
        self.week = retyped(self.week, key, part, value[:40])
        self.saved = ""

    @rx.event
    @allow(practitioner)
    async def copy_monday(self) -> None:
        """Give Tuesday to Friday the hours of Monday as they stand on the page."""
        monday = self.week[0].lines
        self.week = [
            replace(day, lines=[self._line(m.opens, m.closes, m.location) for m in monday])
            if 0 < day.number < _FIVE
            else day
            for day in self.week
        ]
        self.saved = ""

    @rx.event
    @allow(practitioner)
    async def save(self, form_data: dict[str, str]) -> None:
        """Keep the whole table; each row that cannot be kept says why at its place."""
        if not self.ready:  # nothing was shown yet: an empty table would close every day
            return
        self.saved = ""
        self.week = [
            replace(day, lines=[typed(line, form_data) for line in day.lines]) for day in self.week
        ]
        read, problems = rows(self.week)
        try:
            if problems:
                raise Invalid(problems)
            kept = await self._perform(scheduling.change_hours, hours=read, version=self._version)
        except Invalid as refusal:
            self._mark(refusal)
            raise
        self._show(kept)
        self.saved = self._words()(N_("Your hours are saved. Visits that are booked stay booked."))

    def _mark(self, refusal: Invalid) -> None:
        said, index = refusal.messages(self._words()), 0
        week = []
        for day in self.week:
            lines = []
            for line in day.lines:
                lines.append(replace(line, error=said.get(f"hours.{index}", "")))
                index += 1
            week.append(replace(day, lines=lines))
        self.week = week

    @rx.event
    @allow(practitioner)
    async def change_mode(self, form_data: dict[str, str]) -> None:
        """Be booked at once, or be asked."""
        mode = BookingMode.REQUEST if form_data.get("mode") == "request" else BookingMode.INSTANT
        kept = await self._perform(scheduling.change_booking_mode, mode=mode)
        self._version, self.mode = kept.version, str(kept.booking_mode)
        self.saved = self._words()(N_("Saved."))


@page(
    "/hours",
    title=N_("Your hours"),
    description=N_("When you can be booked, for what, and when you are away."),
    on_load=[Hours.load, TimeOffState.load, VisitTypes.load],
)
def hours(_: Translator) -> rx.Component:
    """The page on which a practitioner says when they work."""
    return rx.el.div(
        rx.el.header(
            rx.el.h1(_("Your hours")),
            rx.el.p(
                _("Patients see only the free times inside these hours. A break is a gap "
                  "between two rows of one day."),
                class_name="lead",
            ),
            class_name="page-head",
        ),
        error_summary(_, Hours.problem),
        rx.cond(Hours.saved, banner(rx.el.p(Hours.saved), tone="leaf", heard=True)),
        rx.cond(
            Hours.ready,
            rx.fragment(
                _week(_), _mode(_), time_off_section(_), visit_types_section(_)
            ),
            card(skeleton(_, kind="board", rows=7)),
        ),
        class_name="stack",
    )  # fmt: skip


def _week(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("Weekly opening hours")),
        form(
            rx.foreach(Hours.week, lambda day: _day(_, day)),
            rx.el.div(
                button(_("Save hours"), kind="primary", submit=True, busy=Hours.busy),
                button(_("Copy Monday to Tuesday–Friday"), on_click=Hours.copy_monday),
                class_name="row",
            ),
            on_submit=Hours.save,
            class_name="form form--wide",
        ),
    )


def _day(_: Translator, day: rx.Var[Weekday]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(day.name),
        rx.cond(
            day.lines.length() > 0,
            rx.foreach(day.lines, lambda line: _line(_, line)),
            rx.el.p(_("Closed"), class_name="meta"),
        ),
        button(
            rx.fragment(_("Add hours"), rx.el.span(" ", day.name, class_name="unheard")),
            kind="small plain",
            icon_name="plus",
            on_click=Hours.add(day.number),
        ),
        class_name="day day--hours",
    )


def _line(_: Translator, line: rx.Var[Line]) -> rx.Component:
    def wall(part: str, name: rx.Var[str], label: str, value: rx.Var[str]) -> rx.Component:
        return rx.el.label(
            rx.el.span(label),
            rx.el.input(
                type="time", name=name, default_value=value, class_name="input input--short",
                aria_invalid=rx.cond(line.error, "true", "false"),
                on_blur=Hours.retype(line.key, part),
            ),
        )  # fmt: skip

    return rx.el.div(
        rx.el.div(
            wall("opens", line.opens_name, _("from"), line.opens),
            wall("closes", line.closes_name, _("until"), line.closes),
            rx.el.label(
                rx.el.span(_("at")),
                rx.el.select(
                    rx.foreach(
                        Hours.locations, lambda o: rx.el.option(o.label, value=o.value)
                    ),
                    name=line.location_name,
                    default_value=line.location,
                    class_name="input",
                    on_change=Hours.retype(line.key, "location"),
                ),
            ),
            rx.el.button(
                icon("x"), rx.el.span(_("Remove these hours"), class_name="unheard"),
                type="button", class_name="button button--small button--plain",
                on_click=Hours.remove(line.key),
            ),
            class_name="row hours__row",
        ),
        rx.cond(line.error, rx.el.p(line.error, class_name="field__error", role="alert")),
        key=line.key,
    )  # fmt: skip


def _mode(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("How you are booked")),
        form(
            radios(
                _, "mode", _("When a patient chooses a time"),
                [
                    Option(value="instant", label=_("It is booked at once")),
                    Option(value="request", label=_("You are asked, and accept or decline")),
                ],
                value=Hours.mode,
            ),
            button(_("Save"), submit=True),
            on_submit=Hours.change_mode,
        ),
    )  # fmt: skip
