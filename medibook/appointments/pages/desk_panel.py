"""A visit at the front desk: who it is, the next step, another time, or an end with a reason."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.appointments import service as appointments
from medibook.appointments.pages.day_words import Step, next_visit_href
from medibook.appointments.pages.video_tag import video_tag
from medibook.appointments.pages.will_come import will_come, will_come_tag
from medibook.appointments.schemas import AppointmentStatus, DayRow
from medibook.kernel.actor import admin, staff
from medibook.kernel.errors import Conflict, Invalid, NotFound
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_choice, claimed_id, claimed_wall
from medibook.ui.components import (
    button,
    dialog,
    disclosure,
    error_summary,
    form,
    icon,
    link,
    status_pill,
)
from medibook.ui.components import field as text_field
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame

_STEPS = {
    AppointmentStatus.ARRIVED: N_("Arrived"),
    AppointmentStatus.CHECKED_IN: N_("Ready"),
    AppointmentStatus.FULFILLED: N_("Done"),
    AppointmentStatus.NOSHOW: N_("Did not come"),
    AppointmentStatus.BOOKED: N_("Back to booked"),
}
_CHANGEABLE = {
    AppointmentStatus.PENDING,
    AppointmentStatus.BOOKED,
    AppointmentStatus.ARRIVED,
    AppointmentStatus.CHECKED_IN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelView:
    """A visit as its panel shows it."""

    key: str = ""
    patient: str = ""
    born: str = ""
    phone: str = ""
    phone_href: str = ""
    email: str = ""
    email_href: str = ""
    when: str = ""
    practitioner: str = ""
    service: str = ""
    place: str = ""
    is_video: bool = False
    reference: str = ""
    status: str = ""
    will_come: bool = False
    day: str = ""
    time: str = ""
    zone: str = ""
    again: str = ""
    told: str = ""
    next_visit: str = ""
    reach: str = ""
    steps: list[Step] = field(default_factory=list)
    changeable: bool = False
    version: int = 1


class VisitAtDesk(AppState, mixin=True):
    """Mixin of the desk's pages on which a visit can be opened."""

    panel: PanelView = PanelView()
    panel_open: bool = False
    said: str = ""

    @rx.event
    @allow(staff | admin)
    async def open_visit(self, key: str) -> None:
        """Show a visit, as it is now."""
        self.panel = await self._panel(key)
        self.panel_open = True

    @rx.event
    @allow(staff | admin)
    async def close_visit(self) -> None:
        """Put the panel away."""
        self._close()

    @rx.event
    @allow(staff)
    async def step(self, key: str, to: str, version: int) -> None:
        """Take a visit one step on, or one back; refused when somebody else did meanwhile."""
        await self._change(
            appointments.advance,
            appointment_id=claimed_id(key),
            to=claimed_choice(AppointmentStatus, to),
            version=int(version),
        )
        self.said = self._words()(N_("Saved."))

    @rx.event
    @allow(staff)
    async def reschedule(self, form_data: dict[str, str]) -> None:
        """Put the visit at another time of the same doctor; the patient is told."""
        await self._change(
            appointments.reschedule_appointment,
            appointment_id=claimed_id(self.panel.key),
            starts_at=_wall(form_data, self.panel.zone),
            version=self.panel.version,
        )
        self.said = self._words()(N_("The visit has moved."))

    @rx.event
    @allow(staff)
    async def cancel(self, form_data: dict[str, str]) -> None:
        """Cancel the visit, with a reason that the patient reads."""
        await self._change(
            appointments.cancel_appointment,
            appointment_id=claimed_id(self.panel.key),
            reason=str(form_data.get("reason") or "")[:300],
        )
        self._close()
        self.said = self._words()(N_("The visit is cancelled."))

    async def _change(self, use_case: Any, **said: Any) -> None:
        """Change a visit; when it was changed elsewhere meanwhile, show that before saying so."""
        self.said = ""
        try:
            await self._perform(use_case, **said)
        except Conflict:
            await self._show()
            raise
        await self._show()

    async def _show(self) -> None:
        raise NotImplementedError

    def _close(self) -> None:
        self.panel_open, self.panel = False, PanelView()

    async def _renew_panel(self) -> None:
        if self.panel_open:
            try:
                self.panel = await self._panel(self.panel.key)
            except NotFound:
                self._close()

    async def _panel(self, key: str) -> PanelView:
        row = await self._perform(appointments.visit_at_desk, appointment_id=claimed_id(key))
        return _view(self._words(), row)


