"""The practitioner's day: who comes when, one step at a time; live."""

from datetime import timedelta

import reflex as rx

from medibook.appointments import service as appointments
from medibook.appointments.pages.day_words import DayLine, day_line
from medibook.appointments.pages.video_tag import video_tag
from medibook.appointments.pages.will_come import will_come_tag
from medibook.appointments.schemas import AppointmentStatus
from medibook.kernel.actor import practitioner
from medibook.kernel.errors import Conflict
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_choice, claimed_day, claimed_id
from medibook.ui.components import (
    button,
    card,
    disclosure,
    earlier_and_later,
    empty_state,
    error_summary,
    form,
    link_button,
    native_form,
    skeleton,
    status_line,
    status_pill,
)
from medibook.ui.components import (
    field as text_field,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page


class Day(AppState, rx.State):
    """One day of the practitioner who reads."""

    ready: bool = False
    day: str = ""
    title: str = ""
    summary: str = ""
    said: str = ""
    lines: list[DayLine] = []
    earlier: str = ""
    later: str = ""
    is_today: bool = True

    @rx.event
    @allow(practitioner)
    async def load(self) -> None:
        """Show the day that the address names, or today."""
        self.day, self.said = self._query("on"), ""
        await self._show()
        self._follow(f"practitioner:{self._actor().practitioner_id}")
        self.ready = True

    @rx.event
    @allow(practitioner)
    async def refresh(self) -> None:
        """A visit of this practitioner was booked, moved, cancelled or went a step."""
        await self._show()

    async def _show(self) -> None:
        _ = self._words()
        found = await self._perform(appointments.day, on=claimed_day(self.day))
        self.day = found.day.isoformat()
        self.is_today = found.day == found.today
        self.title = _.date(found.day)
        self.lines = [day_line(_, row) for row in found.rows]
        active = sum(row.visit.status is not AppointmentStatus.CANCELLED for row in found.rows)
        self.summary = _.plural("{count} visit", "{count} visits", active)
        self.earlier = _.href(f"/day/?on={found.day - timedelta(days=1)}")
        self.later = _.href(f"/day/?on={found.day + timedelta(days=1)}")

    @rx.event
    @allow(practitioner)
    async def step(self, key: str, to: str, version: int) -> None:
        """Take a visit one step on, or one back; refused when somebody else did meanwhile."""
        try:
            await self._perform(
                appointments.advance,
                appointment_id=claimed_id(key),
                to=claimed_choice(AppointmentStatus, to),
                version=int(version),
            )
        except Conflict:
            await self._show()
            raise
        await self._show()
        self.said = self._words()(N_("Saved."))

    @rx.event
    @allow(practitioner)
    async def cancel(self, form_data: dict[str, str]) -> None:
        """Cancel a visit, with a reason that the patient reads."""
        await self._perform(
            appointments.cancel_appointment,
            appointment_id=claimed_id(form_data.get("visit")),
            reason=str(form_data.get("reason", ""))[:300],
        )
        await self._show()
        self.said = self._words()(N_("The visit is cancelled. We have written to the patient."))


@page(
    "/day",
    title=N_("Your day"),
    description=N_("Who comes when, and what is next."),
    on_load=[Day.load],
)
def day(_: Translator) -> rx.Component:
    """The list of a practitioner's day."""
    return rx.el.div(
        rx.el.header(
            rx.el.h1(rx.cond(Day.title, Day.title, _("Your day"))),
            rx.el.p(rx.cond(Day.is_today, _("Today") + " · ", ""), Day.summary, class_name="lead"),
            rx.el.div(
                link_button(_("Follow-ups"), href=_.href("/follow-ups/"), kind="small"),
                link_button(
                    _("I am ill…"), href=_.href("/desk/absence/?first=") + Day.day, kind="small"
                ),
                class_name="row noprint",
            ),
            class_name="page-head",
        ),
        error_summary(_, Day.problem),
        status_line(Day.said),
        _other_days(_),
        rx.cond(
            Day.ready,
            rx.cond(
                Day.lines.length() > 0,
                card(
                    rx.el.ul(rx.foreach(Day.lines, lambda line: _row(_, line)), class_name="agenda")
                ),
                empty_state(_("No visits on this day."), icon_name="calendar-days"),
            ),
            skeleton(_, kind="rows", rows=4),
        ),
        class_name="stack",
    )


def _other_days(_: Translator) -> rx.Component:
    return rx.el.div(
        earlier_and_later(
            _, earlier=Day.earlier, later=Day.later,
            earlier_label=_("Day before"), later_label=_("Day after"),
        ),
        native_form(
            text_field(_, "on", _("Go to date"), kind="date", default_value=Day.day, key=Day.day),
            button(_("Show"), submit=True, kind="small"),
            action="", method="get", class_name="row",
        ),
        class_name="row row--between noprint",
    )  # fmt: skip


def _row(_: Translator, line: rx.Var[DayLine]) -> rx.Component:
    steps = rx.foreach(
        line.steps,
        lambda step: button(
            rx.fragment(step.label, rx.el.span(" · ", line.patient, class_name="unheard")),
            kind="small",
            on_click=Day.step(line.key, step.target, line.version),
        ),
    )
    return rx.el.li(
        rx.el.article(
            rx.el.p(
                rx.el.strong(line.time, class_name="agenda__time"),
                rx.el.span("–", line.until, class_name="meta"),
            ),
            rx.el.div(
                rx.el.h2(line.patient, class_name="name"),
                rx.el.p(line.service, " · ", line.place, " · ", line.born, class_name="meta"),
                rx.cond(line.reason, rx.el.p(_("Reason:"), " ", line.reason)),
                rx.cond(line.note, rx.el.p(line.note, class_name="small")),
                disclosure(_("Contact and more"), _more(_, line)),
                class_name="stack stack--tight",
            ),
            rx.el.div(
                rx.el.div(
                    status_pill(_, line.status, staff=True),
                    will_come_tag(_, line.will_come),
                    video_tag(_, line.is_video),
                    class_name="row",
                ),
                rx.el.div(steps, _come_again(_, line), class_name="row noprint"),
                class_name="stack stack--tight",
            ),
            class_name="agenda__row",
        ),
        key=line.key,
    )


def _come_again(_: Translator, line: rx.Var[DayLine]) -> rx.Component:
    whose = rx.el.span(" · ", line.patient, class_name="unheard")
    return rx.cond(
        line.next_visit,
        link_button(rx.fragment(_("Come again…"), whose), href=line.next_visit, kind="small"),
    )


def _more(_: Translator, line: rx.Var[DayLine]) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.a(line.phone, href=line.phone_href), " · ",
            rx.el.a(line.email, href=line.email_href),
        ),
        rx.cond(
            line.cancellable,
            form(
                rx.el.input(type="hidden", name="visit", value=line.key, read_only=True),
                rx.el.label(
                    rx.el.span(_("Cancel this visit: the reason, for the patient")),
                    rx.el.textarea(name="reason", max_length=300, class_name="input"),
                    class_name="field",
                ),
                button(_("Cancel this visit"), kind="danger small", submit=True),
                on_submit=Day.cancel,
            ),
        ),
        class_name="stack stack--tight",
    )  # fmt: skip
