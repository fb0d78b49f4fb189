"""The weekly table as it is being edited; nothing counts until it is saved, but it says what it would do."""

from dataclasses import replace
from datetime import date

import reflex as rx

from medibook.clinic import service as clinic
from medibook.kernel.actor import practitioner, staff
from medibook.kernel.errors import Invalid
from medibook.scheduling import service as scheduling
from medibook.scheduling.pages.week import (
    Line,
    Weekday,
    hm,
    iso,
    retyped,
    rows,
    summed_up,
    typed,
)
from medibook.scheduling.pages.whose import ScheduleState
from medibook.scheduling.schemas import BookingMode, HoursPreview, HoursRow, Schedule
from medibook.ui.components import Option
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator

_MONDAY = date(2024, 1, 1)  # any Monday: only its name is used
_NEW = ("09:00", "17:00")


class Hours(ScheduleState, rx.State):
    """One practitioner's week, way of being booked and limit."""

    ready: bool = False
    week: list[Weekday] = []
    locations: list[Option] = []
    mode: str = ""
    limit: str = ""
    saved: str = ""
    preview: str = ""
    warns: bool = False
    _version: int = 1
    _drawn: int = 0

    @rx.event
    @allow(practitioner | staff)
    async def load(self) -> None:
        """Show what has been said so far; the front desk chooses whose hours."""
        self.saved = self.preview = ""
        if await self._choose():
            places = await self._perform(clinic.locations)
            self.locations = [
                Option(value=str(p.location_id), label=f"{p.name}, {p.city}") for p in places
            ]
            self._show(await self._perform(scheduling.my_schedule, whose=self._whose()))
            await self._look_ahead()
        self.ready = True

    def _show(self, schedule: Schedule) -> None:
        _ = self._words()
        self._note(schedule)
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

    def _note(self, schedule: Schedule) -> None:
        self._version, self.mode = schedule.version, str(schedule.booking_mode)
        self.limit = str(schedule.daily_limit or "")

    def _line(self, opens: str, closes: str, location: str, row: HoursRow | None = None) -> Line:
        self._drawn += 1
        key = str(self._drawn)
        return Line(
            key=key,
            opens=opens,
            closes=closes,
            location=location,
            opens_name=f"opens-{key}",
            closes_name=f"closes-{key}",
            location_name=f"location-{key}",
            first=iso(row.valid_from) if row else "",
            last=iso(row.valid_until) if row else "",
            first_name=f"first-{key}",
            last_name=f"last-{key}",
        )

    async def _look_ahead(self) -> None:
        """Say what the table as it stands would do; nothing while it cannot be read."""
        self.week = summed_up(self.week, self._words()(N_("Closed")))
        read, problems = rows(self.week)
        self.preview, self.warns = "", False
        if problems:
            return
        try:
            found = await self._perform(scheduling.preview_hours, hours=read, whose=self._whose())
        except Invalid:  # said at its place when it is saved
            return
        self.preview, self.warns = _in_words(self._words(), found), found.outside > 0

    @rx.event
    @allow(practitioner | staff)
    async def add(self, number: int) -> None:
        """Add a from–until to a weekday."""
        first = self.locations[0].value if self.locations else ""
        self.week = [
            replace(day, lines=[*day.lines, self._line(*_NEW, first)], unfolded=True)
            if day.number == number
            else day
            for day in self.week
        ]
        await self._changed()

    @rx.event
    @allow(practitioner | staff)
    async def remove(self, key: str) -> None:
        """Take a from–until out of the table."""
        self.week = [
            replace(day, lines=[line for line in day.lines if line.key != key]) for day in self.week
        ]
        await self._changed()

    @rx.event
    @allow(practitioner | staff)
    async def retype(self, key: str, part: str, value: str) -> None:
        """Take note of what was typed, so that it can be copied, and say what it would do."""
        self.week = retyped(self.week, key, part, value[:40])
        await self._changed()

    @rx.event
    @allow(practitioner | staff)
    async def copy_day(self, source: int, target: int) -> None:
        """Give a day the hours of another as they stand on the page."""
        lines = next((day.lines for day in self.week if day.number == source), [])
        self.week = [
            replace(day, lines=[self._line(m.opens, m.closes, m.location) for m in lines])
            if day.number == target and target != source
            else day
            for day in self.week
        ]
        await self._changed()

    async def _changed(self) -> None:
        self.saved = ""
        await self._look_ahead()

    @rx.event
    @allow(practitioner | staff)
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
            kept = await self._perform(
                scheduling.change_hours, hours=read, version=self._version, whose=self._whose()
            )
        except Invalid as refusal:
            self._mark(refusal)
            raise
        self._show(kept)
        await self._look_ahead()
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
        self.week = summed_up(week, self._words()(N_("Closed")))

    @rx.event
    @allow(practitioner | staff)
    async def change_mode(self, form_data: dict[str, str]) -> None:
        """Be booked at once, or be asked; and at most so many times a day."""
        mode = BookingMode.REQUEST if form_data.get("mode") == "request" else BookingMode.INSTANT
        limit = _limit(str(form_data.get("limit", "")))
        whose = self._whose()
        kept = await self._perform(
            scheduling.change_daily_limit, limit=limit, version=self._version, whose=whose
        )
        self._note(kept)
        self._note(await self._perform(scheduling.change_booking_mode, mode=mode, whose=whose))
        await self._look_ahead()
        self.saved = self._words()(N_("Saved."))


def _limit(text: str) -> int | None:
    if not text.strip():
        return None
    return int(text) if text.strip().isdecimal() and len(text) < 6 else 0  # refused, with its words


def _in_words(_: Translator, found: HoursPreview) -> str:
    week = _.plural(
        "{count} bookable time in the week of {monday}",
        "{count} bookable times in the week of {monday}",
        found.times_then,
        monday=_.day(found.week),
    )
    now = _("now {count}", count=found.times_now)
    outside = _.plural(
        "{count} booked visit would fall outside",
        "{count} booked visits would fall outside",
        found.outside,
    )
    line = f"{week}, {now}" if found.times_now != found.times_then else week
    return f"{line}. {outside}." if found.outside else f"{line}."
