"""Blocking a time in the calendar: an empty stretch is dragged over, or a form filled in."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.appointments import service as appointments
from medibook.appointments.pages.calendar_state import Calendar
from medibook.kernel.actor import practitioner
from medibook.kernel.application import current
from medibook.kernel.errors import Invalid
from medibook.kernel.intervals import Interval
from medibook.kernel.words import N_
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules.weekly import time_off_interval
from medibook.scheduling.schemas import NewTimeOff, TimeOffKind
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_day, claimed_id, claimed_moment, claimed_time
from medibook.ui.components import banner, button, dialog, error_summary, field, form
from medibook.ui.guard import allow
from medibook.ui.i18n import Translator

_HOUR = timedelta(hours=1)


class Blocking(AppState, rx.State):
    """The time that the practitioner is about to block, or to open again."""

    is_open: bool = False
    day: str = ""
    starts: str = ""
    ends: str = ""
    inside: str = ""
    drawn: int = 0

    freeing: bool = False
    freed: str = ""

    _sure: str = ""
    _free_key: str = ""

    @rx.event
    @allow(practitioner)
    async def begin(self) -> None:
        """Offer the form, with the next full hour."""
        calendar = await self.get_state(Calendar)
        now = current().clock.now() + _HOUR
        start = now.replace(minute=0, second=0, microsecond=0)
        self._offer(start, start + _HOUR, calendar.zone)

    @rx.event
    @allow(practitioner)
    async def begin_at(self, start: str, end: str) -> None:
        """Offer the form for the stretch that was dragged over."""
        calendar = await self.get_state(Calendar)
        self._offer(claimed_moment(start), claimed_moment(end), calendar.zone)

    def _offer(self, start: datetime, end: datetime, zone: str) -> None:
        begins, ends = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
        self.day, self.starts, self.ends = f"{begins:%Y-%m-%d}", f"{begins:%H:%M}", f"{ends:%H:%M}"
        self.inside, self._sure, self.is_open = "", "", True
        self.drawn += 1

    @rx.event
    @allow(practitioner)
    async def add(self, form_data: dict[str, str]) -> None:
        """Block the time; where visits are booked in it, only after they have been named."""
        calendar = await self.get_state(Calendar)
        new = _new(form_data, calendar.zone)
        self.day, self.starts, self.ends = (
            f"{new.first_day}",
            f"{new.starts:%H:%M}",
            f"{new.ends:%H:%M}",
        )
        self.inside = await self._named(new)
        if self.inside and self._sure != self.inside:
            self._sure = self.inside
            return
        await self._perform(scheduling.add_time_off, new=new)
        self.is_open = False
        calendar.said, calendar.may_undo = self._words()(N_("The time is blocked.")), False

    async def _named(self, new: NewTimeOff) -> str:
        """The visits that are booked in this time; none of them is cancelled."""
        time = time_off_interval(new) if new.ends != new.starts else None
        page = await self._perform(
            appointments.practitioner_calendar, first=new.first_day, last=new.first_day
        )
        _ = self._words()
        return _.listed(
            f"{row.visit.patient_name} {_.time(row.visit.starts_at, ZoneInfo(row.visit.zone))}"
            for row in page.visits
            if time and Interval(row.visit.starts_at, row.visit.ends_at).overlaps(time)
        )

    @rx.event
    @allow(practitioner)
    async def leave(self) -> None:
        """Block nothing; nor does a question outlive the page on which it was asked."""
        self.is_open, self.freeing = False, False

    # ── opening it again ────────────────────────────────────────────────────────────────────────

    @rx.event
    @allow(practitioner)
    async def open_block(self, key: str) -> None:
        """Ask whether a blocked time, or a day off, that was chosen shall be open again."""
        if not key.startswith("away."):
            return
        calendar = await self.get_state(Calendar)
        found = [item for item in calendar.items if item["id"] == key]
        self._free_key, self.freeing = key.removeprefix("away."), bool(found)
        self.freed = " ".join(str(item[name]) for item in found for name in ("title", "when"))

    @rx.event
    @allow(practitioner)
    async def free(self) -> None:
        """Open the time again."""
        self.freeing = False
        await self._perform(scheduling.remove_time_off, time_off_id=claimed_id(self._free_key))
        calendar = await self.get_state(Calendar)
        calendar.said = self._words()(N_("Removed. The time is free again."))

    @rx.event
    @allow(practitioner)
    async def keep(self) -> None:
        """Leave it blocked."""
        self.freeing = False


def _new(typed: dict[str, str], zone: str) -> NewTimeOff:
    day = claimed_day(typed.get("block_day"))
    starts, ends = claimed_time(typed.get("starts")), claimed_time(typed.get("ends"))
    problems = {
        name: words
        for name, words, value in (
            ("block_day", N_("Choose a day."), day),
            ("starts", N_("Give a time, like 09:00."), starts),
            ("ends", N_("Give a time, like 09:00."), ends),
        )
        if value is None
    }
    if problems or day is None:
        raise Invalid(problems)
    return NewTimeOff(
        kind=TimeOffKind.BLOCKED,
        first_day=day,
        last_day=day,
        starts=starts,
        ends=ends,
        zone=zone,
        reason=str(typed.get("reason", "")).strip(),
    )


def block_dialogs(_: Translator) -> rx.Component:
    """The form that blocks a time, and the question that opens it again."""
    return rx.fragment(
        dialog(
            _, "block", _("Block time"),
            rx.el.div(_form(_), key=Blocking.drawn.to_string()),
            actions=[], open_when=Blocking.is_open, on_dismiss=Blocking.leave,
        ),
        dialog(
            _, "unblock", _("Open this time again?"),
            rx.el.p(Blocking.freed),
            actions=[button(_("Open it again"), kind="primary", on_click=Blocking.free)],
            open_when=Blocking.freeing, on_dismiss=Blocking.keep,
            dismiss_label=_("Leave it blocked"),
        ),
    )  # fmt: skip


def _form(_: Translator) -> rx.Component:
    problems = Blocking.problems
    return form(
        error_summary(_, Blocking.problem, problems),
        field(_, "block_day", _("Day"), kind="date", default_value=Blocking.day,
              error=problems["block_day"]),
        rx.el.div(
            field(_, "starts", _("From"), kind="time", width="short",
                  default_value=Blocking.starts, error=problems["starts"]),
            field(_, "ends", _("Until"), kind="time", width="short",
                  default_value=Blocking.ends, error=problems["ends"]),
            class_name="fields-row",
        ),
        field(_, "reason", _("Note for yourself"), optional=True, max_length=200,
              hint=_("Nobody else sees it."), error=problems["reason"]),
        rx.cond(Blocking.inside, _inside(_)),
        button(rx.cond(Blocking.inside, _("Block it all the same"), _("Block this time")),
               kind="primary", submit=True),
        on_submit=Blocking.add,
        id="block-form",
    )  # fmt: skip


def _inside(_: Translator) -> rx.Component:
    return banner(
        rx.el.p(rx.el.strong(_("Visits are booked in this time:")), " ", Blocking.inside),
        rx.el.p(_("They stay booked. Move or cancel what cannot be.")),
        tone="amber", icon_name="triangle-alert", heard=True,
    )  # fmt: skip
