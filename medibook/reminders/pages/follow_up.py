"""After a visit: when the patient should come again, and how that stands; one form, one tap to undo."""

from zoneinfo import ZoneInfo

import reflex as rx

from medibook.appointments.pages.told import Line, line
from medibook.kernel.actor import Role, practitioner, staff
from medibook.kernel.errors import Invalid
from medibook.notifications.pages.ledger_words import ledger_columns
from medibook.people.pages.account_fields import typed
from medibook.reminders import service as reminders
from medibook.reminders.pages.words import NextView, next_view, spans
from medibook.reminders.schemas import FollowUpSheet, NewFollowUp, Span
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_choice, claimed_id
from medibook.ui.components import (
    Option,
    back_link,
    banner,
    button,
    card,
    error_summary,
    field,
    form,
    link,
    select,
    skeleton,
    status_line,
    table,
    tag,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

PATH = "/follow-up"


class NextVisit(AppState, rx.State):
    """What is planned after the visit that the address names."""

    ready: bool = False
    patient: str = ""
    about: str = ""
    back: str = ""
    may_set: bool = False
    services: list[Option] = []
    service: str = ""
    planned: list[NextView] = []
    told: list[Line] = []
    said: str = ""
    round: int = 0
    _visit: str = ""

    @rx.event
    @allow(practitioner | staff)
    async def load(self) -> None:
        """Show the visit and what is planned."""
        self.ready, self.said = False, ""
        self.patient, self.planned, self.told = "", [], []
        self._visit = self._query("visit")
        await self._show()
        self._follow("follow-ups", "promises")
        self.ready = True

    @rx.event
    @allow(practitioner | staff)
    async def refresh(self) -> None:
        """A visit was booked, or a colleague has planned something."""
        await self._show()

    @rx.event
    @allow(practitioner | staff)
    async def plan(self, form_data: dict[str, str]) -> None:
        """Plan when the patient is asked to book again."""
        self.said = ""
        number = typed(form_data, "number", longest=4).strip()
        if not number.isdecimal() or not number.isascii():
            raise Invalid({"number": N_("Say a number from 1 on; two years at most.")})
        new = NewFollowUp(
            number=int(number),
            span=claimed_choice(Span, typed(form_data, "span")),
            service_id=claimed_id(typed(form_data, "service")),
        )
        set_one = reminders.set_follow_up
        made = await self._perform(set_one, appointment_id=claimed_id(self._visit), new=new)
        _ = self._words()
        self.said = _("Planned: on {day} we ask to book the next visit.", day=_.date(made.due_on))
        self.round += 1
        await self._show()

    @rx.event
    @allow(practitioner | staff)
    async def take_back(self, key: str) -> None:
        """Ask nobody after all."""
        await self._perform(reminders.take_follow_up_back, follow_up_id=claimed_id(key))
        await self._show()
        self.said = self._words()(N_("Taken back. Nobody is asked."))

    @rx.event
    @allow(practitioner | staff)
    async def restore(self, key: str) -> None:
        """Undo that it was taken back."""
        await self._perform(reminders.restore_follow_up, follow_up_id=claimed_id(key))
        await self._show()
        self.said = self._words()(N_("It is planned again."))

    async def _show(self) -> None:
        wanted = claimed_id(self._visit)
        sheet = await self._perform(reminders.follow_up_sheet, appointment_id=wanted)
        _, visit = self._words(), sheet.visit
        zone = ZoneInfo(visit.zone)
        self.patient = visit.patient_name
        self.about = f"{_.long_moment(visit.starts_at, zone)} · {visit.practitioner_name}"
        day = visit.starts_at.astimezone(zone).date()
        is_own = self._actor().role is Role.PRACTITIONER
        self.back = _.href(f"/{'day' if is_own else 'desk'}/?on={day}")
        self.may_set = sheet.may_set
        self._offer_services(_, sheet)
        self.planned = [next_view(_, each) for each in sheet.follow_ups]
        self.told = [line(_, each, zone) for each in sheet.told]

    def _offer_services(self, _: Translator, sheet: FollowUpSheet) -> None:
        self.services = [
            Option(value=str(one.service_id), label=_(one.name)) for one in sheet.services
        ]
        same = str(sheet.visit.service_id)
        offered = {one.value for one in self.services}
        self.service = same if same in offered else next(iter(offered), "")


@page(
    PATH,
    title=N_("Come again"),
    description=N_("When the patient is asked to book the next visit."),
    on_load=[NextVisit.load],
)
def follow_up(_: Translator) -> rx.Component:
    """The page of what follows a visit."""
    return rx.el.div(
        # There from the first moment, so that nothing below it jumps.
        back_link(_("Back to the day"), href=rx.cond(NextVisit.back, NextVisit.back, _.href("/"))),
        rx.el.h1(_("Come again")),
        error_summary(_, NextVisit.problem, NextVisit.problems),
        status_line(NextVisit.said),
        rx.cond(
            NextVisit.ready,
            rx.fragment(
                rx.el.p(rx.el.bdi(NextVisit.patient), " · ", NextVisit.about, class_name="lead"),
                rx.cond(
                    NextVisit.may_set,
                    _form(_),
                    banner(rx.el.p(_("A next visit is planned during a visit or after it."))),
                ),
                _planned(_),
                _told(_),
                rx.el.p(link(_("All follow-ups"), href=_.href("/follow-ups/"))),
            ),
            rx.cond(Frame.signed_in & (NextVisit.problem == ""), skeleton(_, kind="lines")),
        ),
        class_name="stack narrow",
    )


def _form(_: Translator) -> rx.Component:
    wrong = NextVisit.problems
    return card(
        form(
            rx.el.div(
                field(
                    _, "number", _("Come again in"), width="tiny", input_mode="numeric", default_value="6",
                    max_length=3, error=wrong["number"], auto_complete="off",
                ),
                select(_, "span", _("Days, weeks or months"), spans(_), default_value=Span.MONTHS.value),
                class_name="fields-row",
            ),
            select(
                _, "service", _("For"), NextVisit.services, default_value=NextVisit.service,
                error=wrong["service"],
            ),
            rx.el.p(
                _(
                    "Counted from the day of the visit. On that morning the patient, or who books "
                    "for them, gets one message with the way to book. Who has booked such a visit near that "
                    "day, or after it, gets none; a visit that comes much earlier changes nothing."
                ),
                class_name="hint",
            ),
            button(_("Plan it"), kind="primary", submit=True, icon_name="calendar-clock"),
            on_submit=NextVisit.plan,
            key=NextVisit.round.to_string(),
        ),
    )  # fmt: skip


def _planned(_: Translator) -> rx.Component:
    def one(row: rx.Var[NextView]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.div(
                    rx.el.h3(row.due, class_name="name"),
                    rx.el.p(row.whom, class_name="meta"),
                    rx.cond(row.why, rx.el.p(row.why, class_name="small")),
                    class_name="person__text",
                ),
                rx.el.div(tag(row.state, tone=row.tone), _ways(_, row), class_name="row"),
                class_name="card row row--between",
            ),
            key=row.key,
        )

    return rx.cond(
        NextVisit.planned.length() > 0,
        rx.el.section(
            rx.el.h2(_("What was planned for this patient")),
            rx.el.ul(rx.foreach(NextVisit.planned, one), class_name="cards"),
            class_name="stack",
        ),
    )


def _ways(_: Translator, row: rx.Var[NextView]) -> rx.Component:
    what = rx.el.span(" · ", row.due, class_name="unheard")
    back = button(
        rx.fragment(_("Take it back"), what), kind="small", on_click=NextVisit.take_back(row.key)
    )
    again = button(rx.fragment(_("Undo"), what), kind="small", on_click=NextVisit.restore(row.key))
    return rx.cond(row.is_open, back, rx.cond(row.may_restore, again))


def _told(_: Translator) -> rx.Component:
    return rx.cond(
        NextVisit.told.length() > 0,
        table(
            _("Messages about the last of them"),
            ledger_columns(_),
            NextVisit.told,
        ),
    )
