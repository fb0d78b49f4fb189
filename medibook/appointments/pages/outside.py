"""Visits that lie outside the hours: one by one, keep, move or cancel."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.appointments import service as appointments
from medibook.appointments.schemas import DayRow
from medibook.kernel.actor import Role, practitioner, staff
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    back_link,
    button,
    card,
    disclosure,
    empty_state,
    error_summary,
    form,
    link,
    skeleton,
    status_line,
)
from medibook.ui.components import field as text_field
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideLine:
    """A visit that lies outside the hours."""

    key: str
    when: str
    patient: str
    phone: str
    service: str
    place_to_move: str
    version: int


class Outside(AppState, rx.State):
    """What is to be worked through after hours have changed."""

    ready: bool = False
    lines: list[OutsideLine] = []
    said: str = ""

    @rx.event
    @allow(practitioner | staff)
    async def load(self) -> None:
        """Show the visits."""
        self.said = ""
        await self._show()
        if (own_id := self._actor().practitioner_id) is not None:
            self._follow(f"practitioner:{own_id}")
        self.ready = True

    @rx.event
    @allow(practitioner | staff)
    async def refresh(self) -> None:
        """A visit was moved or cancelled, or the hours have changed."""
        await self._show()

    async def _show(self) -> None:
        is_staff = self._actor().role is Role.STAFF
        whose = claimed_id(self._query("whose")) if is_staff else None
        found = await self._perform(appointments.visits_outside_hours, whose=whose)
        where = "/desk/" if is_staff else "/calendar/"
        self.lines = [_line(self._words(), row, where) for row in found]

    @rx.event
    @allow(practitioner | staff)
    async def keep(self, key: str, version: int) -> None:
        """See the patient at that time all the same."""
        await self._perform(
            appointments.keep_outside_hours, appointment_id=claimed_id(key), version=version
        )
        await self._show()
        self.said = self._words()(N_("Kept. The patient need not be told."))

    @rx.event
    @allow(practitioner | staff)
    async def cancel(self, form_data: dict[str, str]) -> None:
        """Cancel a visit, with a reason that the patient reads."""
        await self._perform(
            appointments.cancel_appointment,
            appointment_id=claimed_id(str(form_data.get("key", ""))),
            reason=str(form_data.get("reason", "")),
        )
        await self._show()
        self.said = self._words()(N_("Cancelled. We have written to the patient."))


def _line(_: Translator, row: DayRow, where: str) -> OutsideLine:
    visit = row.visit
    day = visit.starts_at.astimezone(ZoneInfo(visit.zone)).date()
    return OutsideLine(
        key=str(visit.appointment_id),
        when=_.moment(visit.starts_at, ZoneInfo(visit.zone)),
        patient=visit.patient_name,
        phone=row.patient_phone,
        service=_(visit.service_name),
        place_to_move=_.href(f"{where}?on={day}"),
        version=visit.version,
    )


@page(
    "/outside",
    title=N_("Visits outside the hours"),
    description=N_("Booked visits at which nobody would be there."),
    on_load=[Outside.load],
)
def outside(_: Translator) -> rx.Component:
    """The list to work through after hours have changed."""
    return rx.el.div(
        rx.el.header(
            back_link(_("Opening hours"), href=_.href("/hours/")),
            rx.el.h1(_("Visits outside the hours")),
            rx.el.p(
                _("Nothing was cancelled by itself. Keep each visit, move it in the calendar, or "
                  "cancel it: the patient is told."),
                class_name="lead",
            ),
            class_name="page-head",
        ),
        error_summary(_, Outside.problem),
        status_line(Outside.said),
        rx.cond(
            Outside.ready,
            rx.cond(
                Outside.lines.length() > 0,
                rx.el.ul(rx.foreach(Outside.lines, lambda line: _row(_, line)), class_name="cards"),
                empty_state(
                    _("All visits lie inside the hours."), icon_name="circle-check"
                ),
            ),
            skeleton(_),
        ),
        class_name="stack",
    )  # fmt: skip


def _row(_: Translator, line: rx.Var[OutsideLine]) -> rx.Component:
    return rx.el.li(
        card(
            rx.el.h2(line.when),
            rx.el.p(rx.el.bdi(line.patient), " · ", line.service, class_name="meta"),
            rx.cond(line.phone, rx.el.p(line.phone, class_name="meta")),
            rx.el.div(
                button(
                    rx.fragment(_("Keep it"), rx.el.span(" ", line.when, class_name="unheard")),
                    on_click=Outside.keep(line.key, line.version),
                ),
                link(_("Move it in the calendar"), href=line.place_to_move, class_name="button"),
                class_name="row",
            ),
            disclosure(
                _("Cancel it…"),
                form(
                    rx.el.input(type="hidden", name="key", value=line.key, read_only=True),
                    text_field(_, "reason", _("The reason, for the patient"), max_length=300),
                    button(_("Cancel the visit"), kind="danger", submit=True),
                    on_submit=Outside.cancel,
                ),
            ),
        ),
        key=line.key,
    )
