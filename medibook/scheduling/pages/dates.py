"""Dates with hours of their own: the list, and the form that adds to it."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

import reflex as rx

from medibook.clinic import service as clinic
from medibook.kernel.actor import practitioner, staff
from medibook.kernel.errors import Invalid
from medibook.scheduling import service as scheduling
from medibook.scheduling.pages.week import hm
from medibook.scheduling.pages.whose import ScheduleState
from medibook.scheduling.schemas import DayHours, HoursRow, Schedule
from medibook.ui.claims import claimed_day
from medibook.ui.components import (
    Option,
    button,
    card,
    error_summary,
    field,
    form,
    select,
    status_line,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator


@dataclass(frozen=True, slots=True)
class OtherDay:
    """A date in the list."""

    key: str
    when: str
    hours: str


class DatesState(ScheduleState, rx.State):
    """The dates to come on which somebody works otherwise than every week."""

    dates: list[OtherDay] = []
    places: list[Option] = []
    said: str = ""
    drawn: int = 0
    _version: int = 1

    @rx.event
    @allow(practitioner | staff)
    async def load(self) -> None:
        """Show the dates."""
        self.said = ""
        if await self._choose():
            found = await self._perform(clinic.locations)
            self.places = [
                Option(value=str(p.location_id), label=f"{p.name}, {p.city}") for p in found
            ]
            self._show(await self._perform(scheduling.my_schedule, whose=self._whose()))
        self.drawn += 1  # a choice that was drawn before its options has the first of them

    def _show(self, schedule: Schedule) -> None:
        _ = self._words()
        self._version = schedule.version
        self.dates = [
            OtherDay(
                day.day.isoformat(),
                _.day(day.day),
                _.listed([f"{hm(row.opens)}–{hm(row.closes)}" for row in day.hours]),
            )
            for day in schedule.days
        ]

    @rx.event
    @allow(practitioner | staff)
    async def add(self, form_data: dict[str, str]) -> None:
        """Work at other times on one date."""
        self.said = ""
        # Another part of the page may have changed the schedule since this one was drawn.
        version = (await self._perform(scheduling.my_schedule, whose=self._whose())).version
        await self._keep(_day(form_data), version)
        self.drawn += 1  # draws the form anew, empty
        self.said = self._words()(N_("Saved. Booked visits stay booked."))

    @rx.event
    @allow(practitioner | staff)
    async def reset_day(self, key: str) -> None:
        """Let a date have the hours of its weekday again."""
        day = claimed_day(key)
        if day is not None:
            version = (await self._perform(scheduling.my_schedule, whose=self._whose())).version
            await self._keep(DayHours(day=day, hours=()), version)
            self.said = self._words()(N_("Removed. The usual hours count again."))

    async def _keep(self, day: DayHours, version: int) -> None:
        whose = self._whose()
        kept = await self._perform(scheduling.change_day, day=day, version=version, whose=whose)
        self._show(kept)


def _day(typed: dict[str, str]) -> DayHours:
    """Read the form; raises Invalid with each field that cannot be read."""
    problems: dict[str, str] = {}
    day = claimed_day(str(typed.get("day", "")))
    if day is None:
        problems["day"] = N_("Choose a day.")
    spans = [("opens", "closes")]
    if typed.get("opens_again") or typed.get("closes_again"):
        spans.append(("opens_again", "closes_again"))
    read = [_span(typed, span, problems) for span in spans]
    place = _place(str(typed.get("place", "")))
    if place is None:
        problems["place"] = N_("Choose one of the clinic's locations.")
    if problems or day is None or place is None:
        raise Invalid(problems)
    rows = tuple(
        HoursRow(weekday=day.weekday(), opens=opens, closes=closes, location_id=place)
        for opens, closes in filter(None, read)
    )
    return DayHours(day=day, hours=rows)


def _place(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _span(
    typed: dict[str, str], span: tuple[str, str], problems: dict[str, str]
) -> tuple[time, time] | None:
    try:
        opens, closes = (time.fromisoformat(str(typed.get(name, ""))) for name in span)
    except ValueError:
        problems[span[0]] = N_("Give both times, like 09:00 and 12:30.")
        return None
    return opens, closes


def dates_section(_: Translator) -> rx.Component:
    """The part of the hours page about single dates."""
    return card(
        rx.el.h2(_("Other hours on a date")),
        rx.el.p(
            _("On these dates only the hours said here count. To be away, add a day off below."),
            class_name="meta",
        ),
        status_line(DatesState.said),
        rx.cond(
            DatesState.dates.length() > 0,
            rx.el.ul(rx.foreach(DatesState.dates, lambda d: _row(_, d)), class_name="cards"),
        ),
        error_summary(_, DatesState.problem, DatesState.problems),
        rx.el.details(
            rx.el.summary(_("Add a date")),
            rx.el.div(_form(_), key=DatesState.drawn.to_string()),
            open=DatesState.problem != "",
            class_name="disclosure",
        ),
    )


def _row(_: Translator, other: rx.Var[OtherDay]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(rx.el.strong(other.when), rx.el.p(other.hours, class_name="meta")),
            button(
                rx.fragment(_("Remove"), rx.el.span(" ", other.when, class_name="unheard")),
                kind="small", on_click=DatesState.reset_day(other.key),
            ),
            class_name="row row--between",
        ),
        key=other.key,
    )  # fmt: skip


def _form(_: Translator) -> rx.Component:
    problems = DatesState.problems
    return form(
        field(_, "day", _("Day"), kind="date", error=problems["day"]),
        rx.el.div(
            field(_, "opens", _("From"), kind="time", width="short", error=problems["opens"]),
            field(_, "closes", _("Until"), kind="time", width="short"),
            class_name="fields-row",
        ),
        rx.el.div(
            field(_, "opens_again", _("And from"), kind="time", optional=True, width="short",
                  error=problems["opens_again"]),
            field(_, "closes_again", _("Until"), kind="time", optional=True, width="short"),
            class_name="fields-row",
        ),
        select(_, "place", _("At"), DatesState.places, error=problems["place"]),
        button(_("Add"), kind="primary", submit=True),
        on_submit=DatesState.add,
    )  # fmt: skip
