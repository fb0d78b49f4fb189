"""Visits that are booked while the clinic is closed: a list to work through."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.appointments import service as appointments
from medibook.appointments.schemas import ClosedVisit
from medibook.kernel.actor import admin, staff
from medibook.ui.app_state import AppState
from medibook.ui.components import (
    Column,
    back_link,
    empty_state,
    error_summary,
    link,
    skeleton,
    status_line,
    table,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedLine:
    """A visit in the list."""

    key: str
    when: str
    patient: str
    phone: str
    practitioner: str
    place: str
    why: str


class VisitsOnClosedDays(AppState, rx.State):
    """The list."""

    ready: bool = False
    lines: list[ClosedLine] = []
    found: str = ""

    @rx.event
    @allow(admin | staff)
    async def load(self) -> None:
        """Show what falls on closed days."""
        self._follow("admin")
        await self._show()
        self.ready = True

    @rx.event
    @allow(admin | staff)
    async def refresh(self) -> None:
        """A closure came or went."""
        await self._show()

    async def _show(self) -> None:
        _ = self._words()
        visits = await self._perform(appointments.visits_on_closed_days)
        self.lines = [closed_line(_, visit) for visit in visits]
        self.found = _.plural("{count} visit", "{count} visits", len(visits)) if visits else ""


def closed_line(_: Translator, found: ClosedVisit) -> ClosedLine:
    """A visit, its words made."""
    visit = found.row.visit
    return ClosedLine(
        key=str(visit.appointment_id),
        when=_.moment(visit.starts_at, ZoneInfo(visit.zone)),
        patient=visit.patient_name,
        phone=found.row.patient_phone,
        practitioner=visit.practitioner_name,
        place=visit.location_name,
        why=found.closed_for or _("The location is retired"),
    )


@page("/admin/closed-days", title=N_("Visits on closed days"), on_load=[VisitsOnClosedDays.load])
def closed_days(_: Translator) -> rx.Component:
    """The page of visits that somebody has to move or cancel."""
    lines = VisitsOnClosedDays.lines
    return rx.el.div(
        back_link(_("All locations"), href=_.href("/admin/places/")),
        rx.el.header(
            rx.el.h1(_("Visits on closed days")),
            rx.el.p(
                _("Nobody is sent away without being asked: call, then move or cancel each visit."),
                class_name="lead",
            ),
            status_line(VisitsOnClosedDays.found),
            class_name="page-head",
        ),
        error_summary(_, VisitsOnClosedDays.problem),
        rx.cond(
            VisitsOnClosedDays.ready,
            rx.cond(
                lines.length() > 0,
                _table(_),
                empty_state(_("All clear. No visit falls on a closed day."), icon_name="check"),
            ),
            skeleton(_, kind="rows", rows=4),
        ),
        class_name="stack",
    )


def _table(_: Translator) -> rx.Component:
    return table(
        _("Visits by date"),
        [
            Column(label=_("When"), draw=lambda row: row.when, header=True),
            Column(label=_("Patient"), draw=lambda row: rx.el.bdi(row.patient)),
            Column(
                label=_("Phone number"),
                draw=lambda row: link(row.phone, href="tel:" + row.phone.to(str), full=True),
            ),
            Column(label=_("Doctor"), draw=lambda row: rx.el.bdi(row.practitioner)),
            Column(label=_("Location"), draw=lambda row: row.place),
            Column(label=_("Closed for"), draw=lambda row: row.why),
        ],
        VisitsOnClosedDays.lines,
    )
