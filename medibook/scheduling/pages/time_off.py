"""Days off and blocked times: the list, and the form that adds to it."""

from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.clinic import service as clinic
from medibook.kernel.actor import practitioner, staff
from medibook.kernel.errors import Invalid
from medibook.scheduling import service as scheduling
from medibook.scheduling.pages.whose import ScheduleState
from medibook.scheduling.schemas import NewTimeOff, Schedule, TimeOffKind, TimeOffRow
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    Option,
    button,
    card,
    error_summary,
    field,
    form,
    radios,
    select,
    status_line,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator


@dataclass(frozen=True, slots=True)
class Absence:
    """A day off or blocked time in the list."""

    key: str
    when: str
    kind: str
    reason: str


class TimeOffState(ScheduleState, rx.State):
    """The practitioner's absences that are still to come or go on."""

    absences: list[Absence] = []
    zones: list[Option] = []
    said: str = ""
    drawn: int = 0

    @rx.event
    @allow(practitioner | staff)
    async def load(self) -> None:
        """Show the absences."""
        self.said = ""
        if not await self._choose():
            return
        anywhere = await self._perform(clinic.locations)
        schedule = await self._perform(scheduling.my_schedule, whose=self._whose())
        # The clock of their own hours first: it is chosen unless they say otherwise, and read by.
        works_at = {row.location_id for row in schedule.hours}
        places = sorted(anywhere, key=lambda place: place.location_id not in works_at)
        zones = dict.fromkeys(place.zone for place in places)
        _ = self._words()
        self.zones = [
            Option(value=zone, label=_("{city} time", city=_.zone_city(ZoneInfo(zone))))
            for zone in zones
        ]
        self._show(schedule)
        self.drawn += 1  # a choice that was drawn before its options has the first of them

    def _show(self, schedule: Schedule) -> None:
        _, zone = self._words(), ZoneInfo(self.zones[0].value if self.zones else "UTC")
        self.absences = [
            Absence(str(row.time_off_id), _when(_, row, zone), _kind(_, row), row.reason)
            for row in schedule.time_off
        ]

    @rx.event
    @allow(practitioner | staff)
    async def add(self, form_data: dict[str, str]) -> None:
        """Take days off, or block a time on one day."""
        self.said = ""
        whose = self._whose()
        self._show(await self._perform(scheduling.add_time_off, new=_new(form_data), whose=whose))
        self.drawn += 1  # draws the form anew, empty
        self.said = self._words()(
            N_("Saved. Booked visits stay booked: look at your day, and cancel what cannot be.")
        )

    @rx.event
    @allow(practitioner | staff)
    async def remove(self, key: str) -> None:
        """Be there after all."""
        remove, whose = scheduling.remove_time_off, self._whose()
        self._show(await self._perform(remove, time_off_id=claimed_id(key), whose=whose))
        self.said = self._words()(N_("Removed. The time is free again."))


def _when(_: Translator, row: TimeOffRow, zone: ZoneInfo) -> str:
    if row.kind is TimeOffKind.DAY_OFF:
        last = row.ends_at.astimezone(zone)
        first = row.starts_at.astimezone(zone)
        days = (last.date() - first.date()).days
        day = _.date(row.starts_at, zone)
        return day if days <= 1 else _("{first}, {count} days", first=day, count=days)
    return f"{_.moment(row.starts_at, zone)}–{_.time(row.ends_at, zone)}"


def _kind(_: Translator, row: TimeOffRow) -> str:
    return _("Day off") if row.kind is TimeOffKind.DAY_OFF else _("Blocked time")


def _new(typed: dict[str, str]) -> NewTimeOff:
    """Read the form; raises Invalid with each field that cannot be read."""
    problems: dict[str, str] = {}
    first = _day(typed, "first_day", problems)
    blocked = typed.get("kind") == "blocked"
    last = first if blocked or not typed.get("last_day") else _day(typed, "last_day", problems)
    starts = _wall(typed, "starts", problems) if blocked else None
    ends = _wall(typed, "ends", problems) if blocked else None
    if problems or first is None or last is None:
        raise Invalid(problems)
    return NewTimeOff(
        kind=TimeOffKind.BLOCKED if blocked else TimeOffKind.DAY_OFF,
        first_day=first,
        last_day=last,
        starts=starts,
        ends=ends,
        zone=str(typed.get("zone", "")),
        reason=str(typed.get("reason", "")),
    )


def _day(typed: dict[str, str], name: str, problems: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(str(typed.get(name, "")))
    except ValueError:
        problems[name] = N_("Choose a day.")
        return None


def _wall(typed: dict[str, str], name: str, problems: dict[str, str]) -> time | None:
    try:
        return time.fromisoformat(str(typed.get(name, "")))
    except ValueError:
        problems[name] = N_("Give a time, like 09:00.")
        return None


def time_off_section(_: Translator) -> rx.Component:
    """The part of the hours page about being away."""
    return card(
        rx.el.h2(_("Days off and blocked times")),
        status_line(TimeOffState.said),
        rx.cond(
            TimeOffState.absences.length() > 0,
            rx.el.ul(rx.foreach(TimeOffState.absences, lambda a: _row(_, a)), class_name="cards"),
            rx.el.p(_("None are planned."), class_name="meta"),
        ),
        rx.el.h3(_("Add one")),
        error_summary(_, TimeOffState.problem, TimeOffState.problems),
        rx.el.div(_form(_), key=TimeOffState.drawn.to_string()),
    )


def _row(_: Translator, absence: rx.Var[Absence]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.strong(absence.when),
                rx.el.p(absence.kind, rx.cond(absence.reason, " · " + absence.reason, ""),
                        class_name="meta"),
            ),
            button(
                rx.fragment(_("Remove"), rx.el.span(" ", absence.when, class_name="unheard")),
                kind="small", on_click=TimeOffState.remove(absence.key),
            ),
            class_name="row row--between",
        ),
        key=absence.key,
    )  # fmt: skip


def _form(_: Translator) -> rx.Component:
    problems = TimeOffState.problems
    return form(
        radios(
            _, "kind", _("What"),
            [
                Option(value="day-off", label=_("Whole days")),
                Option(value="blocked", label=_("A time on one day")),
            ],
            value="day-off", in_row=True,
        ),
        rx.el.div(
            field(_, "first_day", _("First day"), kind="date", error=problems["first_day"]),
            field(_, "last_day", _("Last day"), kind="date", optional=True,
                  error=problems["last_day"]),
            class_name="fields-row",
        ),
        rx.el.div(
            field(_, "starts", _("From"), kind="time", optional=True, width="short",
                  error=problems["starts"]),
            field(_, "ends", _("Until"), kind="time", optional=True, width="short",
                  error=problems["ends"]),
            class_name="fields-row",
        ),
        select(_, "zone", _("On the clock of"), TimeOffState.zones, error=problems["zone"]),
        field(_, "reason", _("Note for yourself"), optional=True, max_length=200,
              hint=_("Nobody else sees it."), error=problems["reason"]),
        button(_("Add"), kind="primary", submit=True),
        on_submit=TimeOffState.add,
    )  # fmt: skip
