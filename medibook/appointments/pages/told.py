"""What was promised about a visit: every message with its time, its way, and what became of it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.appointments import service as appointments
from medibook.kernel.actor import admin, practitioner, staff
from medibook.notifications.pages.ledger_words import (
    CHANNELS,
    STATES,
    TONES,
    ledger_columns,
    problem_words,
)
from medibook.notifications.schemas import LedgerLine
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    empty_state,
    error_summary,
    skeleton,
    table,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

PATH = "/desk/told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One promised message, its words made."""

    key: str
    reader: str
    by: str
    when: str
    state: str
    tone: str
    problem: str


class Told(AppState, rx.State):
    """The messages about one visit."""

    ready: bool = False
    patient: str = ""
    when: str = ""
    lines: list[Line] = []

    @rx.event
    @allow(practitioner | staff | admin)
    async def load(self) -> None:
        """Show what was promised about the visit of the address."""
        self.patient, self.lines = "", []
        await self._show()
        self._follow("promises")
        self.ready = True

    @rx.event
    @allow(practitioner | staff | admin)
    async def refresh(self) -> None:
        """A message has left."""
        await self._show()

    async def _show(self) -> None:
        visit, told = await self._perform(
            appointments.messages_of_visit, appointment_id=claimed_id(self._query("id"))
        )
        _, zone = self._words(), ZoneInfo(visit.zone)
        self.patient, self.when = visit.patient_name, _.moment(visit.starts_at, zone)
        self.lines = [line(_, each, zone) for each in told]


def line(_: Translator, one: LedgerLine, zone: ZoneInfo) -> Line:
    """One promised message, on the wall of the visit's place."""
    return Line(
        key=str(one.message_id),
        reader=one.to,
        by=_(CHANNELS[one.channel]),
        when=_.moment(one.settled_at or one.send_at, zone),
        state=_(STATES[one.state]),
        tone=TONES[one.state],
        problem=problem_words(_, one.problem) or "–",
    )


@page(PATH, title=N_("Messages about a visit"), on_load=[Told.load])
def told(_: Translator) -> rx.Component:
    """The page of everything that was promised about one visit."""
    return rx.el.div(
        rx.el.h1(_("Messages about a visit")),
        rx.el.p(rx.el.bdi(Told.patient), " · ", Told.when, class_name="lead"),
        error_summary(_, Told.problem),
        rx.cond(
            Told.ready,
            rx.cond(Told.lines.length() > 0, _table(_), _nothing(_)),
            rx.cond(Frame.signed_in & (Told.problem == ""), skeleton(_, kind="rows", rows=3)),
        ),
        class_name="stack",
    )


def _nothing(_: Translator) -> rx.Component:
    return empty_state(_("No message was promised about this visit."), icon_name="mail")


def _table(_: Translator) -> rx.Component:
    return table(
        _("In the order of their times"),
        ledger_columns(_),
        Told.lines,
    )
