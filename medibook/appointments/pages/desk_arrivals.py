"""Arrivals: who is here and for how long, who is due; one touch for each step; live."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from medibook.appointments import service as appointments
from medibook.appointments.pages.desk_panel import VisitAtDesk, visit_panel
from medibook.appointments.pages.video_tag import video_tag
from medibook.appointments.pages.will_come import will_come, will_come_tag
from medibook.appointments.schemas import AppointmentStatus, DayRow
from medibook.kernel.actor import admin, staff
from medibook.kernel.application import current
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    Option,
    button,
    empty_state,
    error_summary,
    select,
    skeleton,
    status_line,
    status_pill,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

_MINUTE = timedelta(minutes=1)
EVERYWHERE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalView:
    """Somebody who is here or due; ``to_step`` is the one touch that comes next."""

    key: str
    time: str
    patient: str
    born: str
    note: str
    is_video: bool
    status: str
    will_come: bool
    waited: str = ""
    since: int = 0
    to_step: str = ""
    step_label: str = ""
    late: bool = False
    version: int = 1


_NEXT = {
    AppointmentStatus.BOOKED: (AppointmentStatus.ARRIVED, N_("Arrived")),
    AppointmentStatus.ARRIVED: (AppointmentStatus.CHECKED_IN, N_("Ready")),
    AppointmentStatus.CHECKED_IN: (AppointmentStatus.FULFILLED, N_("Done")),
}


class DeskArrivals(VisitAtDesk, rx.State):
    """Today, at the place that the address names."""

    ready: bool = False
    place: str = ""
    places: list[Option] = []
    here: list[ArrivalView] = []
    due: list[ArrivalView] = []
    summary: str = ""

    @rx.event
    @allow(staff | admin)
    async def load(self) -> None:
        """Show who is here and who is due."""
        self.said, self.place = "", self._query("at")
        self._close()
        await self._show()
        self._follow("desk")
        self.ready = True

    @rx.event
    @allow(staff | admin)
    async def refresh(self) -> None:
        """Somebody has come or gone in, or a visit was booked, moved or cancelled."""
        await self._show()

    @rx.event
    @allow(staff | admin)
    async def choose_place(self, key: str) -> EventSpec:
        """Show another place."""
        return rx.redirect(self._words().href(f"/desk/arrivals/?{urlencode({'at': key})}"))

    async def _show(self) -> None:
        _, now = self._words(), current().clock.now()
        place = claimed_id(self.place) if self.place else None
        found = await self._perform(appointments.arrivals, location_id=place)
        self.here = [_view(_, w.row, now, since=w.since) for w in found.waiting]
        self.due = [_view(_, row, now) for row in found.due]
        self.places = [
            Option(value=EVERYWHERE, label=_("All places")),
            *[Option(value=str(p.location_id), label=p.name) for p in found.places],
        ]
        waiting = _.plural("{count} person waiting", "{count} people waiting", len(self.here))
        self.summary = f"{waiting} · {_('{count} still due', count=len(self.due))}"
        await self._renew_panel()


def _view(
    _: Translator, row: DayRow, now: datetime, *, since: datetime | None = None
) -> ArrivalView:
    visit, zone = row.visit, ZoneInfo(row.visit.zone)
    waited = max((now - since) // _MINUTE, 0) if since else 0
    step = _NEXT.get(visit.status)
    may = step is not None and step[0] in row.next_steps
    return ArrivalView(
        key=str(visit.appointment_id),
        time=_.time(visit.starts_at, zone),
        patient=visit.patient_name,
        born=_("born {day}", day=_.numeric_date(date.fromisoformat(row.patient_birth_date))),
        note=f"{visit.practitioner_name} · {_(visit.service_name)}",
        is_video=visit.is_video,
        status=str(visit.status),
        will_come=will_come(visit),
        waited=_("waiting {minutes} min", minutes=waited) if since else "",
        to_step=str(step[0]) if step and may else "",
        step_label=_(step[1]) if step and may else "",
        late=since is None and visit.starts_at < now,
        version=visit.version,
    )


@page(
    "/desk/arrivals",
    title=N_("Arrivals"),
    description=N_("Who is here, who is due."),
    on_load=[DeskArrivals.load],
)
def desk_arrivals(_: Translator) -> rx.Component:
    """The board of arrivals."""
    return rx.el.div(
        rx.el.header(
            rx.el.div(
                rx.el.h1(_("Arrivals")),
                rx.el.p(DeskArrivals.summary, class_name="lead"),
                class_name="stack stack--tight",
            ),
            _other_place(_),
            class_name="row row--between",
        ),
        error_summary(_, DeskArrivals.problem),
        status_line(DeskArrivals.said),
        rx.cond(
            DeskArrivals.ready,
            rx.el.div(
                _list(
                    _, DeskArrivals.here, _("Here"), _("Nobody is waiting."), icon_name="armchair"
                ),
                _list(
                    _, DeskArrivals.due, _("Due today"), _("Nobody else is due today."),
                    icon_name="calendar-days",
                ),
                class_name="columns columns--even",
            ),
            skeleton(_, kind="rows", rows=4),
        ),
        visit_panel(_, DeskArrivals),
        class_name="stack",
    )  # fmt: skip


def _other_place(_: Translator) -> rx.Component:
    return rx.el.div(
        select(
            _, "place", _("Place"), DeskArrivals.places, value=DeskArrivals.place,
            on_change=DeskArrivals.choose_place, required=False,
        ),
        class_name="desk__bar noprint",
    )  # fmt: skip


def _list(
    _: Translator,
    rows: rx.Var[list[ArrivalView]],
    title: str,
    nobody: str,
    *,
    icon_name: str,
) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title),
        rx.cond(
            rows.length() > 0,
            rx.el.ul(rx.foreach(rows, lambda one: _row(_, one)), class_name="arrivals"),
            empty_state(nobody, icon_name=icon_name),
        ),
        class_name="stack",
    )


def _row(_: Translator, one: rx.Var[ArrivalView]) -> rx.Component:
    step = button(
        rx.fragment(one.step_label, rx.el.span(" · ", one.patient, class_name="unheard")),
        kind="primary",
        on_click=DeskArrivals.step(one.key, one.to_step, one.version),
    )
    return rx.el.li(
        rx.el.span(one.time, class_name="arrivals__time"),
        rx.el.div(
            rx.el.strong(one.patient),
            rx.el.span(one.born, " · ", one.note, class_name="meta small"),
            rx.el.span(
                status_pill(_, one.status, staff=True),
                " ",
                will_come_tag(_, one.will_come),
                " ",
                video_tag(_, one.is_video),
                rx.cond(one.waited, rx.el.span(" ", one.waited)),
                rx.cond(one.late, rx.el.span(" ", _("late"), class_name="meta")),
            ),
            class_name="arrivals__who",
        ),
        rx.el.div(
            rx.cond((Frame.role == "staff") & (one.to_step != ""), step),
            button(
                rx.fragment(_("More"), rx.el.span(" · ", one.patient, class_name="unheard")),
                kind="plain",
                on_click=DeskArrivals.open_visit(one.key),
                aria_haspopup="dialog",
            ),
            class_name="row",
        ),
        key=one.key,
    )