def _wall(form_data: dict[str, str], zone: str) -> datetime:
    """The time that was typed, on the wall of the visit's place. Raises Invalid."""
    typed = claimed_wall(f"{form_data.get('day')}T{form_data.get('time')}")
    if typed is None:
        raise Invalid({"time": N_("Please enter a date and a time.")})
    return typed.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _view(_: Translator, row: DayRow) -> PanelView:
    visit, zone = row.visit, ZoneInfo(row.visit.zone)
    wall = visit.starts_at.astimezone(zone)
    start = int(visit.starts_at.timestamp())
    return PanelView(
        key=str(visit.appointment_id),
        patient=visit.patient_name,
        born=_("born {day}", day=_.numeric_date(date.fromisoformat(row.patient_birth_date))),
        phone=row.patient_phone,
        phone_href=f"tel:{row.patient_phone}",
        email=row.patient_email,
        email_href=f"mailto:{row.patient_email}",
        when=_("{start} to {end}", start=_.long_moment(visit.starts_at, zone),
               end=_.time(visit.ends_at, zone)),
        practitioner=visit.practitioner_name,
        service=_(visit.service_name),
        place=visit.location_name,
        is_video=visit.is_video,
        reference=visit.reference,
        status=str(visit.status),
        will_come=will_come(visit),
        day=wall.date().isoformat(),
        time=f"{wall:%H:%M}",
        zone=visit.zone,
        told=_.href(f"/desk/told/?id={visit.appointment_id}"),
        next_visit=next_visit_href(_, visit),
        reach=_.href(f"/desk/reach/?patient={visit.patient_id}"),
        again=_.href(f"/desk/book/?by={visit.practitioner_id}&start={start}"),
        steps=[Step(target=str(to), label=_(_STEPS[to])) for to in row.next_steps if to in _STEPS],
        changeable=visit.status in _CHANGEABLE,
        version=visit.version,
    )  # fmt: skip


def visit_panel(_: Translator, state: type[VisitAtDesk]) -> rx.Component:
    """The panel of the visit that is open."""
    v = state.panel
    return dialog(
        _, "visit", v.patient,
        rx.el.p(
            rx.el.strong(v.born),
            rx.cond(v.phone, rx.fragment(" · ", rx.el.a(v.phone, href=v.phone_href))),
        ),
        rx.el.p(v.when, rx.el.br(), v.practitioner, " · ", v.service, " · ", v.place),
        rx.el.p(status_pill(_, v.status, staff=True), " ", will_come_tag(_, v.will_come), " ",
                video_tag(_, v.is_video), " ",
                rx.el.span(v.reference, class_name="reference")),
        error_summary(_, state.problem),
        rx.cond(
            v.email,
            rx.el.p(icon("mail"), " ", link(v.email, href=v.email_href, full=True)),
            rx.el.p(_("No e-mail address: please tell them by phone."), class_name="meta"),
        ),
        rx.cond(Frame.role == "staff", _ways_on(_, state)),
        actions=[],
        open_when=state.panel_open,
        on_dismiss=state.close_visit,
        dismiss_label=_("Close"),
    )  # fmt: skip


def _ways_on(_: Translator, state: type[VisitAtDesk]) -> rx.Component:
    v = state.panel
    return rx.fragment(
        rx.el.div(
            rx.foreach(
                v.steps,
                lambda step: button(
                    step.label,
                    kind="small",
                    on_click=state.step(v.key, step.target, v.version),
                    key=step.target,
                ),
            ),
            class_name="row",
        ),
        rx.cond(v.changeable, _changes(_, state)),
        link(_("Book somebody else at this time…"), href=v.again),
        link(_("What they were told…"), href=v.told),
        link(_("How we reach them…"), href=v.reach),
        rx.cond(v.next_visit, link(_("Come again…"), href=v.next_visit)),
    )


def _changes(_: Translator, state: type[VisitAtDesk]) -> rx.Component:
    v = state.panel
    return rx.el.div(
        disclosure(
            _("Move…"),
            form(
                rx.el.div(
                    text_field(_, "day", _("Date"), kind="date", default_value=v.day, key=v.day),
                    text_field(_, "time", _("Time"), kind="time", default_value=v.time, key=v.time),
                    class_name="fields-row",
                ),
                rx.el.p(_("The patient is told at once."), class_name="hint"),
                button(_("Move the visit"), submit=True),
                on_submit=state.reschedule,
            ),
        ),
        disclosure(
            _("Cancel…"),
            form(
                text_field(_, "reason", _("The reason, for the patient"), max_length=300),
                button(_("Cancel this visit"), kind="danger", submit=True),
                on_submit=state.cancel,
                reset_on_submit=True,
            ),
        ),
        class_name="desk__more",
    )
