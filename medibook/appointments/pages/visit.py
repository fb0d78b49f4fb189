"""One visit: the appointment card (on screen and on paper), moving it, cancelling it."""

from uuid import UUID

import reflex as rx

from medibook.appointments import service as appointments
from medibook.appointments.pages.offers import offers_block
from medibook.appointments.pages.series_views import SeriesView, series_line, series_view
from medibook.appointments.pages.visit_words import VisitView, visit_view
from medibook.appointments.pages.whom import for_banner
from medibook.kernel.actor import patient
from medibook.kernel.application import current
from medibook.kernel.errors import NotFound
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    appointment_card,
    back_link,
    banner,
    button,
    card,
    dialog,
    dialog_button,
    empty_state,
    error_summary,
    form,
    icon,
    link,
    link_button,
    panel,
    skeleton,
    status_pill,
    textarea,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


class Visit(AppState, rx.State):
    """The visit that the address names."""

    ready: bool = False
    gone: bool = False
    fresh: str = ""  # booked | requested | moved | cancelled: what has just been done
    visit: VisitView = VisitView()
    move_href: str = ""
    earlier_href: str = ""
    series: SeriesView = SeriesView()

    @rx.event
    @allow(patient)
    async def load(self) -> None:
        """Show the visit."""
        self.ready = self.gone = False
        self.fresh = {"1": "booked", "moved": "moved"}.get(self._query("new"), "")
        await self._show()
        self.ready = True

    @rx.event
    @allow(patient)
    async def refresh(self) -> None:
        """The visit was answered, moved or cancelled elsewhere."""
        before = self.visit
        await self._show()
        if (self.visit.status, self.visit.when) != (before.status, before.when):
            self.fresh = ""

    async def _show(self) -> None:
        try:
            visit_id = UUID(self._query("id"))
            found = await self._perform(appointments.visit, appointment_id=visit_id)
        except (ValueError, NotFound):
            self.gone = True
            self._follow()  # whose visit it was is no longer this reader's to hear of
            return
        self._follow(f"patient:{found.patient_id}")
        me = self._actor().patient_id
        self.visit = visit_view(self._words(), found, current().clock.now(), me=me)
        self.move_href = self._words().href(f"/visit/move/?id={visit_id}")
        self.earlier_href = self._words().href(f"/waitlist/join/?visit={visit_id}")
        place = await self._perform(appointments.series_of_visit, appointment_id=visit_id)
        self.series = series_view(self._words(), place, str(visit_id))
        if self.fresh == "booked" and self.visit.status == "pending":
            self.fresh = "requested"

    @rx.event
    @allow(patient)
    async def take(self, key: str, offer: str) -> None:
        """Take one of the offered times: one tap, and it is booked."""
        try:
            await self._perform(
                appointments.take_offered_time,
                appointment_id=claimed_id(key),
                offer_id=claimed_id(offer),
            )
        finally:
            await self._show()
        self.fresh = "booked"

    @rx.event
    @allow(patient)
    async def decline(self, form_data: dict[str, str]) -> None:
        """Want none of the offered times."""
        await self._perform(
            appointments.decline_offers,
            appointment_id=claimed_id(form_data.get("visit")),
            reason=str(form_data.get("why_none", ""))[:300],
        )
        await self._show()
        self.fresh = "declined"

    @rx.event
    @allow(patient)
    async def cancel(self, form_data: dict[str, str]) -> None:
        """Cancel the visit; a reason may be given and need not be."""
        await self._perform(
            appointments.cancel_appointment,
            appointment_id=claimed_id(self.visit.key),
            reason=str(form_data.get("cancel_reason", ""))[:300],
        )
        await self._show()
        self.fresh = "cancelled"


@page(
    "/visit",
    title=N_("Your visit"),
    description=N_("When, where and with whom; move it, cancel it, print it."),
    on_load=[Visit.load],
)
def visit(_: Translator) -> rx.Component:
    """The page of one visit."""
    return rx.el.div(
        back_link(_("Your visits"), href=_.href("/visits/")),
        error_summary(_, Visit.problem),
        rx.cond(~Visit.gone, for_banner(Visit.visit.for_line)),
        rx.cond(
            Visit.gone,
            rx.fragment(
                rx.el.h1(_("Your visit")),
                empty_state(
                    _("We could not find this visit in your account."),
                    link_button(_("Your visits"), href=_.href("/visits/")),
                    icon_name="search",
                ),
            ),
            rx.cond(
                Visit.ready,
                rx.fragment(
                    _heading(_),
                    offers_block(_, Visit.visit, take=Visit.take, decline=Visit.decline),
                    _ticket(_),
                    series_line(_, Visit.series),
                    _ways_on(_),
                ),
                rx.cond(Visit.problem == "", card(skeleton(_, kind="lines", rows=6))),
            ),
        ),
        class_name="stack narrow",
    )


