"""Requests that await the practitioner's answer: accept, or decline with a reason; live."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.appointments import service as appointments
from medibook.appointments.schemas import DayRow
from medibook.kernel.actor import Role, practitioner
from medibook.kernel.application import current
from medibook.kernel.errors import Conflict
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    button,
    disclosure,
    empty_state,
    error_summary,
    form,
    skeleton,
    status_line,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import count_waiting, page

count_waiting(
    Role.PRACTITIONER,
    appointments.count_requests,
    topic=lambda actor: f"practitioner:{actor.practitioner_id}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request as its practitioner reads it."""

    key: str
    when: str
    zone: str
    patient: str
    born: str
    phone: str
    phone_href: str
    service: str
    place: str
    reason: str
    answer_by: str


class Requests(AppState, rx.State):
    """The open requests of the practitioner who reads, the most urgent first."""

    ready: bool = False
    requests: list[RequestView] = []
    said: str = ""

    @rx.event
    @allow(practitioner)
    async def load(self) -> None:
        """Show what awaits an answer."""
        self.said = ""
        await self._show()
        self._follow(f"practitioner:{self._actor().practitioner_id}")
        self.ready = True

    @rx.event
    @allow(practitioner)
    async def refresh(self) -> None:
        """A request came, was taken back, or lapsed."""
        await self._show()

    async def _show(self) -> None:
        _ = self._words()
        self.requests = [_view(_, row) for row in await self._perform(appointments.requests)]

    @rx.event
    @allow(practitioner)
    async def accept(self, key: str) -> None:
        """Accept a request; its time has been kept meanwhile."""
        await self._answer(
            self._perform(appointments.accept_request, appointment_id=claimed_id(key))
        )
        self.said = self._words()(N_("Accepted. We have written to the patient."))

    @rx.event
    @allow(practitioner)
    async def decline(self, form_data: dict[str, str]) -> None:
        """Decline a request with a reason that the patient reads."""
        await self._answer(
            self._perform(
                appointments.decline_request,
                appointment_id=claimed_id(form_data.get("request")),
                reason=str(form_data.get("reason", ""))[:300],
            )
        )
        self.said = self._words()(N_("Declined. We have written to the patient."))

    async def _answer(self, answer: Awaitable[object]) -> None:
        """Give an answer; when it was given elsewhere meanwhile, show that before saying so."""
        self.said = ""
        try:
            await answer
        except Conflict:
            await self._show()
            raise
        await self._show()


def _view(_: Translator, row: DayRow) -> RequestView:
    visit, zone = row.visit, ZoneInfo(row.visit.zone)
    by = visit.lapses_at
    return RequestView(
        key=str(visit.appointment_id),
        when=_.long_moment(visit.starts_at, zone),
        zone=_("{city} time", city=_.zone_city(zone)),
        patient=visit.patient_name,
        born=_("born {day}", day=_.numeric_date(date.fromisoformat(row.patient_birth_date))),
        phone=row.patient_phone,
        phone_href=f"tel:{row.patient_phone}",
        service=_(visit.service_name),
        place=visit.location_name,
        reason=visit.reason,
        answer_by=_("Lapses {when}", when=_.relative(by, current().clock.now())) if by else "",
    )


@page(
    "/requests",
    title=N_("Requests"),
    description=N_("Visits that patients have asked for."),
    on_load=[Requests.load],
)
def requests(_: Translator) -> rx.Component:
    """The list of requests."""
    return rx.el.div(
        rx.el.header(rx.el.h1(_("Requests")), class_name="page-head"),
        error_summary(_, Requests.problem),
        status_line(Requests.said),
        rx.cond(
            Requests.ready,
            rx.cond(
                Requests.requests.length() > 0,
                rx.el.ul(
                    rx.foreach(Requests.requests, lambda one: _card(_, one)), class_name="cards"
                ),
                empty_state(_("All clear. No request is waiting."), icon_name="check"),
            ),
            skeleton(_, kind="rows", rows=2),
        ),
        class_name="stack",
    )


def _card(_: Translator, one: rx.Var[RequestView]) -> rx.Component:
    return rx.el.li(
        rx.el.article(
            rx.el.h2(one.when, class_name="name"),
            rx.el.p(one.zone, " · ", one.place, " · ", one.service, class_name="meta"),
            rx.el.p(rx.el.strong(one.patient), ", ", one.born, " · ",
                    rx.el.a(one.phone, href=one.phone_href)),
            rx.cond(one.reason, rx.el.p(_("Reason:"), " ", one.reason)),
            rx.el.p(one.answer_by, class_name="small"),
            button(
                rx.fragment(_("Accept"), rx.el.span(" ", one.patient, class_name="unheard")),
                kind="primary", on_click=Requests.accept(one.key),
            ),
            disclosure(
                _("Decline…"),
                form(
                    rx.el.input(type="hidden", name="request", value=one.key, read_only=True),
                    rx.el.label(
                        rx.el.span(_("The reason, for the patient")),
                        rx.el.textarea(name="reason", max_length=300, class_name="input"),
                        class_name="field",
                    ),
                    button(_("Decline"), kind="danger", submit=True),
                    on_submit=Requests.decline,
                ),
            ),
            class_name="card stack stack--tight",
        ),
        key=one.key,
    )  # fmt: skip