def _heading(_: Translator) -> rx.Component:
    v = Visit.visit
    done = {
        "booked": (_("Booked: "), _("We have written to you. See you then.")),
        "requested": (_("Request sent: "), _("The time is kept for you until the doctor answers.")),
        "moved": (_("Moved to: "), _("The old time is free again. We have written to you.")),
    }
    panels = [
        (name, panel(rx.fragment(title, v.long_when), rx.el.p(words)))
        for name, (title, words) in done.items()
    ]
    cancelled = rx.fragment(
        rx.el.h1(_("Your visit")),
        banner(rx.el.p(_("Your visit is cancelled.")), tone="leaf", heard=True),
    )
    declined = rx.fragment(
        rx.el.h1(_("Your visit")),
        banner(
            rx.el.p(_("All offered times are given back, and nothing is booked.")),
            tone="leaf",
            heard=True,
        ),
    )
    return rx.match(
        Visit.fresh,
        *panels,
        ("cancelled", cancelled),
        ("declined", declined),
        rx.el.h1(_("Your visit")),
    )


def _ticket(_: Translator) -> rx.Component:
    v = Visit.visit
    return appointment_card(
        rx.el.p(v.long_when, class_name="ticket__when"),
        rx.el.p(v.zone, class_name="meta"),
        rx.el.p(link(v.practitioner, href=v.practitioner_href, class_name="name")),
        rx.el.p(v.service, class_name="meta"),
        rx.el.p(v.place, rx.el.br(), v.address),
        rx.el.p(_("Fee:"), " ", v.fee),
        rx.cond(v.reason, rx.el.p(_("You wrote:"), " ", v.reason, class_name="meta noprint")),
        stub=[
            status_pill(_, v.status),
            rx.el.p(
                _("Reference"), rx.el.br(), rx.el.strong(v.reference, class_name="reference"),
            ),
            rx.cond(v.note, rx.el.p(v.note, class_name="small")),
        ],
    )  # fmt: skip


def _ways_on(_: Translator) -> rx.Component:
    v = Visit.visit
    changeable = rx.fragment(
        rx.el.p(v.rule),
        rx.el.div(
            link_button(_("Move"), href=Visit.move_href, icon_name="calendar-days"),
            dialog_button(_("Cancel this visit"), opens="cancel", kind="danger"),
            link(
                icon("download"),
                _("Add to calendar"),
                href=v.calendar,
                full=True,
                class_name="button",
                download=True,
            ),
            link_button(
                _("Tell me of an earlier time"), href=Visit.earlier_href, icon_name="hourglass"
            ),
            rx.el.button(
                icon("printer"),
                _("Print"),
                type="button",
                class_name="button",
                data_print="true",
            ),
            class_name="row",
        ),
        _cancel_dialog(_),
    )
    over = rx.el.div(
        link_button(_("Book again"), href=v.again, kind="primary"),
        rx.el.p(_("Questions?"), " ", rx.el.a(Frame.phone, href=Frame.phone_href)),
        class_name="row",
    )
    otherwise = rx.cond(v.offers_said.title, rx.fragment(), over)
    return rx.el.div(rx.cond(v.changeable, changeable, otherwise), class_name="stack noprint")


def _cancel_dialog(_: Translator) -> rx.Component:
    v = Visit.visit
    return dialog(
        _, "cancel", _("Cancel this visit?"),
        rx.el.p(v.long_when, " · ", v.practitioner),
        rx.el.p(v.rule, class_name="meta"),
        rx.el.p(link(_("Move it to another time instead"), href=Visit.move_href)),
        rx.cond(
            Visit.series.cancel_href,
            rx.el.p(
                link(_("Cancel the following visits of the series too"),
                     href=Visit.series.cancel_href),
            ),
        ),
        form(
            textarea(
                _, "cancel_reason", _("Why?"), optional=True, max_length=300,
                hint=_("The clinic will read this."),
            ),
            id="cancel-form",
            on_submit=Visit.cancel,
        ),
        actions=[
            button(
                _("Yes, cancel it"), kind="danger-solid", submit=True, form="cancel-form",
                data_dialog_close="true",
            ),
        ],
        dismiss_label=_("Keep it"),
    )  # fmt: skip
